"""Mail leaves with its transaction, at least once, under one name (security.md 2.20)."""

import smtplib
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core import mail as mailbox
from django.db import connection, transaction

from members.enums import MailState
from members.models import OutboxMail
from members.services import outbox
from members.tasks import MAX_ATTEMPTS
from tests.factories.members import OutboxMailFactory, StaffFactory

pytestmark = pytest.mark.django_db


class RefusingServer:
    """Stands for a mail server that answers 451 to everything."""

    def __init__(self, *args, **kwargs):
        pass

    def send_messages(self, messages):
        raise smtplib.SMTPDataError(451, b"try later")


@pytest.fixture
def refusing_server(settings):
    settings.EMAIL_BACKEND = f"{__name__}.RefusingServer"


def add(at, **words):
    words = {
        "kind": "test",
        "to": "office@company.example",
        "subject": "접수 안내",
        "template": "emails/membership_refused.txt",
        "context": {"company": "한빛 & 정밀", "reason": "<서류> 누락"},
        "at": at,
        **words,
    }
    return outbox.add_mail(**words)


def test_a_mail_leaves_when_the_transaction_commits(at, django_capture_on_commit_callbacks):
    """domain.md 5.7: the row commits with what it tells; delivery follows."""
    with django_capture_on_commit_callbacks(execute=True):
        mail = add(at)

    mail.refresh_from_db()
    (sent,) = mailbox.outbox
    assert mail.state == MailState.SENT
    assert sent.to == ["office@company.example"]
    assert sent.extra_headers["Message-ID"] == mail.message_id


def test_a_rolled_back_action_sends_nothing(at, django_capture_on_commit_callbacks):
    """security.md 2.20: no mail about what never happened."""
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        add(at)
        transaction.set_rollback(True)

    assert mailbox.outbox == []
    assert not OutboxMail.objects.exists()


def test_the_text_is_plain_and_not_escaped(at):
    """security.md ASVS 1.2.1: plain text needs no HTML escaping."""
    body = add(at).body

    assert "한빛 & 정밀" in body
    assert "<서류> 누락" in body
    assert "발신 전용" in body


def test_a_subject_never_makes_a_second_header(at):
    """security.md ASVS 1.3.11: CR and LF become blanks."""
    mail = add(at, subject="접수\r\nBcc: thief@evil.example\u2028끝")

    assert mail.subject == "접수 Bcc: thief@evil.example 끝"


@pytest.mark.parametrize("address", ["", "a@b", "x@y.kr\nBcc: z@evil.example", "a@b.kr, c@d.kr"])
def test_an_address_that_is_none_is_refused(at, address):
    """security.md ASVS 1.3.11."""
    with pytest.raises(outbox.InvalidRecipientError):
        add(at, to=address)

    assert not OutboxMail.objects.exists()


def test_a_refused_mail_waits_with_back_off(at, refusing_server):
    """security.md 2.20: 1, 5, 15, 60 minutes."""
    mail = OutboxMailFactory(created_at=at, send_after=at)
    waits = []
    at = at
    for _ in range(5):
        outbox.send_waiting(at=at)
        mail.refresh_from_db()
        waits.append(mail.send_after - at)
        at = mail.send_after

    assert waits == [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 60)]
    assert mail.state == MailState.WAITING


def test_a_mail_is_given_up_after_ten_tries(at, refusing_server):
    """security.md 2.20: dead after ten, visible to the operator."""
    mail = OutboxMailFactory(created_at=at, send_after=at, attempts=MAX_ATTEMPTS - 1)

    outbox.send_waiting(at=at)

    mail.refresh_from_db()
    assert mail.state == MailState.FAILED
    assert "SMTPDataError" in mail.last_error


def test_a_worker_that_died_while_sending_leaves_a_waiting_mail(at):
    """security.md 2.20: at least once, under the same Message-ID."""
    mail = OutboxMailFactory(created_at=at, send_after=at, attempts=1)
    message_id = mail.message_id

    outbox.send_waiting(at=at)

    assert mailbox.outbox[0].extra_headers["Message-ID"] == message_id


def test_a_claimed_mail_is_not_sent_by_a_second_sender(at):
    """security.md 2.50: two runners do not double mail."""
    mail = OutboxMailFactory(created_at=at, send_after=at + timedelta(minutes=1), attempts=1)

    outbox.send_waiting(at=at)

    assert mailbox.outbox == []
    assert OutboxMail.objects.get(pk=mail.pk).state == MailState.WAITING


def test_a_queue_that_is_down_costs_nobody_an_error_page(
    at, monkeypatch, django_capture_on_commit_callbacks
):
    """domain.md 1: the mail stays waiting, and what was committed is answered as usual."""

    def fail(key):
        raise ConnectionError("no queue")

    monkeypatch.setattr(outbox, "deliver_outbox", SimpleNamespace(enqueue=fail))

    with django_capture_on_commit_callbacks(execute=True):
        mail = add(at)

    assert OutboxMail.objects.get(pk=mail.pk).state == MailState.WAITING


def test_a_failed_mail_can_be_sent_again(at, django_capture_on_commit_callbacks):
    """domain.md 1: the operator mends the outbox."""
    mail = OutboxMailFactory(created_at=at, send_after=at, state=MailState.FAILED, attempts=10)

    with django_capture_on_commit_callbacks(execute=True):
        outbox.resend_mail(mail=mail, by=StaffFactory(operator=True), at=at)

    mail.refresh_from_db()
    assert mail.state == MailState.SENT


def test_a_sent_mail_is_not_sent_again(at):
    """security.md 2.20: one visible mail."""
    mail = OutboxMailFactory(created_at=at, send_after=at, state=MailState.SENT)

    with pytest.raises(outbox.MailNotResendableError):
        outbox.resend_mail(mail=mail, by=StaffFactory(operator=True), at=at)


def test_the_body_is_encrypted_in_the_database(at):
    """domain.md 5.8: encrypted wherever copied, the outbox too."""
    mail = add(at)

    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM members_outboxmail WHERE id = %s", [mail.pk])
        (stored,) = cursor.fetchone()
    assert "한빛" not in stored
