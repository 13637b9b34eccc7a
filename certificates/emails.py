"""Mails of this room."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from certificates.models import Certificate
from members.services.outbox import add_mail


def add_revoked_mail(*, certificate: Certificate, at: datetime) -> None:
    """Tell the company that its certificate was revoked, and why."""
    add_mail(
        kind="certificate_revoked",
        to=certificate.company.email,
        subject=f"확인증이 폐기되었습니다: {certificate.number}",
        template="emails/certificate_revoked.txt",
        context={
            "certificate": certificate,
            "agency": certificate.notice.agency,
            "url": settings.SITE_URL + reverse("certificates:detail", args=[certificate.uuid]),
        },
        at=at,
        company=certificate.company,
    )
