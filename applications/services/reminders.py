"""Reminders by consent to mail (S25): drafts before closing, changed periods, corrections due.

Each is written once: the Reminder row and its mail share a transaction, so a run that is repeated
or interrupted tells nobody twice.
"""

from datetime import datetime, timedelta

from django.core import signing
from django.db import IntegrityError, transaction

from applications import emails, selectors
from applications.emails import MailText
from applications.enums import ReminderKind
from applications.models import Application, CorrectionRequest, Reminder
from applications.services.notifying import mail_person
from cms.models import IntakeChange, NoticePage
from members.models import Consent, User
from members.services.consents import answer_email_consent

BEFORE_CLOSING = (
    (ReminderKind.ONE_DAY, timedelta(days=1)),
    (ReminderKind.THREE_DAYS, timedelta(days=3)),
)
CORRECTION_BEFORE = timedelta(days=1)
# A change that no run has told within a week is old news.
CHANGES_OF = timedelta(days=7)
STOP_SALT = "applications.mail-stop"


class UnknownStopLinkError(Exception):
    """The stop link is not one of ours, or its person has left."""


def send_reminders(*, at: datetime) -> int:
    """Write every reminder that is due and was not written yet; returns how many. Run hourly."""
    return remind_of_drafts(at=at) + tell_of_changes(at=at) + remind_of_corrections(at=at)


def remind_of_drafts(*, at: datetime) -> int:
    """Remind of drafts that are not handed in, 3 days and 1 day before closing."""
    horizon = at + BEFORE_CLOSING[-1][1]
    written = 0
    for draft in selectors.drafts_closing(at=at, until=horizon):
        ends_at = draft.notice.ends_at
        if ends_at is None or not at < ends_at <= horizon:
            continue
        kind = next(kind for kind, before in BEFORE_CLOSING if ends_at - at <= before)
        written += write_once(
            person=draft.created_by,
            notice=draft.notice,
            kind=kind,
            occasion=ends_at.isoformat(),
            mail=emails.draft_reminder(draft, stop_url=stop_url(draft.created_by)),
            at=at,
        )
    return written


def tell_of_changes(*, at: datetime) -> int:
    """Tell whoever has a draft or a scrap of a notice that its intake period was changed."""
    changes = IntakeChange.objects.filter(at__gt=at - CHANGES_OF, at__lte=at)
    written = 0
    for change in changes.select_related("notice__agency").order_by("pk"):
        if not emails.changes_period(change):
            continue
        for person in selectors.people_waiting_for(change.notice):
            written += write_once(
                person=person,
                notice=change.notice,
                kind=ReminderKind.CHANGED,
                occasion=f"change {change.pk}",
                mail=emails.change_notice(change, stop_url=stop_url(person)),
                at=at,
            )
    return written


def remind_of_corrections(*, at: datetime) -> int:
    """Remind of corrections that are due within a day."""
    due = CorrectionRequest.objects.unanswered().filter(
        due_at__gt=at, due_at__lte=at + CORRECTION_BEFORE
    )
    rows = Application.objects.filter(corrections__in=due).distinct()
    written = 0
    for application in selectors.with_willing_person(rows):
        if application.submitted_by is None:
            continue
        last = application.corrections.unanswered().order_by("-pk")[0]
        written += write_once(
            person=application.submitted_by,
            notice=application.notice,
            kind=ReminderKind.CORRECTION_DUE,
            occasion=f"correction {last.pk}",
            mail=emails.correction_reminder(
                application, due_at=last.due_at, stop_url=stop_url(application.submitted_by)
            ),
            at=at,
        )
    return written


def write_once(
    *,
    person: User,
    notice: NoticePage,
    kind: ReminderKind,
    occasion: str,
    mail: MailText,
    at: datetime,
) -> bool:
    """Write one reminder with its mail; False when the person was told before."""
    told = {"person": person, "notice": notice, "kind": kind, "occasion": occasion}
    if Reminder.objects.filter(**told).exists():
        return False
    try:
        with transaction.atomic():
            Reminder.objects.create(**told, at=at)
            mail_person(person=person, mail=mail, at=at)
    except IntegrityError:
        return False
    return True


def stop_url(person: User) -> str:
    """Return the address in a mail at which its reader stops such mails (decision A18)."""
    return emails.stop_address(signing.dumps(str(person.uuid), salt=STOP_SALT, compress=True))


def person_of_stop_link(*, token: str) -> User:
    """Return whose mails a stop link ends; it holds at any time. Raises UnknownStopLinkError."""
    try:
        uuid = signing.loads(token, salt=STOP_SALT)
    except signing.BadSignature as error:
        raise UnknownStopLinkError from error
    person = User.objects.active().filter(uuid=uuid, company__isnull=False).first()
    if person is None:
        raise UnknownStopLinkError
    return person


def stop_mail(*, token: str, at: datetime, address: str | None) -> Consent:
    """Withdraw the company's consent to mail by a stop link, without a log-in (A18).

    Raises UnknownStopLinkError, and members' TextsMissingError.
    """
    person = person_of_stop_link(token=token)
    if person.company is None:
        raise UnknownStopLinkError
    return answer_email_consent(
        company=person.company, person=person, agrees=False, at=at, address=address
    )
