"""The certificate window that joining, logging in and password reset share (S28, S30)."""

import logging
from dataclasses import dataclass

from members.enums import ProofPurpose
from members.forms.proofs import NumberProofForm, proof_form
from members.pki.trust import TrustStoreError, trust_store

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SigningWindow:
    """The form of a purpose, and which certificates the page may use."""

    form: NumberProofForm
    policies: dict[str, list[str]]


def signing_window(purpose: ProofPurpose, *, number: str = "") -> SigningWindow | None:
    """Return the window, or None where no trust store is in force: then nothing is offered."""
    try:
        trust = trust_store()
    except TrustStoreError:
        log.exception("The trust store cannot be used.")
        return None
    if trust is None:
        return None
    return SigningWindow(
        form=proof_form(purpose, initial={"business_number": number}),
        policies={"company": sorted(trust.accepted), "personal": sorted(trust.personal)},
    )
