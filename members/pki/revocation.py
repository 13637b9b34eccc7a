"""Has a certificate been revoked? Lists from the table, answers of pinned responders.

Responders of this system are certified by the root and not by the issuing CA, so that delegation
as in RFC 6960 fails for them: they are pinned in the trust store instead.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Protocol

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509 import ocsp

from members.models import RevocationList
from members.pki.refusals import ProofRefusedError, Refusal
from members.pki.trust import TrustStore, is_valid_at

ANSWER_LIFE = timedelta(hours=1)


@dataclass(frozen=True)
class RevocationEvidence:
    """DER of lists and OCSP answers; never out of what a visitor sent."""

    lists: tuple[bytes, ...] = ()
    answers: tuple[bytes, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)


class EvidenceSource(Protocol):
    """Where evidence about a certificate comes from."""

    def evidence(
        self, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime
    ) -> RevocationEvidence:
        """Return what is known of the certificate at a moment."""


def issuer_hash(name: x509.Name) -> str:
    """Return under which a list's issuer is stored; equal for KR and kr."""
    return sha256(name.rfc4514_string().lower().encode()).hexdigest()


class ListTable:
    """Evidence from the table that `fetch_revocation_lists` fills."""

    def evidence(
        self, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime
    ) -> RevocationEvidence:
        """Return the current lists of the certificate's issuer and of the issuer's issuer."""
        wanted = [issuer_hash(issuer.subject), issuer_hash(issuer.issuer)]
        rows = RevocationList.objects.current_at(at).filter(issuer_hash__in=wanted)
        found = [(bytes(row.der), row.sha256, row.next_update) for row in rows]
        until = min((row[2] for row in found), default=None)
        return RevocationEvidence(
            lists=tuple(row[0] for row in found),
            facts={
                "lists": [row[1] for row in found],
                "until": until.isoformat() if until else "",
            },
        )


def answered_good(
    answers: Iterable[bytes],
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    trust: TrustStore,
    at: datetime,
) -> bool:
    """Tell whether one OCSP answer says good. Raises ProofRefusedError(certificate_revoked)."""
    states = [_state_in(answer, certificate, issuer, trust, at) for answer in answers]
    if ocsp.OCSPCertStatus.REVOKED in states:
        raise ProofRefusedError(Refusal.CERTIFICATE_REVOKED, "OCSP")
    return ocsp.OCSPCertStatus.GOOD in states


def _state_in(
    answer: bytes,
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    trust: TrustStore,
    at: datetime,
) -> ocsp.OCSPCertStatus | None:
    """Return what a responder we know says of this very certificate now, else None."""
    response = ocsp.load_der_ocsp_response(answer)
    if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        return None
    if not any(
        _is_signed_by(response, responder)
        for responder in (issuer, *trust.responders)
        if is_valid_at(responder, at)
    ):
        return None
    for single in response.responses:
        end = single.next_update_utc or single.this_update_utc + ANSWER_LIFE
        if not single.this_update_utc <= at <= end:
            continue
        if _is_about(single, certificate, issuer):
            return single.certificate_status
    return None


def _is_signed_by(response: ocsp.OCSPResponse, responder: x509.Certificate) -> bool:
    key = responder.public_key()
    algorithm = response.signature_hash_algorithm
    if not isinstance(key, rsa.RSAPublicKey) or algorithm is None or algorithm.name == "sha1":
        return False
    try:
        key.verify(response.signature, response.tbs_response_bytes, padding.PKCS1v15(), algorithm)
    except InvalidSignature:
        return False
    return True


def _is_about(
    single: ocsp.OCSPSingleResponse, certificate: x509.Certificate, issuer: x509.Certificate
) -> bool:
    """Compare serial, issuer's name and issuer's key."""
    name = hashes.Hash(single.hash_algorithm)
    name.update(issuer.subject.public_bytes())
    key = hashes.Hash(single.hash_algorithm)
    key.update(_bare_key(issuer))
    return (
        single.serial_number == certificate.serial_number
        and single.issuer_name_hash == name.finalize()
        and single.issuer_key_hash == key.finalize()
    )


def _bare_key(certificate: x509.Certificate) -> bytes:
    """Return the bits of a public key without its algorithm, as OCSP hashes them."""
    return certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.PKCS1
    )
