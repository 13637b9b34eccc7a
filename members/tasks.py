"""Slow leaf work outside the request's transaction. Tasks never call services."""

import logging
import smtplib
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.utils import timezone
from django_tasks import task

from members import emails
from members.enums import MailState
from members.models import OutboxMail

logger = logging.getLogger(__name__)

# Wait before try 2, 3, 4 …; the last figure repeats. Ten tries reach over about six hours.
BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=60),
)
MAX_ATTEMPTS = 10
SEND_ERRORS = (OSError, smtplib.SMTPException, ValueError)


@task()
def deliver_outbox(mail_pk: int) -> bool:
    """Send one waiting mail now; False when it was not ours to send or the server refused."""
    return deliver(mail_pk, at=timezone.now())


def deliver(mail_pk: int, *, at: datetime) -> bool:
    """Claim one due mail, send it outside any transaction, note the result.

    The claim itself moves the next try into the future, so a process that dies while sending
    leaves a mail that waits: delivered at least once, under one Message-ID.
    """
    mail = _claim(mail_pk, at)
    if mail is None:
        return False
    try:
        emails.send(mail)
    except SEND_ERRORS as error:
        # The server's words may repeat the address; the class is enough to act on.
        logger.warning("mail %s was not sent: %s", mail.uuid, type(error).__name__)
        _note_failure(mail, error)
        return False
    OutboxMail.objects.filter(pk=mail.pk).update(state=MailState.SENT, sent_at=at, last_error="")
    return True


def next_try(attempts: int, at: datetime) -> datetime:
    """Return when the try after `attempts` tries is due."""
    return at + BACK_OFF[min(attempts, len(BACK_OFF)) - 1]


def _claim(mail_pk: int, at: datetime) -> OutboxMail | None:
    """Take the mail by one conditional update; None when another process has it."""
    due = OutboxMail.objects.filter(
        Q(pk=mail_pk), state=MailState.WAITING, send_after__lte=at, attempts__lt=MAX_ATTEMPTS
    )
    attempts = due.values_list("attempts", flat=True).first()
    if attempts is None:
        return None
    claimed = due.filter(attempts=attempts).update(
        attempts=F("attempts") + 1, send_after=next_try(attempts + 1, at)
    )
    return OutboxMail.objects.get(pk=mail_pk) if claimed else None


def _note_failure(mail: OutboxMail, error: Exception) -> None:
    is_dead = mail.attempts >= MAX_ATTEMPTS
    OutboxMail.objects.filter(pk=mail.pk).update(
        state=MailState.FAILED if is_dead else MailState.WAITING,
        last_error=f"{type(error).__name__}: {error}"[:300],
    )
