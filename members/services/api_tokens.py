"""Tokens of an agency's own systems: made and revoked by the operator, shown once."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from members.encryption import lookup_hash
from members.enums import AccessAction, ApiScope, StaffRole
from members.models import Agency, ApiReply, ApiToken, User
from members.services.access_records import record_access
from members.services.agencies import grant_role
from members.services.staff import deactivate_user

PREFIX = "esp_"
SECRET_BYTES = 32
HINT_LENGTH = 10
LONGEST_LIFE = timedelta(days=366)
NOTE_USE_EVERY = timedelta(minutes=1)
REPLY_LIFE = timedelta(hours=24)


class BadExpiryError(Exception):
    """A token ends within a year from now, never in the past and never not at all."""


@transaction.atomic
def issue_token(
    *,
    agency: Agency,
    label: str,
    scopes: Collection[str],
    expires_at: datetime,
    by: User,
    at: datetime,
) -> tuple[ApiToken, str]:
    """Make a token and return it with its secret, which nobody can read again.

    The token works through an account of its own: an officer of the agency without a password, so
    that every rule about officers holds for it and every history names it. Raises BadExpiryError.
    """
    if not at < expires_at <= at + LONGEST_LIFE:
        raise BadExpiryError
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    account = User.objects.create_user(
        f"api{secrets.token_hex(8)}", None, name=f"{label} (API)", date_joined=at
    )
    grant_role(user=account, role=StaffRole.OFFICER, agency=agency, by=by, at=at)
    account.refresh_from_db()
    token = ApiToken.objects.create(
        agency=agency,
        account=account,
        label=label,
        scopes=[ApiScope(scope).value for scope in ApiScope if scope in scopes],
        secret_hash=secret_hash(secret),
        secret_hint=secret[:HINT_LENGTH],
        created_at=at,
        created_by=by,
        expires_at=expires_at,
    )
    _record(token, f"접근 토큰 발급: {agency.name}, {', '.join(token.scope_labels)}", by=by, at=at)
    return token, secret


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User, at: datetime, reason: str) -> ApiToken:
    """Take a token back at once, with its account's role; a second call changes nothing."""
    token = ApiToken.objects.select_for_update(of=("self",)).get(pk=token.pk)
    if token.revoked_at is not None:
        return token
    token.revoked_at, token.revoked_by = at, by
    token.save(update_fields=["revoked_at", "revoked_by"])
    deactivate_user(user=token.account, by=by, at=at, reason=reason)
    _record(token, f"접근 토큰 회수: {token.agency.name}", by=by, at=at, reason=reason)
    return token


def find_token(*, secret: str, at: datetime) -> ApiToken | None:
    """Return the usable token of a secret, and note that it was used (once a minute)."""
    tokens = ApiToken.objects.usable_at(at).select_related("agency", "account__agency")
    token = tokens.filter(secret_hash=secret_hash(secret)).first()
    if token is None:
        return None
    if token.last_used_at is None or at - token.last_used_at >= NOTE_USE_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
    return token


def secret_hash(secret: str) -> str:
    """Return what is stored of a secret: 64 hex digits, keyed."""
    return lookup_hash(f"api-token:{secret}")


def claim_key(
    *, token: ApiToken, key: str, fingerprint: str, at: datetime
) -> tuple[ApiReply, bool]:
    """Return the reply of a token's Idempotency-Key and whether it is new.

    Must run in the caller's transaction: a second request with the same key waits there for the
    first, and finds its answer or, where that was rolled back, takes its place. What is older
    than a day is forgotten.
    """
    ApiReply.objects.filter(token=token, created_at__lt=at - REPLY_LIFE).delete()
    return ApiReply.objects.select_for_update().get_or_create(
        token=token, key=key, defaults={"fingerprint": fingerprint, "created_at": at}
    )


def _record(token: ApiToken, what: str, *, by: User, at: datetime, reason: str = "") -> None:
    record_access(
        actor=by,
        action=AccessAction.ROLE,
        subjects=[token.account],
        what=what,
        at=at,
        address=None,
        reason=reason,
    )
