"""How a mail is written and handed to the mail server. Plain text, Korean, never HTML."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.template import Context
from django.template.loader import get_template

from members.models import OutboxMail

MAX_SUBJECT = 200
SITE_NAME = "수출지원사업 통합 포털"
_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


def one_line(text: str) -> str:
    """Return `text` without line breaks and control characters, fit for a mail header."""
    return " ".join(_BREAKS.sub(" ", text).split())


def render_body(template: str, context: Mapping[str, Any]) -> str:
    """Render a plain-text template; nothing is HTML-escaped, the common signature is included."""
    words = {"site_name": SITE_NAME, "site_url": settings.SITE_URL, **context}
    source = get_template(template).template  # type: ignore[attr-defined]
    body: str = source.render(Context(words, autoescape=False))
    return re.sub(r"\n{3,}", "\n\n", body).strip() + "\n"


def message_id(uuid: UUID) -> str:
    """Return the Message-ID that stays the same over every retry."""
    return f"<{uuid}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>"


def send(mail: OutboxMail) -> None:
    """Hand one mail to the mail server; raises what the server's answer raises."""
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
    if mail.stop_url:
        headers |= {
            "List-Unsubscribe": f"<{mail.stop_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    EmailMessage(
        subject=mail.subject,
        body=mail.body,
        to=[mail.to],
        headers=headers,
    ).send()
