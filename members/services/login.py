"""Logging in by ID (S4, S54): limits, states, and nothing that tells an ID from a password."""

from datetime import datetime

from members.enums import MembershipState
from members.hashing import find_by_credentials
from members.models import BusinessProof, User
from members.services import throttle


class LoginRefusedError(Exception):
    """Unknown ID or wrong password; nobody is told which."""


class TemporaryPasswordExpiredError(Exception):
    """The temporary password was right but older than 24 hours (decision A10)."""


class MembershipLeftError(Exception):
    """The password was right, but the company has left."""


class NotOfThisCompanyError(Exception):
    """The certificate proves a number, but the ID is not of a person of that company."""


def check_log_in(*, username: str, password: str, address: str | None, at: datetime) -> User:
    """Return the person who may begin a session now.

    5 failures lock the ID for 15 minutes, known or not, and the 6th try fails with the right
    password too; an address has its own wider limit. Raises LoginRefusedError,
    TemporaryPasswordExpiredError, MembershipLeftError, `throttle.ThrottledError`, and
    `members.hashing.HashingBusyError` when too many log in at once.
    """
    place = address or "local"
    throttle.check(scope="login_address", key=place, at=at)
    # Counted before the hash, so that tries in parallel are counted too.
    throttle.hit(scope="login_account", key=username, at=at)
    user = find_by_credentials(username, password)
    if user is None:
        throttle.note_failure(scope="login_address", key=place, at=at)
        raise LoginRefusedError
    throttle.clear(scope="login_account", key=username)
    expires_at = user.temporary_password_expires_at
    if user.must_change_password and expires_at is not None and expires_at <= at:
        raise TemporaryPasswordExpiredError
    company = user.company
    if company is not None and company.membership_state == MembershipState.LEFT:
        raise MembershipLeftError
    return user


def check_log_in_by_proof(*, proof: BusinessProof) -> User:
    """Return the person for whom a certificate stood in for the password (S28, ASVS 6.6.2).

    The ID was typed first and is bound to the challenge; it must belong to the company whose
    number is proven. A lock of the ID is lifted. Raises NotOfThisCompanyError, MembershipLeftError.
    """
    user = person_of_proof(proof=proof)
    if user.company is not None and user.company.membership_state == MembershipState.LEFT:
        raise MembershipLeftError
    throttle.clear(scope="login_account", key=user.username)
    return user


def person_of_proof(*, proof: BusinessProof) -> User:
    """Return the active person whose ID the proof is about. Raises NotOfThisCompanyError."""
    person = (
        User.objects.active()
        .filter(
            username=proof.challenge.login_name,
            company__business_number=proof.business_number,
        )
        .select_related("company")
        .first()
    )
    if person is None:
        raise NotOfThisCompanyError
    proof.company = person.company
    proof.save(update_fields=["company"])
    return person
