"""Setting passwords: by the person, or by a one-time link (S53, S54, decision A10)."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from members.hashing import hash_password, is_password_of
from members.models import BusinessProof, PasswordReset, User
from members.selectors import token_hash
from members.services import throttle
from members.services.login import person_of_proof
from members.services.login_sessions import end_sessions
from members.services.outbox import add_mail

TEMPORARY_PASSWORD_LIFE = timedelta(hours=24)
# Typed from a screen: no letters or digits that are mistaken for each other.
TEMPORARY_SIGNS = "23456789abcdefghjkmnpqrstvwxyz"
TEMPORARY_GROUPS, TEMPORARY_GROUP_LENGTH = 4, 4


class WrongPasswordError(Exception):
    """The present password that was given is not the person's."""


class ResetLinkError(Exception):
    """The link is unknown, used or older than an hour."""


def change_password(*, user: User, present: str, password: str, at: datetime) -> User:
    """Set a new password that the form has checked, and end every session of the person.

    Raises WrongPasswordError, `throttle.ThrottledError` after 5 wrong present passwords.
    """
    throttle.hit(scope="password_change", key=str(user.pk), at=at)
    if not is_password_of(user, present):
        raise WrongPasswordError
    throttle.clear(scope="password_change", key=str(user.pk))
    return _set_password(user=user, hashed=hash_password(password), at=at)


def reset_by_link(*, token: str, password: str, at: datetime) -> User:
    """Set a new password by a one-time link, unlock the log-in and end every session.

    The link is used up by one conditional update, so it works once under any race.
    Raises ResetLinkError.
    """
    reset = usable_reset(token=token, at=at)
    if reset is None:
        raise ResetLinkError
    hashed = hash_password(password)
    with transaction.atomic():
        unused = PasswordReset.objects.filter(pk=reset.pk, used_at__isnull=True)
        if not unused.update(used_at=at):
            raise ResetLinkError
        user = _set_password(user=reset.user, hashed=hashed, at=at)
        throttle.clear(scope="login_account", key=user.username)
    return user


def usable_reset(*, token: str, at: datetime) -> PasswordReset | None:
    """Return the reset of a link that still works: unused, within the hour, person active."""
    return (
        PasswordReset.objects.filter(
            token_hash=token_hash(token),
            used_at__isnull=True,
            expires_at__gt=at,
            user__is_active=True,
        )
        .select_related("user__company")
        .first()
    )


@transaction.atomic
def _set_password(*, user: User, hashed: str, at: datetime) -> User:
    user.password = hashed
    user.password_changed_at = at
    user.must_change_password = False
    user.temporary_password_expires_at = None
    user.save(
        update_fields=[
            "password",
            "password_changed_at",
            "must_change_password",
            "temporary_password_expires_at",
        ]
    )
    end_sessions(user=user)
    if user.email:
        add_mail(
            kind="password_changed",
            to=user.email,
            subject="[수출지원사업] 비밀번호가 바뀌었습니다",
            template="emails/password_changed.txt",
            context={"name": user.name, "at": at},
            at=at,
            company=user.company,
        )
    return user


def give_temporary_password(*, proof: BusinessProof, at: datetime) -> tuple[User, str]:
    """Replace the password of the proof's person by one that lasts 24 hours (decision A10).

    It is returned to be shown once and has to be changed at the first log-in; every session ends
    and the person is told by mail. Raises `login.NotOfThisCompanyError`, HashingBusyError.
    """
    user = person_of_proof(proof=proof)
    groups = (
        "".join(secrets.choice(TEMPORARY_SIGNS) for _ in range(TEMPORARY_GROUP_LENGTH))
        for _ in range(TEMPORARY_GROUPS)
    )
    password = "-".join(groups)
    hashed = hash_password(password)
    with transaction.atomic():
        user = _set_password(user=user, hashed=hashed, at=at)
        user.must_change_password = True
        user.temporary_password_expires_at = at + TEMPORARY_PASSWORD_LIFE
        user.save(update_fields=["must_change_password", "temporary_password_expires_at"])
        throttle.clear(scope="login_account", key=user.username)
    return user, password
