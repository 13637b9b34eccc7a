"""Finding an ID and a password (S51 to S53, decisions A10 and A11).

Whoever asks gets the same answer after the same work: for a stranger the mail is written and
rolled back, so neither screen nor time tells whether a company is a member.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from members.encryption import lookup_hash
from members.models import Company, PasswordReset, User
from members.selectors import token_hash
from members.services import throttle
from members.services.outbox import add_mail

RESET_LIFETIME = timedelta(hours=1)
TOKEN_BYTES = 32


def mail_login_names(
    *, business_number: str, email: str, address: str | None, at: datetime
) -> None:
    """Send the company's IDs to its representative mail when both match (S52).

    Returns nothing in any case. Raises `throttle.ThrottledError`.
    """
    throttle.hit(scope="find_id_address", key=address or "local", at=at)
    throttle.hit(scope="find_id_company", key=business_number, at=at)
    company = Company.objects.filter(business_number=business_number, email__iexact=email).first()
    people = User.objects.active().filter(company=company) if company else User.objects.none()
    names = sorted(people.values_list("username", flat=True))
    _mail_or_pretend(
        is_real=bool(names),
        kind="login_names",
        to=company.email if company else email,
        subject="[수출지원사업] 아이디를 알려 드립니다",
        template="emails/login_names.txt",
        context={"names": names, "login_url": settings.SITE_URL + reverse("members:login")},
        at=at,
        company=company,
    )


def mail_reset_link(
    *, business_number: str, email: str, mobile: str, address: str | None, at: datetime
) -> None:
    """Send a one-time link (1 hour) to the person's own mail when all three match one person.

    `mobile`: digits. Returns nothing in any case. Raises `throttle.ThrottledError`.
    """
    throttle.hit(scope="find_password_address", key=address or "local", at=at)
    throttle.hit(scope="find_password_account", key=f"{business_number} {mobile}", at=at)
    people = list(
        User.objects.active()
        .filter(
            company__business_number=business_number,
            company__email__iexact=email,
            mobile_hash=lookup_hash(mobile),
        )
        .exclude(email="")
        .select_related("company")[:2]
    )
    person = people[0] if len(people) == 1 else None
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = settings.SITE_URL + reverse("members:reset_password", args=[token])
    with transaction.atomic():
        if person is not None:
            _replace_reset(person, token, at)
        _mail_or_pretend(
            is_real=person is not None,
            kind="password_reset",
            to=person.email if person else email,
            subject="[수출지원사업] 비밀번호를 다시 정해 주십시오",
            template="emails/password_reset.txt",
            context={"link": link, "name": person.name if person else ""},
            at=at,
            company=person.company if person else None,
        )


def _replace_reset(person: User, token: str, at: datetime) -> None:
    """Make a new link; earlier ones of the same person stop working."""
    PasswordReset.objects.filter(user=person, used_at__isnull=True, expires_at__gt=at).update(
        expires_at=at
    )
    PasswordReset.objects.create(
        user=person,
        token_hash=token_hash(token),
        created_at=at,
        expires_at=at + RESET_LIFETIME,
    )


def _mail_or_pretend(
    *,
    is_real: bool,
    kind: str,
    to: str,
    subject: str,
    template: str,
    context: Mapping[str, Any],
    at: datetime,
    company: Company | None,
) -> None:
    with transaction.atomic():
        add_mail(
            kind=kind,
            to=to,
            subject=subject,
            template=template,
            context=context,
            at=at,
            company=company,
        )
        if not is_real:
            transaction.set_rollback(True)
