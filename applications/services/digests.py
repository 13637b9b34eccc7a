"""Mail of new notices by consent (S25): once a day, through the outbox, a batch at a time."""

from datetime import datetime, timedelta

from django.db import transaction

from applications import emails, selectors
from applications.models import NoticeDigest
from applications.services.reminders import stop_url
from cms.models import NoticePage
from members.services.outbox import MailDraft, add_mails

FIRST_PERIOD = timedelta(days=1)
EVERY = timedelta(hours=20)
BATCH = 250


def send_notice_digest(*, at: datetime) -> int:
    """Write the mails of notices published since the last digest; returns how many were written.

    Nothing is written within twenty hours of the last one. Each batch has a transaction of its
    own, so that requests never wait for all of them; the mails are sent by `send_mail_queue`.
    """
    digest = begin_digest(at=at)
    if digest is None:
        return 0
    notices = new_notices(since=digest.since_at, until=digest.until_at)
    before = digest.mail_count
    while notices and write_batch(digest=digest, notices=notices, at=at):
        pass
    digest.finished_at = at
    digest.save(update_fields=["finished_at"])
    return digest.mail_count - before


@transaction.atomic
def begin_digest(*, at: datetime) -> NoticeDigest | None:
    """Return the digest to write: one that was interrupted, a new one, or None so soon after."""
    last = NoticeDigest.objects.select_for_update().order_by("until_at").last()
    if last is None:
        return NoticeDigest.objects.create(since_at=at - FIRST_PERIOD, until_at=at)
    if last.finished_at is None:
        return last
    if at - last.until_at < EVERY:
        return None
    return NoticeDigest.objects.create(since_at=last.until_at, until_at=at)


def new_notices(*, since: datetime, until: datetime) -> list[NoticePage]:
    """Return the live notices first published in a half-open period, oldest first."""
    rows = NoticePage.objects.live().select_related("agency", "category")
    published = rows.filter(first_published_at__gte=since, first_published_at__lt=until)
    return list(published.order_by("first_published_at", "pk"))


@transaction.atomic
def write_batch(*, digest: NoticeDigest, notices: list[NoticePage], at: datetime) -> int:
    """Write the next batch of mails with the mark how far it got; 0 where everybody has one."""
    willing = selectors.people_willing_to_get_mail().filter(pk__gt=digest.reached)
    people = list(willing.order_by("pk")[:BATCH])
    if not people:
        return 0
    mails = [(person, emails.digest_mail(notices, stop_url=stop_url(person))) for person in people]
    digest.mail_count += add_mails(
        mails=[
            MailDraft(
                kind=mail.kind,
                to=person.email,
                subject=mail.subject,
                template=mail.template,
                context=mail.context,
                company=person.company,
            )
            for person, mail in mails
        ],
        at=at,
    )
    digest.reached = people[-1].pk
    digest.save(update_fields=["reached", "mail_count"])
    return len(people)
