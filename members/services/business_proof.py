"""Challenges and their answers: how a company proves its number (S28, pki.md sections 4 and 5)."""

import json
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.conf import settings
from django.db import transaction

from members.enums import ProofPurpose
from members.models import BusinessProof, Challenge
from members.pki.refusals import ProofRefusedError, Refusal
from members.pki.responders import RespondersFirst
from members.pki.trust import TrustStore, trust_store
from members.pki.verifier import Submission, VerifiedCompany, Verifier
from members.selectors import token_hash
from members.services import throttle

CHALLENGE_LIFE = timedelta(minutes=5)
# An unanswered challenge says nothing; an answered one is evidence and stays.
KEEP_UNANSWERED = timedelta(days=7)
NONCE_BYTES = 32
ACCEPTED = "accepted"

log = logging.getLogger("members.pki")


class ProofNotOfferedError(Exception):
    """No trust store is set up, so certificates cannot be checked here."""


@dataclass(frozen=True)
class ProofRequest:
    """What a challenge is bound to; `login_name` only where the proof stands for a password."""

    purpose: ProofPurpose
    business_number: str
    session: str
    login_name: str = ""


class ProofMethod(Protocol):
    """A way to prove a company; others (mTLS, cloud certificates) plug in here."""

    @property
    def slug(self) -> str:
        """Return the name under which proofs of this method are kept."""

    def begin(self, asked: ProofRequest, *, at: datetime) -> Challenge:
        """Return the text to sign."""

    def complete(
        self, challenge: Challenge, submission: Submission, *, at: datetime
    ) -> VerifiedCompany:
        """Return who is proven. Raises ProofRefusedError."""


@dataclass(frozen=True)
class SigningCertificate:
    """공동인증서: the challenge signed as CMS, with R for the number."""

    trust: TrustStore
    slug: str = "signing_cert"

    def begin(self, asked: ProofRequest, *, at: datetime) -> Challenge:
        """Store and return a challenge whose text is canonical JSON."""
        nonce = secrets.token_urlsafe(NONCE_BYTES)
        return Challenge.objects.create(
            nonce=nonce,
            purpose=asked.purpose,
            business_number=asked.business_number,
            login_name=asked.login_name.lower(),
            session_hash=token_hash(asked.session),
            text=_text_to_sign(asked, nonce, at),
            issued_at=at,
            expires_at=at + CHALLENGE_LIFE,
        )

    def complete(
        self, challenge: Challenge, submission: Submission, *, at: datetime
    ) -> VerifiedCompany:
        """Judge the signed challenge by the trust store in force."""
        verifier = Verifier(self.trust, RespondersFirst(self.trust))
        return verifier.judge(
            submission, text=challenge.text, business_number=challenge.business_number, at=at
        )


def proof_method() -> ProofMethod:
    """Return the method that this site offers. Raises ProofNotOfferedError."""
    trust = trust_store()
    if trust is None:
        raise ProofNotOfferedError
    return SigningCertificate(trust)


def begin_proof(*, asked: ProofRequest, address: str | None, at: datetime) -> Challenge:
    """Hand out a challenge for 5 minutes.

    Raises `throttle.ThrottledError`, ProofNotOfferedError.
    """
    method = proof_method()
    throttle.hit(scope="proof_address", key=address or "local", at=at)
    throttle.hit(scope="proof_session", key=asked.session, at=at)
    throttle.hit(scope="proof_company", key=asked.business_number, at=at)
    return method.begin(asked, at=at)


def complete_proof(
    *, nonce: str, purpose: ProofPurpose, session: str, submission: Submission, at: datetime
) -> BusinessProof:
    """Burn the challenge, judge the answer and keep its evidence.

    The challenge is used up whatever comes of it. Raises ProofRefusedError, whose code is kept with
    the challenge and logged; the submission is not. Raises ProofNotOfferedError.
    """
    method = proof_method()
    challenge = _take(nonce, purpose, session, at)
    try:
        verified = method.complete(challenge, submission, at=at)
    except ProofRefusedError as refusal:
        _note(challenge, refusal.code)
        raise
    return _keep(challenge, verified, at)


def _take(nonce: str, purpose: ProofPurpose, session: str, at: datetime) -> Challenge:
    """Return the challenge that this caller alone used up, in its session and for its purpose."""
    taken = Challenge.objects.take(nonce, at)
    challenge = Challenge.objects.filter(nonce=nonce).first()
    if challenge is None or challenge.purpose != purpose:
        raise ProofRefusedError(Refusal.CHALLENGE_UNKNOWN)
    if not taken:
        is_late = challenge.used_at is None
        code = Refusal.CHALLENGE_EXPIRED if is_late else Refusal.CHALLENGE_UNKNOWN
        log.info("Proof refused: %s challenge=%s purpose=%s", code, challenge.pk, purpose)
        raise ProofRefusedError(code)
    if not secrets.compare_digest(challenge.session_hash, token_hash(session)):
        _note(challenge, Refusal.CHALLENGE_SESSION)
        raise ProofRefusedError(Refusal.CHALLENGE_SESSION)
    return challenge


def _note(challenge: Challenge, code: Refusal) -> None:
    """Keep and log a refusal by its code alone."""
    Challenge.objects.filter(pk=challenge.pk).update(result=code)
    log.info("Proof refused: %s challenge=%s purpose=%s", code, challenge.pk, challenge.purpose)


@transaction.atomic
def _keep(challenge: Challenge, verified: VerifiedCompany, at: datetime) -> BusinessProof:
    Challenge.objects.filter(pk=challenge.pk).update(result=ACCEPTED)
    certificate = verified.certificate
    return BusinessProof.objects.create(
        challenge=challenge,
        purpose=challenge.purpose,
        method=verified.method,
        assurance=verified.assurance,
        business_number=verified.business_number,
        real_name=verified.real_name,
        policy=verified.policy,
        issuer=certificate.issuer.rfc4514_string(),
        serial_number=str(certificate.serial_number),
        key_hash=verified.key_hash,
        certificate=verified.certificate_der,
        signed_message=verified.signed_message,
        revocation=verified.revocation,
        certificate_expires_at=certificate.not_valid_after_utc,
        at=at,
    )


def _text_to_sign(asked: ProofRequest, nonce: str, at: datetime) -> str:
    """Return canonical JSON: sorted keys, no blanks; compared byte for byte, never parsed again."""
    issued = int(at.timestamp())
    return json.dumps(
        {
            "v": 1,
            "aud": settings.SITE_URL,
            "purpose": str(asked.purpose),
            "brn": asked.business_number,
            "nonce": nonce,
            "iat": issued,
            "exp": issued + int(CHALLENGE_LIFE.total_seconds()),
        },
        separators=(",", ":"),
        sort_keys=True,
    )


def purge_challenges(*, at: datetime) -> int:
    """Delete challenges that led to no proof and are a week old; returns how many."""
    old = Challenge.objects.filter(expires_at__lt=at - KEEP_UNANSWERED, proof__isnull=True)
    deleted, _ = old.delete()
    return deleted
