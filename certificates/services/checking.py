"""진위확인: what anybody may learn of a certificate in the hand (N2)."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from certificates.models import Certificate, CertificateQuerySet
from certificates.numbers import tidy_code, tidy_number
from certificates.signatures import SignatureFinding, check_signature
from members.services import throttle

SCOPE = "certificate_check_address"
FILE_SCOPE = "certificate_file_address"


class UnknownCertificateError(Exception):
    """No certificate has these particulars; the same answer for a wrong number and a wrong code."""


@dataclass(frozen=True)
class FileCheck:
    """What a dropped PDF turned out to be, by its hash and by its signature in one answer."""

    certificate: Certificate | None
    sha256: str
    signature: SignatureFinding


def check_by_code(*, number: str, code: str, address: str | None, at: datetime) -> Certificate:
    """Return the certificate of a number together with its printed code.

    Wrong pairs are limited per address (10 an hour). Raises UnknownCertificateError and
    `members.services.throttle.ThrottledError`.
    """
    throttle.check(scope=SCOPE, key=address or "", at=at)
    certificate = _shown().filter(number=tidy_number(number)).first()
    stored = certificate.check_code if certificate else "0" * 12
    is_right = secrets.compare_digest(stored.encode(), tidy_code(code).encode())
    if certificate is None or not is_right:
        throttle.note_failure(scope=SCOPE, key=address or "", at=at)
        raise UnknownCertificateError
    return certificate


def check_by_token(*, token: str, address: str | None, at: datetime) -> Certificate:
    """Return the certificate of a QR code's token (128 bits); misses count as wrong tries."""
    throttle.check(scope=SCOPE, key=address or "", at=at)
    certificate = _shown().filter(check_token=token).first()
    if certificate is None:
        throttle.note_failure(scope=SCOPE, key=address or "", at=at)
        raise UnknownCertificateError
    return certificate


def check_file(*, data: bytes, address: str | None, at: datetime) -> FileCheck:
    """Tell whether a PDF is one that we made, byte for byte, and whether our signature holds.

    Limited per address, because it costs.

    Raises `members.services.throttle.ThrottledError`.
    """
    throttle.hit(scope=FILE_SCOPE, key=address or "", at=at)
    digest = hashlib.sha256(data).hexdigest()
    return FileCheck(
        certificate=_shown().filter(pdf_sha256=digest).first(),
        sha256=digest,
        signature=check_signature(data),
    )


def _shown() -> CertificateQuerySet:
    return Certificate.objects.select_related("notice", "notice__agency")
