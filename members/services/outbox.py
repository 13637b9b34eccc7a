"""Mail leaves through the outbox: a row in the caller's transaction, sent after the commit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from members import emails
from members.enums import MailState
from members.models import Company, OutboxMail, User
from members.tasks import MAX_ATTEMPTS, deliver, deliver_outbox


class InvalidRecipientError(Exception):
    """The address cannot receive mail; nothing was written."""


class MailNotResendableError(Exception):
    """Only a mail that failed or waits can be sent again."""


@transaction.atomic
def add_mail(
    *,
    kind: str,
    to: str,
    subject: str,
    template: str,
    context: Mapping[str, Any],
    at: datetime,
    company: Company | None = None,
    stop_url: str = "",
) -> OutboxMail:
    """Write a mail into the caller's transaction; it is sent when that commits.

    `kind` is a short English word for the operator's list; `template` a plain-text template such
    as «emails/joined.txt», which includes «emails/parts/signature.txt». Line breaks in `subject`
    become blanks. `stop_url`: where a POST ends mails of this kind, for mail programs (RFC 8058).
    Raises InvalidRecipientError.
    """
    try:
        validate_email(to)
    except ValidationError as error:
        raise InvalidRecipientError from error
    uuid = uuid4()
    mail = OutboxMail.objects.create(
        uuid=uuid,
        kind=kind,
        to=to,
        subject=emails.one_line(subject)[: emails.MAX_SUBJECT],
        body=emails.render_body(template, context),
        message_id=emails.message_id(uuid),
        company=company,
        stop_url=stop_url,
        created_at=at,
        send_after=at,
    )
    # Robust: a queue that is down must not turn a committed action into an error page. Django names
    # the function that failed, so it must have a name: a partial has none.
    transaction.on_commit(lambda: deliver_outbox.enqueue(mail.pk), robust=True)
    return mail


@dataclass(frozen=True)
class MailDraft:
    """One mail of many, before it is in the outbox; the fields are those of `add_mail`."""

    kind: str
    to: str
    subject: str
    template: str
    context: Mapping[str, Any]
    company: Company | None = None


@transaction.atomic
def add_mails(*, mails: Sequence[MailDraft], at: datetime) -> int:
    """Write many mails by one statement; the queue sends them, no request waits for any.

    Those with an address that cannot receive mail are left out. Returns how many were written.
    """
    rows = []
    for mail in mails:
        try:
            validate_email(mail.to)
        except ValidationError:
            continue
        uuid = uuid4()
        rows.append(
            OutboxMail(
                uuid=uuid,
                kind=mail.kind,
                to=mail.to,
                subject=emails.one_line(mail.subject)[: emails.MAX_SUBJECT],
                body=emails.render_body(mail.template, mail.context),
                message_id=emails.message_id(uuid),
                company=mail.company,
                created_at=at,
                send_after=at,
            )
        )
    return len(OutboxMail.objects.bulk_create(rows))


def send_waiting(*, at: datetime, limit: int = 100) -> int:
    """Send the mails that are due, oldest first; returns how many left. Run every minute."""
    OutboxMail.objects.filter(
        state=MailState.WAITING, attempts__gte=MAX_ATTEMPTS, send_after__lte=at
    ).update(state=MailState.FAILED)
    due = OutboxMail.objects.filter(state=MailState.WAITING, send_after__lte=at)
    keys = list(due.order_by("send_after", "pk").values_list("pk", flat=True)[:limit])
    return sum(deliver(key, at=at) for key in keys)


@transaction.atomic
def resend_mail(*, mail: OutboxMail, by: User, at: datetime) -> OutboxMail:
    """Put a failed or waiting mail at the head of the queue with its tries forgotten."""
    mail = OutboxMail.objects.select_for_update(of=("self",)).get(pk=mail.pk)
    if mail.state == MailState.SENT:
        raise MailNotResendableError
    mail.state = MailState.WAITING
    mail.attempts = 0
    mail.send_after = at
    mail.save(update_fields=["state", "attempts", "send_after"])
    transaction.on_commit(lambda: deliver_outbox.enqueue(mail.pk), robust=True)
    return mail
