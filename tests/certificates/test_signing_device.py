"""A key that never leaves its device: SoftHSM stands in for the city's, behind PKCS#11 (N2)."""

import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from django.utils import timezone

from certificates import pdf, services, signing
from certificates.enums import SignatureState
from certificates.models import Certificate
from certificates.signatures import check_signature
from certificates.signing_device import close_device
from certificates.signing_keys import make_development_key, signing_key
from members.services.files import read_file

pytestmark = pytest.mark.django_db

LIBRARIES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so")
TOKEN, LABEL, PIN = "portal-papers", "paper", "0000-1111"


@pytest.fixture(scope="session")
def device(tmp_path_factory):
    """A token with one key and its cert; the path of the library that reaches it."""
    library = next(filter(os.path.exists, LIBRARIES), None)
    if library is None or shutil.which("softhsm2-util") is None:
        pytest.skip("SoftHSM is not installed: apt-get install softhsm2")
    folder = tmp_path_factory.mktemp("device")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\n")
    # Read once per process, when the library is opened.
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    new = ["softhsm2-util", "--init-token", "--free", "--label", TOKEN]
    subprocess.run(  # noqa: S603  (a program of the machine, own arguments)
        [*new, "--pin", PIN, "--so-pin", PIN], check=True, capture_output=True
    )
    fill_token(library, folder / "key.p12")
    return library


def fill_token(library, path):
    import pkcs11  # noqa: PLC0415  (only where SoftHSM is)
    from pkcs11.util import rsa, x509  # noqa: PLC0415

    make_development_key(path=path, password=PIN, at=timezone.now())
    key, cert, _ = pkcs12.load_key_and_certificates(path.read_bytes(), PIN.encode())
    private = key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    token = pkcs11.lib(library).get_token(token_label=TOKEN)
    with token.open(rw=True, user_pin=PIN) as session:
        for attributes in (
            rsa.decode_rsa_private_key(private),
            x509.decode_x509_certificate(cert.public_bytes(Encoding.DER)),
        ):
            session.create_object(
                {**attributes, pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.LABEL: LABEL}
            )


@pytest.fixture
def on_device(settings, device):
    """Papers are signed on the device."""
    settings.CERTIFICATE_SIGNING_KEYSTORE = ""
    settings.CERTIFICATE_SIGNING_DEVICE = device
    settings.CERTIFICATE_SIGNING_TOKEN = TOKEN
    settings.CERTIFICATE_SIGNING_LABEL = LABEL
    settings.CERTIFICATE_SIGNING_PASSWORD = PIN
    yield settings
    close_device()


def test_paper_signed_on_the_device_is_valid_for_poppler_too(
    on_device, notice, member, at, tmp_path
):
    """S60: N2: PKCS#11 beside PKCS#12; an independent program agrees, one changed byte does not."""
    certificate = services.issue_certificate(
        notice=notice, company=member.company, by=member, at=at
    )

    data = read_file(certificate.pdf)
    broken = bytearray(data)
    broken[len(data) // 3] ^= 1
    assert check_signature(data).state == SignatureState.INTACT
    assert check_signature(data).signer == certificate.signer
    assert check_signature(bytes(broken)).state == SignatureState.BROKEN
    assert "Signature is Valid" in poppler_says(tmp_path / "right.pdf", data)
    assert "Signature is Valid" not in poppler_says(tmp_path / "broken.pdf", bytes(broken))


def poppler_says(path, data):
    if shutil.which("pdfsig") is None:
        pytest.skip("poppler-utils is not installed: apt-get install poppler-utils")
    path.write_bytes(data)
    told = subprocess.run(  # noqa: S603  (a file of our own)
        ["pdfsig", "-nocert", str(path)],  # noqa: S607  (poppler, wherever the machine has it)
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stdout


def test_many_threads_share_one_session(on_device, at):
    """S61: a token knows one log-in per process; signatures queue for it."""
    page, key = pdf.render_one_page("<html lang=ko><title>t</title><p>시연", {}), signing_key(at=at)

    with ThreadPoolExecutor(max_workers=6) as pool:
        papers = list(pool.map(lambda _: signing.sign(page, key=key, name="발급자"), range(12)))

    signing.register_signer(key=key, at=at)
    assert {check_signature(paper).state for paper in papers} == {SignatureState.INTACT}


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("CERTIFICATE_SIGNING_PASSWORD", "9999-9999"),
        ("CERTIFICATE_SIGNING_TOKEN", "another"),
        ("CERTIFICATE_SIGNING_LABEL", "another"),
        ("CERTIFICATE_SIGNING_DEVICE", "/nowhere/library.so"),
        ("CERTIFICATE_ALLOW_DEVELOPMENT_KEY", False),
    ],
)
def test_unusable_device_refuses_before_a_number(on_device, notice, member, at, setting, value):
    """S59: N2: wrong PIN, token, label or library: nothing is issued, and it works again after."""
    right = getattr(on_device, setting)
    setattr(on_device, setting, value)

    with pytest.raises(pdf.PaperUnavailableError):
        services.issue_certificate(notice=notice, company=member.company, by=member, at=at)

    assert not Certificate.objects.exists()
    setattr(on_device, setting, right)
    assert signing_key(at=at) is not None


def test_device_that_fails_keeps_the_number_and_is_opened_anew(on_device, notice, member, at):
    """S61: a session lost between two papers costs neither a number nor the next paper."""
    key = signing_key(at=at)
    key.signer.pkcs11_session.close()

    certificate = services.issue_certificate(
        notice=notice, company=member.company, by=member, at=at
    )

    assert certificate.pdf is None
    assert services.make_missing_papers(at=at) == 1
