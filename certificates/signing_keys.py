"""The operator's key that papers are signed with: where it lies, and whether it may be used now.

Two ways: a PKCS#12 file, or a device behind a PKCS#11 library (an HSM, a smart card), from which
the key never comes out. The password of the file is the PIN of the device.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings

from certificates.signing_device import DeviceError, open_device

# Stands in the subject of every key made by `make_signing_key`; production refuses such a key.
DEVELOPMENT_MARK = "개발용 (효력 없음)"


class SigningKeyError(Exception):
    """The configured key cannot be used: missing, wrong password, expired, or for development."""


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
    if settings.CERTIFICATE_SIGNING_DEVICE:
        key = _on_device()
    elif settings.CERTIFICATE_SIGNING_KEYSTORE:
        path = Path(settings.CERTIFICATE_SIGNING_KEYSTORE)
        if settings.CERTIFICATE_ALLOW_DEVELOPMENT_KEY and not path.is_file():
            return None
        key = _in_file(path)
    else:
        return None
    if not key.cert.not_valid_before_utc <= at <= key.cert.not_valid_after_utc:
        raise SigningKeyError("The signing cert is not valid at this moment.")
    if is_development(key.cert) and not settings.CERTIFICATE_ALLOW_DEVELOPMENT_KEY:
        raise SigningKeyError("The signing key was made for development.")
    return key


def _in_file(path: Path) -> SigningKey:
    try:
        return _load(path, path.stat().st_mtime_ns, settings.CERTIFICATE_SIGNING_PASSWORD)
    except (OSError, ValueError) as error:
        raise SigningKeyError(f"The signing key {path.name} cannot be opened.") from error


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


def _on_device() -> SigningKey:
    try:
        signer = open_device(
            library=settings.CERTIFICATE_SIGNING_DEVICE,
            token=settings.CERTIFICATE_SIGNING_TOKEN,
            label=settings.CERTIFICATE_SIGNING_LABEL,
            pin=settings.CERTIFICATE_SIGNING_PASSWORD,
        )
        cert = x509.load_der_x509_certificate(signer.signing_cert.dump())
    except (DeviceError, ValueError) as error:
        raise SigningKeyError(f"The signing device: {error}") from error
    return SigningKey(signer=signer, cert=cert)


def is_development(cert: x509.Certificate) -> bool:
    """Tell whether a signing cert was made by `make_signing_key`."""
    names = cert.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return any(name.value == DEVELOPMENT_MARK for name in names)


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
