"""The daily mail of new notices: by consent, once, in batches, without slowing anybody."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from applications.models import NoticeDigest
from applications.services import digests
from cms.models import NoticePage
from members.models import OutboxMail
from members.services.consents import answer_email_consent
from tests.factories.cms import NoticePageFactory
from tests.factories.members import CompanyFactory, MemberFactory, legal_texts_in_force

pytestmark = pytest.mark.django_db


def member(at, *, agrees):
    person = MemberFactory(company=CompanyFactory())
    answer_email_consent(
        company=person.company,
        person=person,
        agrees=agrees,
        at=at - timedelta(hours=1),
        address=None,
    )
    return person


@pytest.fixture
def notice(site, at):
    legal_texts_in_force()
    made = NoticePageFactory(title="새로 나온 공고")
    NoticePage.objects.filter(pk=made.pk).update(first_published_at=at - timedelta(hours=2))
    return made


def test_only_who_agreed_gets_the_new_notices(notice, at):
    """S25, A18: consent decides; the mail says 광고, names the agency and how to stop."""
    willing, unwilling = member(at, agrees=True), member(at, agrees=False)

    assert digests.send_notice_digest(at=at) == 1

    mail = OutboxMail.objects.get(kind="notice_digest")
    assert mail.to == willing.email != unwilling.email
    assert mail.subject.startswith("(광고)")
    for word in ("새로 나온 공고", notice.agency.name, notice.code, "/mail/stop/"):
        assert word in mail.body


def test_a_notice_is_told_once(notice, at):
    """Issue D.2: not twice a day, and nothing again the next day."""
    member(at, agrees=True)

    sent = [digests.send_notice_digest(at=at + timedelta(hours=hours)) for hours in (0, 1, 24, 48)]

    assert sent == [1, 0, 0, 0]


def test_an_interrupted_digest_goes_on_where_it_stopped(notice, at, monkeypatch):
    """Issue D.2: each person once, whatever ends the first run."""
    monkeypatch.setattr(digests, "BATCH", 2)
    people = [member(at, agrees=True) for _ in range(5)]
    digest = digests.begin_digest(at=at)
    found = digests.new_notices(since=digest.since_at, until=digest.until_at)
    digests.write_batch(digest=digest, notices=found, at=at)

    call_command("send_notice_digest", verbosity=0)

    told = list(OutboxMail.objects.values_list("to", flat=True))
    assert sorted(told) == sorted(person.email for person in people)
    assert NoticeDigest.objects.get().mail_count == 5


def test_the_queries_do_not_grow_with_the_people(notice, at, django_assert_max_num_queries):
    """Issue D.2: a batch is one statement, however many are in it."""
    member(at, agrees=True)
    with django_assert_max_num_queries(30) as one:
        digests.send_notice_digest(at=at)
    OutboxMail.objects.all().delete()
    NoticeDigest.objects.all().delete()
    for _ in range(19):
        member(at, agrees=True)

    with django_assert_max_num_queries(len(one)):
        assert digests.send_notice_digest(at=at) == 20
