"""The paper's electronic signature: PAdES over the whole file with the operator's key (N2).

Signing is on when a PKCS#12 key is configured. Every signing cert that was ever used is kept
(`PaperSigner`), so that old papers stay checkable after a renewal (certificates/signatures.py).
"""

import asyncio
import io
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    pkcs12,
)
from cryptography.x509.oid import NameOID
from django.conf import settings

from certificates.models import PaperSigner

# Stands in the subject of every key made by `make_signing_key`; production refuses such a key.
DEVELOPMENT_MARK = "개발용 (효력 없음)"
FIELD = "PaperSignature"
TIMESTAMP_TIMEOUT = 10
MAX_ANSWER_BYTES = 64 * 1024


class SigningKeyError(Exception):
    """The configured key cannot be used: missing, wrong password, expired, or for development."""


class SigningFailedError(OSError):
    """The key is right but signing failed, for example because no timestamp could be had."""


@dataclass(frozen=True)
class SigningKey:
    """The operator's key, ready to sign, and its signing cert."""

    signer: Any
    cert: x509.Certificate

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the signing cert (64 hex digits)."""
        return self.cert.fingerprint(hashes.SHA256()).hex()


def signing_key(*, at: datetime) -> SigningKey | None:
    """Return the key that signs at this moment, or None where signing is off.

    Raises SigningKeyError; nothing is issued then.
    """
    if not settings.CERTIFICATE_SIGNING_KEYSTORE:
        return None
    path = Path(settings.CERTIFICATE_SIGNING_KEYSTORE)
    if settings.CERTIFICATE_ALLOW_DEVELOPMENT_KEY and not path.is_file():
        return None
    try:
        key = _load(path, path.stat().st_mtime_ns, settings.CERTIFICATE_SIGNING_PASSWORD)
    except (OSError, ValueError) as error:
        raise SigningKeyError(f"The signing key {path.name} cannot be opened.") from error
    if not key.cert.not_valid_before_utc <= at <= key.cert.not_valid_after_utc:
        raise SigningKeyError("The signing cert is not valid at this moment.")
    if is_development(key.cert) and not settings.CERTIFICATE_ALLOW_DEVELOPMENT_KEY:
        raise SigningKeyError("The signing key was made for development.")
    return key


@lru_cache(maxsize=2)
def _load(path: Path, changed_at: int, password: str) -> SigningKey:
    """Open a PKCS#12 file once per content; `changed_at` notices a renewed file."""
    from pyhanko.sign import signers  # noqa: PLC0415  (half a second, and only where papers are made)

    data, word = path.read_bytes(), password.encode() or None
    _, cert, _ = pkcs12.load_key_and_certificates(data, word)
    if cert is None:
        raise ValueError("no signing cert in the file")
    signer = signers.SimpleSigner.load_pkcs12_data(data, other_certs=[], passphrase=word)
    return SigningKey(signer=signer, cert=cert)


def is_development(cert: x509.Certificate) -> bool:
    """Tell whether a signing cert was made by `make_signing_key`."""
    names = cert.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return any(name.value == DEVELOPMENT_MARK for name in names)


def sign(data: bytes, *, key: SigningKey, name: str) -> bytes:
    """Return the PDF with a PAdES signature over the whole of it, changes forbidden.

    The field is hidden: no untagged thing may stand on a PDF/UA page; readers show the signature
    in their own panel. Raises SigningFailedError.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
    from pyhanko.sign import fields, signers  # noqa: PLC0415  (as in _load)
    from pyhanko.sign.timestamps import TimestampRequestError  # noqa: PLC0415

    details = signers.PdfSignatureMetadata(
        field_name=FIELD,
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        name=name,
        reason="확인증 발급",
    )
    hidden = fields.InvisSigSettings(set_print_flag=False, set_hidden_flag=True)
    field = fields.SigFieldSpec(
        FIELD, readable_field_name="발급자의 전자서명", invis_sig_settings=hidden
    )
    signer = signers.PdfSigner(
        details, key.signer, timestamper=_timestamper(), new_field_spec=field
    )
    try:
        signed = signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(data)))
    except TimestampRequestError as error:
        raise SigningFailedError("No timestamp could be had.") from error
    result: bytes = signed.getvalue()
    return result


def _timestamper() -> Any:
    """Return the RFC 3161 client of the settings, or None: timestamps are off by default."""
    if not settings.CERTIFICATE_TIMESTAMP_URL:
        return None
    from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError  # noqa: PLC0415

    class OwnTimeStamper(TimeStamper):
        async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
            request = urllib.request.Request(  # noqa: S310  (the operator's own setting)
                settings.CERTIFICATE_TIMESTAMP_URL,
                data=req.dump(),
                headers={"Content-Type": "application/timestamp-query"},
            )
            try:
                return tsp.TimeStampResp.load(await asyncio.to_thread(_answer, request))
            except (OSError, ValueError) as error:
                raise TimestampRequestError("The timestamp service did not answer.") from error

    return OwnTimeStamper()  # type: ignore[no-untyped-call]


def _answer(request: urllib.request.Request) -> bytes:
    with urllib.request.urlopen(request, timeout=TIMESTAMP_TIMEOUT) as response:  # noqa: S310
        data: bytes = response.read(MAX_ANSWER_BYTES)
        return data


def register_signer(*, key: SigningKey, at: datetime) -> PaperSigner:
    """Keep the signing cert that a paper was signed with, once."""
    names = key.cert.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    signer, _ = PaperSigner.objects.get_or_create(
        fingerprint=key.fingerprint,
        defaults={
            "name": str(names[0].value)[:200] if names else key.fingerprint[:16],
            "cert": key.cert.public_bytes(Encoding.DER),
            "valid_from": key.cert.not_valid_before_utc,
            "valid_until": key.cert.not_valid_after_utc,
            "first_used_at": at,
        },
    )
    return signer


def make_development_key(*, path: Path, password: str, at: datetime, days: int = 365) -> None:
    """Write a self-made PKCS#12 key that production refuses; an existing file is replaced."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "KR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, DEVELOPMENT_MARK),
            x509.NameAttribute(NameOID.COMMON_NAME, "확인증 발급자 (개발용)"),
        ]
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at.astimezone(UTC) - timedelta(minutes=5))
        .not_valid_after(at.astimezone(UTC) + timedelta(days=days))
    )
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    cert = builder.add_extension(usage, critical=True).sign(key, hashes.SHA256())
    lock = BestAvailableEncryption(password.encode())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"paper", key, cert, None, lock))
