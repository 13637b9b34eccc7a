"""From a signer's certificate to a root: chain, validity, policy, key usage, revocation."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from django.core.cache import cache
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    ExpiredError,
    InsufficientRevinfoError,
    InvalidCertificateError,
    NotYetValidError,
    PathBuildingError,
    PathValidationError,
    RevokedError,
    ValidationError,
)
from pyhanko_certvalidator.policy_decl import (
    CertRevTrustPolicy,
    PKIXValidationParams,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)

from members.coroutines import run_to_end
from members.pki import identity
from members.pki.refusals import ProofRefusedError, Refusal
from members.pki.revocation import EvidenceSource, RevocationEvidence, answered_good
from members.pki.trust import TrustStore

identity.register()

WEAK_HASHES = {"md2", "md5", "sha1"}
CACHED_DECISION = timedelta(minutes=10)
# The first that fits names the refusal: subclasses stand before their parents.
REFUSALS: tuple[tuple[type[Exception], Refusal], ...] = (
    (RevokedError, Refusal.CERTIFICATE_REVOKED),
    (ExpiredError, Refusal.CERTIFICATE_EXPIRED),
    (NotYetValidError, Refusal.CERTIFICATE_NOT_YET_VALID),
    (InsufficientRevinfoError, Refusal.REVOCATION_UNKNOWN),
    (InvalidCertificateError, Refusal.KEY_USAGE),
    (PathBuildingError, Refusal.UNTRUSTED),
    (PathValidationError, Refusal.UNTRUSTED),
)


def check_path(
    signer: x509.Certificate, trust: TrustStore, source: EvidenceSource, at: datetime
) -> RevocationEvidence:
    """Return the evidence by which a signer's certificate holds now.

    Only configured CAs take part; no clock skew is allowed. Raises ProofRefusedError: untrusted,
    certificate_expired, certificate_not_yet_valid, key_usage, certificate_revoked or
    revocation_unknown.
    """
    issuer = trust.issuer_of(signer)
    evidence = source.evidence(signer, issuer, at) if issuer else RevocationEvidence()
    is_answered = issuer is not None and answered_good(evidence.answers, signer, issuer, trust, at)
    key = _decision_key(signer, evidence)
    is_known_good = bool(evidence.lists) and _was_good(key, at)
    needs_lists = trust.is_revocation_required and not is_answered and not is_known_good
    _validate(signer, trust, evidence.lists if needs_lists else (), needs_lists, at)
    way = "ocsp" if is_answered else "crl" if trust.is_revocation_required else "unchecked"
    if needs_lists:
        cache.set(key, at.isoformat(), CACHED_DECISION.total_seconds())
    return RevocationEvidence(evidence.lists, evidence.answers, {**evidence.facts, "by": way})


def _decision_key(signer: x509.Certificate, evidence: RevocationEvidence) -> str:
    """Name the decision about one certificate by one set of lists."""
    digest = sha256(signer.public_bytes(serialization.Encoding.DER))
    for entry in sorted(sha256(entry).digest() for entry in evidence.lists):
        digest.update(entry)
    return f"revocation:{digest.hexdigest()}"


def _was_good(key: str, at: datetime) -> bool:
    """Tell whether the same lists cleared the same certificate minutes ago."""
    decided = cache.get(key)
    return bool(decided) and timedelta(0) <= at - datetime.fromisoformat(decided) < CACHED_DECISION


def _validate(
    signer: x509.Certificate,
    trust: TrustStore,
    lists: tuple[bytes, ...],
    needs_lists: bool,
    at: datetime,
) -> None:
    rule = RevocationCheckingRule.CRL_REQUIRED if needs_lists else RevocationCheckingRule.NO_CHECK
    context = ValidationContext(
        trust_roots=[as_asn1(root) for root in trust.roots_at(at)],
        other_certs=[as_asn1(authority) for authority in trust.authorities],
        moment=at,
        allow_fetching=False,
        crls=list(lists),
        time_tolerance=timedelta(0),
        weak_hash_algos=WEAK_HASHES,
        revinfo_policy=CertRevTrustPolicy(
            RevocationCheckingPolicy(ee_certificate_rule=rule, intermediate_ca_cert_rule=rule)
        ),
    )
    parameters = PKIXValidationParams(
        user_initial_policy_set=frozenset(trust.accepted), initial_explicit_policy=True
    )
    validator = CertificateValidator(as_asn1(signer), [], context, parameters)
    try:
        run_to_end(lambda: _usage_checked(validator))
    except ValidationError as error:
        raise ProofRefusedError(_refusal_of(error), str(error)) from None
    except PathBuildingError as error:
        raise ProofRefusedError(Refusal.UNTRUSTED, str(error)) from None


async def _usage_checked(validator: Any) -> None:
    await validator.async_validate_usage({"digital_signature"})


def _refusal_of(error: Exception) -> Refusal:
    return next((code for kind, code in REFUSALS if isinstance(error, kind)), Refusal.UNTRUSTED)


def as_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """Return the other library's view of the same bytes."""
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
