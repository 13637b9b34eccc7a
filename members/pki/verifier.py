"""The judge of a proof: signature, challenge, policy, path, revocation, number; in this order.

A personal certificate is turned away before R is looked at: with VID and R a person's resident
number could be found by trying. R is never logged, stored or echoed.
"""

import base64
import binascii
import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from members.enums import Assurance
from members.pki.identity import prove_number
from members.pki.path import check_path
from members.pki.refusals import ProofRefusedError, Refusal
from members.pki.revocation import EvidenceSource
from members.pki.signed_message import open_message
from members.pki.trust import TrustStore

METHOD = "signing_cert"


@dataclass(frozen=True)
class Submission:
    """What the page posts: the signed message and R, both in base64."""

    cms: str
    secret: str

    def __repr__(self) -> str:
        """Hide both from tracebacks and logs."""
        return "Submission(…)"


@dataclass(frozen=True)
class VerifiedCompany:
    """A company whose number is proven, with what proves it."""

    business_number: str
    real_name: str
    assurance: Assurance
    method: str
    policy: str
    certificate: x509.Certificate
    signed_message: bytes
    revocation: dict[str, Any]

    @property
    def certificate_der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def key_hash(self) -> str:
        """SHA-256 of the public key: stays the same when the certificate's bytes are bent."""
        return sha256(
            self.certificate.public_key().public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        ).hexdigest()


@dataclass(frozen=True)
class Verifier:
    """Checks submissions against a trust store and a source of revocation evidence."""

    trust: TrustStore
    source: EvidenceSource

    def judge(
        self, submission: Submission, *, text: str, business_number: str, at: datetime
    ) -> VerifiedCompany:
        """Return the company that signed `text`. Raises ProofRefusedError and nothing else."""
        try:
            return self._judge(submission, text, business_number, at)
        except ProofRefusedError:
            raise
        except Exception as error:  # noqa: BLE001  (the parsers are lazy: damage shows late)
            raise ProofRefusedError(Refusal.CMS_MALFORMED, type(error).__name__) from None

    def _judge(
        self, submission: Submission, text: str, business_number: str, at: datetime
    ) -> VerifiedCompany:
        der = base64.b64decode(submission.cms, validate=True)
        message = open_message(der)
        if not hmac.compare_digest(message.content, text.encode()):
            raise ProofRefusedError(Refusal.CHALLENGE_MISMATCH)
        policy = self._company_policy(message.signer)
        evidence = check_path(message.signer, self.trust, self.source, at)
        real_name = prove_number(message.signer, business_number, _secret_of(submission))
        return VerifiedCompany(
            business_number=business_number,
            real_name=real_name,
            assurance=Assurance.NUMBER_PROVEN,
            method=METHOD,
            policy=policy,
            certificate=message.signer,
            signed_message=der,
            revocation={
                **evidence.facts,
                "answers": [base64.b64encode(answer).decode() for answer in evidence.answers],
            },
        )

    def _company_policy(self, signer: x509.Certificate) -> str:
        """Return the accepted policy of a company's certificate."""
        try:
            extension = signer.extensions.get_extension_for_class(x509.CertificatePolicies)
        except x509.ExtensionNotFound:
            raise ProofRefusedError(Refusal.POLICY_REFUSED, "none") from None
        found = {policy.policy_identifier.dotted_string for policy in extension.value}
        if found & self.trust.personal:
            raise ProofRefusedError(Refusal.POLICY_PERSONAL)
        if not found & self.trust.accepted:
            raise ProofRefusedError(Refusal.POLICY_REFUSED, ",".join(sorted(found)))
        return min(found & self.trust.accepted)


def _secret_of(submission: Submission) -> bytes:
    try:
        return base64.b64decode(submission.secret, validate=True)
    except binascii.Error:
        raise ProofRefusedError(Refusal.VID_BAD_R) from None
