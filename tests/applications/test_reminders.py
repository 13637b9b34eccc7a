"""Reminders by consent, and the stop link (S25, A18)."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client

from applications.models import Bookmark, Reminder
from applications.selectors import companies_willing_to_get_mail
from applications.services import reminders
from applications.services.moves import move_application
from applications.services.reminders import send_reminders, stop_url
from cms.models import NoticePage
from cms.services.notices import change_intake
from members.emails import send
from members.enums import ConsentChoice, LegalKind
from members.models import Consent, OutboxMail
from tests.factories.members import ConsentFactory, MemberFactory, StaffFactory

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def agree_to_mail(person, texts, choice=ConsentChoice.AGREED):
    text = next(text for text in texts if text.kind == LegalKind.EMAIL)
    return ConsentFactory(person=person, company=person.company, text=text, choice=choice)


@pytest.fixture
def willing(person, texts):
    """The company agrees to mail."""
    agree_to_mail(person, texts)
    return person


def close_in(notice, at, delta):
    NoticePage.objects.filter(pk=notice.pk).update(intake_closes_at=at + delta)


@pytest.mark.parametrize(
    ("left", "kinds"),
    [
        (timedelta(days=3) + HOUR, []),
        (timedelta(days=3), ["three_days"]),
        (timedelta(days=1) + HOUR, ["three_days"]),
        (timedelta(days=1), ["one_day"]),
        (HOUR, ["one_day"]),
        (timedelta(0), []),
        (-HOUR, []),
    ],
)
def test_a_draft_is_reminded_of_once_per_step(willing, draft, notice, at, left, kinds):
    """Issue D.1: draft not submitted 3 days and 1 day before closing; a second run tells none."""
    close_in(notice, at, left)

    send_reminders(at=at)
    send_reminders(at=at)

    assert list(Reminder.objects.values_list("kind", flat=True)) == kinds
    assert OutboxMail.objects.filter(kind="reminder_draft").count() == len(kinds)


def test_a_handed_in_application_is_not_reminded_of(willing, submitted, notice, at):
    """Issue D.1: only what waits."""
    close_in(notice, at, HOUR)

    assert send_reminders(at=at) == 0


@pytest.mark.parametrize("choice", [None, ConsentChoice.DECLINED, ConsentChoice.WITHDRAWN])
def test_without_consent_nobody_is_reminded(person, texts, draft, notice, at, choice):
    """S25: no consent, no mail; the last answer counts."""
    if choice is not None:
        agree_to_mail(person, texts)
        agree_to_mail(person, texts, choice)
    close_in(notice, at, HOUR)

    assert send_reminders(at=at) == 0


def test_a_changed_period_is_told_to_drafts_and_scraps(willing, texts, draft, notice, at):
    """Issue D.1: closing time changed; also to whoever scrapped the notice."""
    scrapper = MemberFactory()
    agree_to_mail(scrapper, texts)
    Bookmark.objects.keep(person=scrapper, notice=notice, at=at)
    change_intake(
        notice=notice,
        changes={"intake_closes_at": notice.intake_closes_at + timedelta(days=7)},
        reason="접수시스템 장애",
        by=StaffFactory(agency=notice.agency),
        at=at,
    )

    send_reminders(at=at)
    send_reminders(at=at + HOUR)

    mails = OutboxMail.objects.filter(kind="reminder_change")
    assert {mail.to for mail in mails} == {willing.email, scrapper.email}
    assert "접수시스템 장애" in mails[0].body


def test_a_correction_is_reminded_of_a_day_before(willing, submitted, notice, at):
    """Issue D.1: correction due."""
    officer = StaffFactory(agency=notice.agency)
    move_application(application=submitted, to="under_check", by=officer, at=at)
    move_application(
        application=submitted,
        to="correction_asked",
        by=officer,
        at=at,
        reason="보완해 주십시오.",
        papers={notice.required_documents.first().key: "직인"},
        due_at=at + timedelta(days=2),
    )

    assert send_reminders(at=at) == 0
    assert send_reminders(at=at + timedelta(days=1)) == 1
    assert send_reminders(at=at + timedelta(days=1)) == 0


def test_the_stop_link_stops_by_a_button_and_not_by_looking(client, willing, at):
    """A18: one-click stop without a log-in; a GET changes nothing."""
    path = stop_url(willing).partition("//")[2].partition("/")[2]

    shown = client.get(f"/{path}")
    assert shown.status_code == 200
    assert Consent.objects.latest_of(willing.company).agreed().exists()

    client.post(f"/{path}")
    last = Consent.objects.latest_of(willing.company).get()
    assert last.choice == ConsentChoice.WITHDRAWN


@pytest.mark.parametrize("token", ["x", "abc:def", "..."])
def test_another_stop_link_is_not_known(client, token):
    """ASVS 9.1.1: altered or invented links are refused."""
    assert client.get(f"/mail/stop/{token}/").status_code == 404
    assert client.post(f"/mail/stop/{token}/").status_code == 404


def test_the_command_says_how_many(willing, draft, notice, at, capsys):
    """Operations: run every hour."""
    close_in(notice, at, HOUR)

    call_command("send_reminders")

    assert "reminders written: 1" in capsys.readouterr().out


def test_a_mail_that_fails_leaves_no_reminder(willing, draft, notice, at, monkeypatch):
    """ASVS 2.3.3: the mark and the mail share a transaction."""

    def fail(**kwargs):
        raise RuntimeError

    close_in(notice, at, HOUR)
    monkeypatch.setattr(reminders, "mail_person", fail)

    with pytest.raises(RuntimeError):
        send_reminders(at=at)

    assert not Reminder.objects.exists()


def test_a_reminder_carries_the_stop_link_for_mail_programs(willing, draft, notice, at, mailoutbox):
    """A18, RFC 8058: List-Unsubscribe with one click; the outbox keeps the address encrypted."""
    close_in(notice, at, timedelta(days=1))
    send_reminders(at=at)
    mail = OutboxMail.objects.get(kind="reminder_draft")

    send(mail)

    headers = mailoutbox[-1].extra_headers
    assert headers["List-Unsubscribe"] == f"<{stop_url(willing)}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_mail_program_stops_mails_without_cookie_and_form(willing, at):
    """RFC 8058: the signed address alone is enough, from outside, by POST only."""
    path = stop_url(willing).partition("//")[2].partition("/")[2]
    program = Client(enforce_csrf_checks=True)

    response = program.post(f"/{path}", {"List-Unsubscribe": "One-Click"})

    assert response.status_code == 200
    assert not companies_willing_to_get_mail().filter(pk=willing.company_id).exists()
