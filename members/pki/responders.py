"""Asking an authority's OCSP responder first, where the operator has one (pki.md section 6).

The address stands in the trust store and is never taken out of a certificate. An answer is judged
by `revocation.answered_good`; one that cannot be had leaves the decision to the lists.
"""

import logging
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp
from django.core.cache import cache

from members.pki.revocation import EvidenceSource, ListTable, RevocationEvidence
from members.pki.trust import TrustStore, name_of

log = logging.getLogger("members.pki")

SECONDS = 3
MAX_ANSWER_BYTES = 64 * 1024
# As long as a decision by the lists is kept.
CACHED_ANSWER = timedelta(minutes=10)


@dataclass(frozen=True)
class RespondersFirst:
    """Evidence from the responder of a certificate's authority, and from the table of lists."""

    trust: TrustStore
    lists: EvidenceSource = field(default_factory=ListTable)

    def evidence(
        self, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime
    ) -> RevocationEvidence:
        """Return the lists, and the responder's answer where there is one."""
        known = self.lists.evidence(certificate, issuer, at)
        url = self.trust.ocsp_urls.get(name_of(issuer))
        if url is None:
            return known
        answer = self._answer(url, certificate, issuer)
        return replace(known, answers=(*known.answers, answer)) if answer else known

    def _answer(
        self, url: str, certificate: x509.Certificate, issuer: x509.Certificate
    ) -> bytes | None:
        digest = sha256(certificate.public_bytes(serialization.Encoding.DER)).hexdigest()
        key = f"ocsp:{digest}"
        answer: bytes | None = cache.get(key)
        if answer is None and (answer := ask_responder(url, certificate, issuer)):
            cache.set(key, answer, CACHED_ANSWER.total_seconds())
        return answer


def ask_responder(
    url: str, certificate: x509.Certificate, issuer: x509.Certificate
) -> bytes | None:
    """Return a responder's successful answer in DER, or None when there is none in time."""
    if urlsplit(url).scheme not in ("http", "https"):
        return None
    # SHA-1 only names the certificate here, as RFC 5019 wants it; nothing rests on it.
    asked = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA1()).build()  # noqa: S303
    request = Request(  # noqa: S310  (the scheme was checked)
        url,
        data=asked.public_bytes(serialization.Encoding.DER),
        headers={"Content-Type": "application/ocsp-request"},
    )
    try:
        with urlopen(request, timeout=SECONDS) as found:  # noqa: S310
            answer: bytes = found.read(MAX_ANSWER_BYTES + 1)
        response = ocsp.load_der_ocsp_response(answer)
    except (OSError, URLError, ValueError) as error:
        log.warning("OCSP responder of %s: %s", name_of(issuer), type(error).__name__)
        return None
    if len(answer) > MAX_ANSWER_BYTES:
        return None
    is_good = response.response_status is ocsp.OCSPResponseStatus.SUCCESSFUL
    return answer if is_good else None
