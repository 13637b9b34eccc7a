"""Every acceptance and refusal of a signed challenge (S28, ASVS 6.8.1, 6.8.2; pki.md section 5)."""

import base64
from datetime import timedelta

import pytest
from asn1crypto import cms, core
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from members.pki.miniature.authority import Wish
from members.pki.refusals import SENTENCES, ProofRefusedError, Refusal
from members.pki.revocation import ListTable, RevocationEvidence
from members.pki.trust import load_trust_store
from members.pki.verifier import Submission, Verifier
from tests.members.pki.signing import attribute
from tests.members.pki.world import NUMBER, OTHER_NUMBER, answer, list_row

TEXT = '{"aud":"http://127.0.0.1:8000","brn":"1248100998","nonce":"n","purpose":"signup","v":1}'


class Given:
    """Evidence as handed in, in place of the table."""

    def __init__(self, lists=(), answers=()):
        self.found = RevocationEvidence(lists=tuple(lists), answers=tuple(answers))

    def evidence(self, certificate, issuer, at):
        return self.found


@pytest.fixture
def judge(world, trust, at):
    """Return a function that says "ok" with how revocation was checked, or the refusal's code."""

    def verdict(posted, *, text=TEXT, number=NUMBER, source=None, store=None, when=None):
        verifier = Verifier(store or trust, source or Given(world.lists))
        try:
            found = verifier.judge(
                Submission(**posted), text=text, business_number=number, at=when or at
            )
        except ProofRefusedError as refusal:
            return str(refusal.code)
        return f"ok {found.revocation['by']}"

    return verdict


@pytest.mark.parametrize("name", ["good", "good3072", "vidnull"])
def test_a_company_certificate_proves_its_number(name, world, judge):
    """S28: RSA-2048 and RSA-3072 generations, VID algorithm with and without NULL."""
    assert judge(answer(world[name], TEXT)) == "ok crl"


@pytest.mark.parametrize(
    "how", [{"pss": True}, {"digest": "sha512"}, {"pss": True, "digest": "sha512"}]
)
def test_other_signatures_are_taken(how, world, judge):
    """pki.md 5.3: PSS and longer digests."""
    assert judge(answer(world["good"], TEXT, **how)) == "ok crl"


def test_an_elliptic_key_is_taken(world, judge):
    """pki.md 5.3: ECDSA."""
    holder = world.old.issue(Wish("타원상사", NUMBER), key=ec.generate_private_key(ec.SECP256R1()))

    assert judge(answer(holder, TEXT)) == "ok crl"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("expired", "certificate_expired"),
        ("notyet", "certificate_not_yet_valid"),
        ("revoked", "certificate_revoked"),
        ("personal", "policy_personal"),
        ("personal_brn", "policy_personal"),
        ("rogue", "untrusted"),
        ("subca", "untrusted"),
        ("novid", "vid_missing"),
        ("vidsha1", "vid_weak_hash"),
        ("badpolicy", "policy_refused"),
        ("limited", "policy_refused"),
        ("km", "key_usage"),
        ("other", "vid_mismatch"),
    ],
)
def test_a_wrong_certificate_is_refused_by_name(name, code, world, judge):
    """ASVS 6.8.2: expired, revoked, wrong purpose, unknown issuer, another company."""
    assert judge(answer(world[name], TEXT)) == code


def test_a_weak_key_is_refused(world, judge):
    """pki.md 5.3: RSA below 2048 bits."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505
    holder = world.old.issue(Wish("약한열쇠", NUMBER), key=key)

    assert judge(answer(holder, TEXT)) == "algorithm_refused"


def test_a_limited_certificate_is_taken_where_the_operator_says_so(world, judge, tmp_path):
    """pki.md 2: company certificates of limited purpose may be switched on."""
    store = load_trust_store(world.write_trust(tmp_path, accept='["1.2.410.200005.1.1.6.8"]'))

    assert judge(answer(world["limited"], TEXT), store=store) == "ok crl"


@pytest.mark.parametrize(
    ("secret", "code"),
    [
        ("", "vid_bad_r"),
        (base64.b64encode(bytes(19)).decode(), "vid_bad_r"),
        (base64.b64encode(bytes(65)).decode(), "vid_bad_r"),
        ("not base64!", "vid_bad_r"),
        (base64.b64encode(bytes(20)).decode(), "vid_mismatch"),
    ],
)
def test_without_the_right_secret_number_nothing_is_proven(secret, code, world, judge):
    """pki.md 1.5: VID proves the number only together with R."""
    assert judge({**answer(world["good"], TEXT), "secret": secret}) == code


def test_the_right_certificate_does_not_prove_another_number(world, judge):
    assert judge(answer(world["good"], TEXT), number=OTHER_NUMBER) == "vid_mismatch"


def test_a_personal_certificate_is_turned_away_before_its_secret_is_read(world, judge):
    """pki.md 4: R of a person must not even be looked at."""
    posted = {**answer(world["personal"], TEXT), "secret": "not base64!"}

    assert judge(posted) == "policy_personal"


def test_another_text_is_refused(world, judge):
    """ASVS 6.6.2: the signed text is compared byte for byte."""
    assert judge(answer(world["good"], TEXT + " ")) == "challenge_mismatch"


def spoil_signer(name, value):
    def change(message):
        message["signer_infos"][0][name] = value

    return change


def spoil(name, value):
    def change(message):
        message[name] = value

    return change


def add_unsigned(message):
    extra = cms.CMSAttributes([attribute("content_type", "data")])
    message["signer_infos"][0]["unsigned_attrs"] = extra


def add_second_signer(message):
    message["signer_infos"].append(message["signer_infos"][0].copy())


def detach(message):
    message["encap_content_info"] = {"content_type": "data"}


@pytest.mark.parametrize(
    "change",
    [
        spoil("version", "v3"),
        spoil("certificates", None),
        spoil("digest_algorithms", [{"algorithm": "sha512", "parameters": core.Null()}]),
        spoil_signer("version", "v3"),
        add_unsigned,
        add_second_signer,
        detach,
    ],
)
def test_a_message_of_another_shape_is_malformed(change, world, judge):
    """pki.md 5.2: header fields outside the signature are compared one by one."""
    assert judge(answer(world["good"], TEXT, change=change)) == "cms_malformed"


@pytest.mark.parametrize("name", ["content_type", "message_digest", "signing_certificate_v2"])
def test_each_signed_attribute_is_needed(name, world, judge):
    assert judge(answer(world["good"], TEXT, without=(name,))) == "cms_malformed"


def test_an_attribute_twice_is_refused(world, judge):
    again = attribute("content_type", "data")

    assert judge(answer(world["good"], TEXT, extra=(again,))) == "cms_malformed"


def test_a_weak_digest_is_refused(world, judge):
    assert judge(answer(world["good"], TEXT, digest="sha1")) == "algorithm_refused"


def test_another_certificate_put_in_is_refused(world, judge):
    """ASVS 6.8.1: the signature names its certificate by hash."""

    def swap(message):
        other = asn1_x509.Certificate.load(world["vidnull"].der)
        sid = {"issuer": other.issuer, "serial_number": other.serial_number}
        message["certificates"] = [cms.CertificateChoices("certificate", other)]
        message["signer_infos"][0]["sid"] = cms.SignerIdentifier("issuer_and_serial_number", sid)

    assert judge(answer(world["good"], TEXT, change=swap)) == "signature_invalid"


@pytest.mark.parametrize("cms_text", ["", "not base64!", base64.b64encode(b"0" * 70_000).decode()])
def test_rubbish_is_malformed(cms_text, judge):
    assert judge({"cms": cms_text, "secret": ""}) == "cms_malformed"


def test_no_flipped_bit_is_accepted(world, judge):
    """pki.md 9.16: one bit in every byte of a whole message."""
    posted = answer(world["good"], TEXT)
    der = base64.b64decode(posted["cms"])
    accepted = []
    for index in range(len(der)):
        bent = bytearray(der)
        bent[index] ^= 1 << index % 8
        cms_text = base64.b64encode(bytes(bent)).decode()
        if judge({**posted, "cms": cms_text}).startswith("ok"):
            accepted.append(index)

    assert len(der) > 2000
    assert accepted == []


def test_an_expired_root_vouches_for_nobody(world, judge, at):
    """pki.md 7.3: the path library does not look at the dates of a root."""
    assert judge(answer(world["good"], TEXT), when=at + timedelta(days=20 * 365)) == "untrusted"


def test_a_good_answer_of_a_pinned_responder_is_enough(world, judge):
    """pki.md 6: responders are certified by the root, so they are pinned."""
    source = Given(answers=[world.old.answer(world["good"])])

    assert judge(answer(world["good"], TEXT), source=source) == "ok ocsp"


def test_a_responder_says_revoked(world, judge):
    source = Given(answers=[world.old.answer(world["good"], is_good=False)])

    assert judge(answer(world["good"], TEXT), source=source) == "certificate_revoked"


@pytest.mark.parametrize("case", ["forged", "of another", "too old", "none"])
def test_without_fresh_evidence_nothing_is_accepted(case, world, judge):
    """pki.md 6: joining needs fresh evidence."""
    forged = world.old.answer(world["good"], responder=world.rogue.responder)
    ended = world.old.revocation_list(age=timedelta(days=9), life=timedelta(days=1))
    sources = {
        "forged": Given(answers=[forged]),
        "of another": Given(answers=[world.old.answer(world["other"])]),
        "too old": Given(lists=[ended, world.old.revocation_list(of_root=True)]),
        "none": Given(),
    }

    assert judge(answer(world["good"], TEXT), source=sources[case]) == "revocation_unknown"


def test_an_operator_may_do_without_revocation(world, judge, tmp_path):
    store = load_trust_store(world.write_trust(tmp_path, revocation_required="false"))

    assert judge(answer(world["good"], TEXT), store=store, source=Given()) == "ok unchecked"


@pytest.mark.django_db
def test_the_table_is_evidence_while_it_holds(world, judge, at):
    """pki.md 6: the verifier reads the table and no network."""
    for der in world.lists:
        list_row(der, at, sha256=f"{len(der)}{der[-16:].hex()}")

    assert judge(answer(world["good"], TEXT), source=ListTable()) == "ok crl"
    assert judge(answer(world["revoked"], TEXT), source=ListTable()) == "certificate_revoked"
    later = at + timedelta(hours=2)
    posted = answer(world["good"], TEXT)
    assert judge(posted, source=ListTable(), when=later) == "revocation_unknown"


def test_a_decision_is_kept_for_the_same_lists_only(world, judge):
    """pki.md 6: a long list costs a second; a new one is read at once."""
    posted = answer(world["good"], TEXT)
    assert judge(posted) == "ok crl"

    world.old.revoke(world["good"])
    new_list = world.old.revocation_list()
    del world.old.revoked[world["good"].certificate.serial_number]

    assert judge(posted) == "ok crl"
    newer = Given([new_list, *world.lists[1:]])
    assert judge(posted, source=newer) == "certificate_revoked"


def test_every_refusal_has_a_sentence_without_codes():
    """pki.md 5: the person reads plain Korean, the log keeps the code."""
    assert set(SENTENCES) == set(Refusal)
    assert all(sentence.endswith("시오.") for sentence in SENTENCES.values())
    assert len(set(SENTENCES.values())) <= 7
