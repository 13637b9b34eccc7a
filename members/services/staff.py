"""Staff accounts: made by an operator, never by themselves, ended without delay."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from members.enums import AccessAction, StaffRole
from members.models import Agency, User
from members.services.access_records import record_access
from members.services.agencies import grant_role, revoke_role
from members.services.login_sessions import end_sessions

TEMPORARY_PASSWORD_LIFE = timedelta(hours=24)


class LoginNameTakenError(Exception):
    """The log-in ID is or was somebody's; IDs are never reused."""


class OwnAccountError(Exception):
    """Nobody deactivates or demotes the account they work with."""


@transaction.atomic
def create_staff(
    *,
    username: str,
    name: str,
    email: str,
    role: StaffRole | str,
    agency: Agency | None,
    password: str,
    by: User | None,
    at: datetime,
    is_temporary: bool = False,
    details: Mapping[str, Any] | None = None,
) -> User:
    """Create a staff account and give it its role; the password was validated by the caller.

    `is_temporary`: the password was chosen by another person; it lives 24 hours and must be
    changed at the first log-in. `details`: further columns of User, such as department and
    position. Raises LoginNameTakenError and the errors of `grant_role`.
    """
    if User.objects.filter(username__iexact=username).exists():
        raise LoginNameTakenError
    user = User.objects.create_user(
        username,
        password,
        name=name,
        email=email,
        date_joined=at,
        password_changed_at=at,
        must_change_password=is_temporary,
        temporary_password_expires_at=at + TEMPORARY_PASSWORD_LIFE if is_temporary else None,
        **(details or {}),
    )
    grant_role(user=user, role=role, agency=agency, by=by, at=at)
    user.refresh_from_db()
    return user


@transaction.atomic
def set_temporary_password(*, user: User, password: str, by: User, at: datetime) -> User:
    """Give a staff member a password for 24 hours that must be changed at log-in."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    user.set_password(password)
    user.password_changed_at = at
    user.must_change_password = True
    user.temporary_password_expires_at = at + TEMPORARY_PASSWORD_LIFE
    user.save(
        update_fields=[
            "password",
            "password_changed_at",
            "must_change_password",
            "temporary_password_expires_at",
        ]
    )
    end_sessions(user=user)
    _record(by, user, "임시 비밀번호 발급", at)
    return user


@transaction.atomic
def deactivate_user(*, user: User, by: User | None, at: datetime, reason: str) -> User:
    """End an account at once: no log-in, no session, no role; the row and its ID stay.

    `by` is None for the command line. Raises OwnAccountError.
    """
    if by is not None and by.pk == user.pk:
        raise OwnAccountError
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.staff_role:
        user = revoke_role(user=user, by=by, at=at)
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user=user)
    _record(by, user, "계정 사용 중지", at, reason)
    return user


@transaction.atomic
def reactivate_user(*, user: User, by: User, at: datetime, reason: str) -> User:
    """Let a deactivated account log in again; a staff role has to be granted anew."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    user.is_active = True
    user.save(update_fields=["is_active"])
    _record(by, user, "계정 사용 재개", at, reason)
    return user


def _record(by: User | None, user: User, what: str, at: datetime, reason: str = "") -> None:
    if by is not None:
        record_access(
            actor=by,
            action=AccessAction.ROLE,
            subjects=[user],
            what=what,
            at=at,
            address=None,
            reason=reason,
        )
