"""The page's own code opens every kind of key file and signs what the server takes (S28, S30)."""

import base64
import gzip
import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from django.conf import settings

from members.pki.miniature.authority import Wish
from members.pki.miniature.key_files import (
    SIGNING_KEY_SCHEMES,
    encrypted_key,
    pfx,
    private_key_info,
)
from members.pki.refusals import ProofRefusedError
from members.pki.revocation import RevocationEvidence
from members.pki.verifier import Submission, Verifier
from tests.members.pki.world import NUMBER, PASSWORD

NODE = shutil.which("node")
OPENSSL = shutil.which("openssl")
DRIVER = Path(__file__).parent / "page" / "open_and_sign.mjs"
TEXT = '{"brn":"1248100998","purpose":"signup"}'
PFX_SCHEMES = ("3des", "seed-sha1", "pbes2-aes256-sha256")

pytestmark = pytest.mark.skipif(NODE is None, reason="no node on this machine")


class Lists:
    def __init__(self, world):
        self.world = world

    def evidence(self, certificate, issuer, at):
        return RevocationEvidence(lists=tuple(self.world.lists))


@pytest.fixture
def signing_page(trust, tmp_path):
    """Return a function that hands cases to the page's code and returns its answers."""
    policies = {"company": sorted(trust.accepted), "personal": sorted(trust.personal)}

    def ask(cases):
        ready = [
            {"password": PASSWORD, "text": TEXT, "policies": policies} | case for case in cases
        ]
        file = tmp_path / "cases.json"
        file.write_text(json.dumps(ready), "utf-8")
        command = [NODE, str(DRIVER), str(settings.BASE_DIR / "static"), str(file)]
        done = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603
        return json.loads(done.stdout)

    return ask


def encoded(data):
    return base64.b64encode(data).decode()


def pair(holder, scheme="seed-sha1", *, password=PASSWORD, secret=True, key=None):
    """Return signCert.der and signPri.key as a case."""
    info = private_key_info(key or holder.key, holder.secret if secret else None)
    return {
        "certificate": encoded(holder.der),
        "key": encoded(encrypted_key(info, password, scheme)),
    }


def bundle(holder, world, scheme="3des"):
    info = private_key_info(holder.key, holder.secret)
    return {"pfx": encoded(pfx(info, [holder.der, world.old.issuer.der], PASSWORD, scheme))}


def every_form(world):
    good = world["good"]
    pairs = {scheme: pair(good, scheme) for scheme in SIGNING_KEY_SCHEMES}
    return pairs | {f"pfx-{scheme}": bundle(good, world, scheme) for scheme in PFX_SCHEMES}


def test_every_form_of_key_file_ends_in_an_accepted_proof(world, trust, signing_page, at):
    """S28, S30: six encryptions of signPri.key, three kinds of .pfx, three kinds of key."""
    cases = every_form(world) | {"rsa-3072": pair(world["good3072"])}
    elliptic = world.old.issue(
        Wish("타원상사", NUMBER), key=ec.generate_private_key(ec.SECP256R1())
    )
    cases["elliptic"] = pair(elliptic)

    answers = dict(zip(cases, signing_page(cases.values()), strict=True))

    faults = {name: found["fault"] for name, found in answers.items() if "fault" in found}
    assert faults == {}
    for found in answers.values():
        submission = Submission(found["cms"], found["secret"])
        verifier = Verifier(trust, Lists(world))
        assert verifier.judge(submission, text=TEXT, business_number=NUMBER, at=at).real_name


def test_wrong_passwords_open_nothing(world, signing_page):
    """pki.md 8: padding, structure and a probe signature decide; always «wrong password»."""
    forms = every_form(world)
    cases = [{**case, "password": f"wrong{n}"} for case in forms.values() for n in range(12)]

    assert {found.get("fault") for found in signing_page(cases)} == {"password"}


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("personal", "personal"),
        ("personal_brn", "personal"),
        ("km", "not-signing"),
        ("expired", "expired"),
        ("notyet", "expired"),
        ("badpolicy", "not-company"),
    ],
)
def test_the_page_refuses_before_anything_leaves_it(name, fault, world, signing_page):
    """pki.md 8: R of a personal certificate never leaves the page, not from a .pfx either."""
    assert signing_page([pair(world[name]), bundle(world[name], world)]) == [{"fault": fault}] * 2


def test_files_that_do_not_fit_are_told_apart(world, signing_page):
    """S30: no R, another key, damage, an unknown encryption."""
    good = world["good"]
    key = base64.b64decode(pair(good)["key"])
    name = key.index(bytes.fromhex("2a831a8c9a44010f"))  # pbeWithSHA1AndSEED-CBC
    cases = [
        pair(good, secret=False),
        pair(good, key=world["vidnull"].key),
        {**pair(good), "key": encoded(b"\x30\x03\x02\x01")},
        {**pair(good), "certificate": encoded(good.der[:-5])},
        {**pair(good), "key": encoded(key[: name + 7] + b"\x63" + key[name + 8 :])},
    ]

    faults = [found["fault"] for found in signing_page(cases)]

    assert faults == ["no-secret", "mismatch", "damaged", "damaged", "unsupported"]


def test_damaged_key_files_never_crash_the_page(world, signing_page):
    """pki.md 8: a clean fault, or a key that still signs rightly."""
    chance = random.Random(7)  # noqa: S311
    cases = []
    for case in (pair(world["good"], "pbes2-aes256-sha256"), bundle(world["good"], world)):
        field = "key" if "key" in case else "pfx"
        plain = base64.b64decode(case[field])
        for _ in range(60):
            bent = bytearray(plain)
            bent[chance.randrange(len(bent))] ^= 1 << chance.randrange(8)
            cases.append({**case, field: encoded(bytes(bent))})

    known = {"password", "damaged", "unsupported", "mismatch", "no-secret"}
    known |= {"not-signing", "personal", "not-company", "expired"}
    assert {found.get("fault", "password") for found in signing_page(cases)} <= known


def test_a_pfx_of_openssl_has_lost_its_secret_number(world, signing_page):
    """pki.md 9.4: a pass through another tool loses R; the page says so."""
    good = world["good"]
    lost = pkcs12.serialize_key_and_certificates(
        b"x", good.key, good.certificate, None,
        serialization.PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(2000)
        .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
        .build(PASSWORD.encode()),
    )  # fmt: skip

    assert signing_page([{"pfx": encoded(lost)}]) == [{"fault": "no-secret"}]


@pytest.mark.skipif(OPENSSL is None, reason="no openssl on this machine")
@pytest.mark.parametrize("name", ["good", "rogue", "badpolicy"])
def test_openssl_is_a_second_judge_of_what_the_page_signed(
    name, world, signing_page, trust, at, tmp_path
):
    """Issue 4, show 2: the same verdict over the same bytes, from an independent program."""
    holder = world[name]
    policies = {"company": everything(holder), "personal": []}
    found = signing_page([{**pair(holder), "policies": policies}])[0]
    message = tmp_path / "message.cms"
    message.write_bytes(base64.b64decode(found["cms"]))

    ours = is_accepted(Verifier(trust, Lists(world)), found, at)

    assert ours == (name == "good")
    assert openssl_accepts(message, world, tmp_path) == ours


def everything(holder):
    """Return the policies of a certificate, as if each were accepted."""
    extension = holder.certificate.extensions.get_extension_for_class(x509.CertificatePolicies)
    return [policy.policy_identifier.dotted_string for policy in extension.value]


def is_accepted(verifier, found, at):
    try:
        submission = Submission(found["cms"], found["secret"])
        verifier.judge(submission, text=TEXT, business_number=NUMBER, at=at)
    except ProofRefusedError:
        return False
    return True


def openssl_accepts(message, world, folder):
    """Ask `openssl cms -verify` with the same root, authority and policy."""
    authorities = folder / "authorities.pem"
    holders = (world.old.root, world.old.issuer)
    pem = [holder.certificate.public_bytes(serialization.Encoding.PEM) for holder in holders]
    authorities.write_bytes(b"".join(pem))
    command = [
        OPENSSL, "cms", "-verify", "-in", str(message), "-inform", "DER",
        "-CAfile", str(authorities), "-purpose", "any", "-policy", "1.2.410.200004.5.4.1.2",
        "-explicit_policy", "-out", str(folder / "content"),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    if done.returncode == 0:
        assert (folder / "content").read_text("utf-8") == TEXT
    return done.returncode == 0


def test_the_bundle_is_small_and_evaluates_nothing():
    """S28: one file, no eval, no innerHTML, within ui.md's budget for form pages."""
    parts = [*(settings.BASE_DIR / "static" / "js" / "pki").glob("*.js")]
    parts.append(settings.BASE_DIR / "static" / "js" / "elements" / "signing-window.js")
    source = "\n".join(part.read_text("utf-8") for part in parts)
    for word in (
        "eval(",
        "new Function",
        "innerHTML",
        "outerHTML",
        "document.write",
        "localStorage",
    ):
        assert word not in source
    built = settings.BUILD_DIR / "js" / "signing.js"
    if not built.is_file():
        pytest.skip("the front end is not built")

    assert len(gzip.compress(built.read_bytes(), 9)) <= 15_000
