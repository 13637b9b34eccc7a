"""Proving a receipt, and the calendar of deadlines (N6, issue D.1)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from icalendar import Calendar

from applications.models import Bookmark
from applications.services.afterwards import replace_document
from members.models import Throttle
from tests.applications.conftest import no_wait, pdf
from tests.factories.cms import NoticePageFactory

pytestmark = pytest.mark.django_db

CHECK = reverse("applications:receipt_check")


def ask(client, number, content_hash):
    return client.post(CHECK, {"number": number, "content_hash": content_hash}).content.decode()


def test_anybody_proves_a_receipt(client, submitted):
    """N6: number and hash of the whole prove what was filed; nothing personal is shown."""
    html = ask(client, submitted.receipt_number.lower(), submitted.content_hash.upper())

    assert "접수된 신청입니다" in html
    assert submitted.documents.get().file.sha256 in html
    for hidden in (submitted.created_by.name, submitted.created_by.email):
        assert hidden not in html


def test_a_receipt_of_an_earlier_edition_is_told_so(client, submitted):
    """N6: the paper was replaced since; the old receipt is still true."""
    old_hash = submitted.content_hash
    document = submitted.documents.get()
    replace_document(
        application=submitted,
        key=document.key,
        upload=pdf(),
        seen=document.uuid,
        by=submitted.created_by,
        waited=no_wait,
        at=submitted.created_at,
    )

    assert "그 뒤에 서류가 바뀌었습니다" in ask(client, submitted.receipt_number, old_hash)


def test_a_wrong_hash_tells_nothing_and_is_limited(client, submitted):
    """security.md 2, row 19: guessing is limited, and tells not even that the number exists."""
    for _ in range(10):
        html = ask(client, submitted.receipt_number, "0" * 64)
        assert submitted.company.name not in html

    assert Throttle.objects.get(scope="receipt_check_address").locked_until is not None
    assert "너무 많이" in ask(client, submitted.receipt_number, submitted.content_hash)


def test_the_calendar_holds_closings_still_to_come(log_in, draft, person, at):
    """Issue D.1: closings of drafts and scraps as ICS; past ones are left out."""
    scrapped = NoticePageFactory(intake_closes_at=at + timedelta(days=2))
    closed = NoticePageFactory(closed=True)
    for notice in (scrapped, closed):
        Bookmark.objects.keep(person=person, notice=notice, at=at)

    response = log_in(person).get(reverse("applications:deadlines"))

    events = Calendar.from_ical(response.content).walk("VEVENT")
    assert [str(event["summary"]) for event in events] == [
        f"접수 마감: {scrapped.title}",
        f"접수 마감: {draft.notice.title}",
    ]
