"""The electronic signature: made, read by others, kept over renewals, refused where it must be."""

import io
import shutil
import subprocess
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from certificates import pdf, services, signing
from certificates.enums import SignatureState
from certificates.models import Certificate, PaperSigner
from certificates.signatures import check_signature
from certificates.signing_keys import make_development_key, signing_key
from members.services.files import read_file
from tests.members.test_coroutines import in_a_running_loop

pytestmark = pytest.mark.django_db

PASSWORD = "열쇠 비밀번호"


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory):
    """Two keys, made once: making one takes a second."""
    folder = tmp_path_factory.mktemp("keys")
    for name in ("first", "second"):
        make_development_key(path=folder / f"{name}.p12", password=PASSWORD, at=timezone.now())
    return folder


@pytest.fixture
def signed(settings, key_folder):
    """Signing is on, with the first key."""
    settings.CERTIFICATE_SIGNING_KEYSTORE = str(key_folder / "first.p12")
    settings.CERTIFICATE_SIGNING_PASSWORD = PASSWORD
    return settings


@pytest.fixture
def certificate(signed, notice, member, at):
    return services.issue_certificate(notice=notice, company=member.company, by=member, at=at)


def status_by_pyhanko(data, *, trusted):
    reader = PdfFileReader(io.BytesIO(data))
    context = ValidationContext(trust_roots=[asn1_x509.Certificate.load(trusted)])
    return validate_pdf_signature(reader.embedded_signatures[0], context)


def test_issued_paper_is_signed_and_pyhanko_agrees(certificate):
    """S60: N2: the whole file is signed, nothing may be changed, and a third party says so."""
    data = read_file(certificate.pdf)

    status = status_by_pyhanko(data, trusted=bytes(certificate.signer.cert))

    assert status.bottom_line
    assert status.coverage.name == "ENTIRE_FILE"
    assert check_signature(data).state == SignatureState.INTACT
    assert check_signature(data).signer == certificate.signer


def test_poppler_agrees(certificate, tmp_path):
    """S60: N2: an independent program (pdfsig of poppler) finds the signature valid."""
    if shutil.which("pdfsig") is None:
        pytest.skip("poppler-utils is not installed: apt-get install poppler-utils")
    path = tmp_path / "paper.pdf"
    path.write_bytes(read_file(certificate.pdf))

    told = subprocess.run(  # noqa: S603  (a file of our own)
        ["pdfsig", "-nocert", path],  # noqa: S607  (poppler, wherever the machine has it)
        capture_output=True,
        text=True,
        check=False,
    ).stdout

    assert "Signature is Valid" in told
    assert "Total document signed" in told
    assert "ETSI.CAdES.detached" in told


def test_paper_is_signed_in_a_running_event_loop_too(signed, at):
    """S60: N2: a thread with an event loop signs like any other."""
    page, key = pdf.render_one_page("<html lang=ko><title>t</title><p>시연", {}), signing_key(at=at)
    signing.register_signer(key=key, at=at)

    paper = in_a_running_loop(lambda: signing.sign(page, key=key, name="발급자"))

    assert check_signature(paper).state == SignatureState.INTACT


def test_signed_paper_is_still_the_paper(certificate):
    """S60: number, tags, language and one page stay as they were."""
    reader = PdfFileReader(io.BytesIO(read_file(certificate.pdf)))

    assert reader.root["/Lang"] == "ko"
    assert reader.root["/MarkInfo"]["/Marked"]
    assert reader.root["/Pages"]["/Count"] == 1
    assert len(read_file(certificate.pdf)) < 80_000


def test_any_changed_byte_is_noticed(certificate, client):
    """S61: security.md row 19: one byte changed breaks it for us and for others."""
    data = read_file(certificate.pdf)

    for place in (20, len(data) // 3, len(data) - 30):
        broken = bytearray(data)
        broken[place] ^= 1
        assert check_signature(bytes(broken)).state == SignatureState.BROKEN
    page = client.post(
        "/check/", {"way": "file", "file": SimpleUploadedFile("확인증.pdf", bytes(broken))}
    )
    assert "발급한 뒤에 내용이 바뀐 파일입니다." in page.text


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data + b"\n% appended",
        lambda data: data + b"\n/ByteRange [0 10 20 30]",
        lambda data: data[:-1],
        lambda data: data.replace(b"/ByteRange [0 ", b"/ByteRange [1 "),
        lambda data: b"%PDF-1.7\n/ByteRange [0 9999999999999 1 1]",
        lambda data: b"/ByteRange [0 0 20 0]" + b"<" + b"00" * 40 + b">",
    ],
)
def test_tricks_with_the_ranges_are_noticed(certificate, change):
    """S61: only a signature over every byte counts."""
    assert check_signature(change(read_file(certificate.pdf))).state == SignatureState.BROKEN


def test_check_page_answers_hash_and_signature_together(certificate, client):
    """S61: N2: the dropped file is compared and its signature told in one answer."""
    page = client.post(
        "/check/",
        {"way": "file", "file": SimpleUploadedFile("확인증.pdf", read_file(certificate.pdf))},
    )

    assert "한 글자도 다르지 않습니다" in page.text
    assert "전자서명이 유효합니다" in page.text


def test_foreign_signature_is_told_apart(certificate, client):
    """S61: somebody else's signature proves nothing here."""
    data = read_file(certificate.pdf)
    Certificate.objects.update(pdf=None, pdf_sha256="", signer=None)
    PaperSigner.objects.all().delete()

    assert check_signature(data).state == SignatureState.FOREIGN
    assert check_signature(b"%PDF-1.7 plain").state == SignatureState.NONE


def test_old_papers_stay_valid_after_the_key_is_renewed(certificate, signed, key_folder, at):
    """S61: N2: a renewal breaks no old paper."""
    signed.CERTIFICATE_SIGNING_KEYSTORE = str(key_folder / "second.p12")
    person = certificate.issued_by
    old = read_file(certificate.pdf)
    person.company.name = "새이름 주식회사"
    person.company.save()

    new = services.reissue_certificate(certificate=certificate, reason="상호", by=person, at=at)

    assert new.signer != certificate.signer
    assert check_signature(old).state == SignatureState.INTACT
    assert check_signature(read_file(new.pdf)).state == SignatureState.INTACT


def test_fetching_again_gives_the_signed_bytes(certificate, at):
    """S61: signed once; the second issue returns the same bytes."""
    again = services.issue_certificate(
        notice=certificate.notice, company=certificate.company, by=certificate.issued_by, at=at
    )

    assert read_file(again.pdf) == read_file(certificate.pdf)


@pytest.mark.parametrize("fault", ["missing", "password", "expired", "development", "rubbish"])
def test_unusable_keys_refuse_before_a_number(
    signed, key_folder, tmp_path, notice, member, at, fault
):
    """S59: N2: production refuses a development key; no fault costs a number."""
    if fault == "missing":
        signed.CERTIFICATE_SIGNING_KEYSTORE = str(tmp_path / "none.p12")
        signed.CERTIFICATE_ALLOW_DEVELOPMENT_KEY = False
    elif fault == "password":
        signed.CERTIFICATE_SIGNING_PASSWORD = "falsch"
    elif fault == "development":
        signed.CERTIFICATE_ALLOW_DEVELOPMENT_KEY = False
    elif fault == "rubbish":
        (tmp_path / "rubbish.p12").write_bytes(b"rubbish")
        signed.CERTIFICATE_SIGNING_KEYSTORE = str(tmp_path / "rubbish.p12")
    at = at + timedelta(days=10_000 if fault == "expired" else 0)
    notice.intake_closes_at = None
    notice.save(update_fields=["intake_closes_at"])

    with pytest.raises(pdf.PaperUnavailableError):
        services.issue_certificate(notice=notice, company=member.company, by=member, at=at)

    assert not Certificate.objects.exists()


def test_command_makes_a_key_for_development_only(settings, tmp_path):
    """S60: N2: `make run` makes one; where development keys are refused it makes none."""
    settings.DEVELOPMENT_KEYSTORE = tmp_path / "keys" / "paper.p12"

    call_command("make_signing_key", verbosity=0)

    made = Path(settings.DEVELOPMENT_KEYSTORE)
    assert made.stat().st_mode & 0o077 == 0
    settings.CERTIFICATE_ALLOW_DEVELOPMENT_KEY = False
    with pytest.raises(CommandError):
        call_command("make_signing_key", verbosity=0)


# --- timestamps ---------------------------------------------------------------------------------


def stamping_authority():
    """A timestamp authority of our own."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "시연 시점확인")])
    now = timezone.now()
    cert = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return DummyTimeStamper(
        asn1_x509.Certificate.load(cert.public_bytes(Encoding.DER)),
        keys.PrivateKeyInfo.load(private),
    )


@pytest.fixture
def timestamp_service():
    """A timestamp service on loopback; the list notes its visits."""
    authority, visits = stamping_authority(), []

    class Stamp(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            visits.append(self.headers["Content-Type"])
            answer = authority.request_tsa_response(tsp.TimeStampReq.load(asked)).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args):
            """Keep quiet."""

    server = HTTPServer(("127.0.0.1", 0), Stamp)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", visits
    server.shutdown()
    server.server_close()


def test_timestamp_is_embedded_where_a_service_is_set(
    signed, timestamp_service, notice, member, at
):
    """S60: N2: an RFC 3161 timestamp is optional and off by default."""
    signed.CERTIFICATE_TIMESTAMP_URL, visits = timestamp_service

    certificate = services.issue_certificate(
        notice=notice, company=member.company, by=member, at=at
    )

    data = read_file(certificate.pdf)
    signature = PdfFileReader(io.BytesIO(data)).embedded_signatures[0]
    kinds = {entry["type"].native for entry in signature.signer_info["unsigned_attrs"]}
    assert kinds == {"signature_time_stamp_token"}
    assert visits
    assert check_signature(data).state == SignatureState.INTACT


def test_silent_timestamp_service_keeps_the_number(signed, notice, member, at):
    """S61: without an answer the number stands and the paper follows."""
    signed.CERTIFICATE_TIMESTAMP_URL = "http://127.0.0.1:9/"

    certificate = services.issue_certificate(
        notice=notice, company=member.company, by=member, at=at
    )
    signed.CERTIFICATE_TIMESTAMP_URL = ""

    assert certificate.pdf is None
    assert services.make_missing_papers(at=at) == 1
