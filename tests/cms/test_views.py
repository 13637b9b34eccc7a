"""Counting readers (decision A19): once per visitor and day, without session and cookie."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cms.models import ViewMark, ViewSalt
from cms.services.views import count_view
from members.services import throttle
from tests.factories.cms import NoticePageFactory

pytestmark = pytest.mark.django_db

BROWSER = "Mozilla/5.0 (X11; Linux x86_64)"


def read(client, notice, *, address="203.0.113.5", browser=BROWSER, **headers):
    headers = headers or {"Sec-Fetch-Site": "same-origin"}
    return client.post(
        f"/notices/{notice.code}/view/",
        REMOTE_ADDR=address,
        headers={"User-Agent": browser, **headers},
    )


def views_of(notice):
    notice.refresh_from_db()
    return notice.view_count


def test_a_visitor_counts_once_a_day(client, two_agencies):
    """S10, A19: the same visitor again changes nothing; another browser is another visitor."""
    notice = NoticePageFactory(agency=two_agencies.a)

    responses = [read(client, notice), read(client, notice), read(client, notice, browser="other")]

    assert [response.status_code for response in responses] == [204, 204, 204]
    assert not any(response.cookies for response in responses)
    assert views_of(notice) == 2


def test_the_next_day_counts_again_and_forgets(two_agencies, at):
    """S10, A19: marks and salt of the day before are deleted the next day."""
    notice = NoticePageFactory(agency=two_agencies.a)
    reader = {"notice": notice, "address": "203.0.113.5", "browser": BROWSER}

    assert count_view(**reader, at=at)
    assert not count_view(**reader, at=at)
    assert count_view(**reader, at=at + timedelta(days=1))

    assert views_of(notice) == 2
    assert ViewMark.objects.count() == ViewSalt.objects.count() == 1


def test_what_is_kept_names_nobody(two_agencies, at):
    """A19: no address and no browser is stored, only a hash under a salt that goes away."""
    notice = NoticePageFactory(agency=two_agencies.a)

    count_view(notice=notice, address="203.0.113.5", browser=BROWSER, at=at)

    mark = ViewMark.objects.get()
    assert "203.0.113.5" not in mark.visitor
    assert len(mark.visitor) == 64


def test_a_mark_is_there_once(two_agencies, at):
    """A19: two readings at the same moment are one; the database holds it."""
    notice = NoticePageFactory(agency=two_agencies.a)
    count_view(notice=notice, address="203.0.113.5", browser=BROWSER, at=at)
    mark = ViewMark.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        ViewMark.objects.create(notice=notice, day=mark.day, visitor=mark.visitor)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://elsewhere.example"},
        {"Accept": "*/*"},
    ],
)
def test_other_sites_and_programs_do_not_count(client, two_agencies, headers):
    """A19: only a script of our own pages is heard."""
    notice = NoticePageFactory(agency=two_agencies.a)

    assert read(client, notice, **headers).status_code == 403
    assert views_of(notice) == 0


def test_an_address_cannot_raise_the_count_at_will(client, two_agencies):
    """A19: throttled per address, however many browsers it claims to be."""
    notice = NoticePageFactory(agency=two_agencies.a)
    for _ in range(throttle.LIMITS["notice_view_address"].tries):
        throttle.note_failure(scope="notice_view_address", key="203.0.113.5", at=timezone.now())

    assert read(client, notice).status_code == 429
    assert views_of(notice) == 0


def test_drafts_are_not_counted_and_reading_alone_counts_nobody(client, two_agencies):
    """A19: no script, no count; a draft has no address."""
    draft = NoticePageFactory(agency=two_agencies.a, draft=True)
    notice = NoticePageFactory(agency=two_agencies.a)

    assert read(client, draft).status_code == 404
    page = client.get(notice.url).content.decode()
    assert f'data-url="/notices/{notice.code}/view/"' in page
    assert views_of(notice) == 0
