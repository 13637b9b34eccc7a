"""연중일정: filters, and calendars for one entry, an agency and all."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from cms.calendar import folded
from tests.factories.cms import NoticePageFactory, ScheduleEntryPageFactory

pytestmark = pytest.mark.django_db


def shown(client, address):
    response = client.get(address)
    assert response.status_code == 200, response
    return response.content.decode()


def unfolded(text):
    assert text.endswith("\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return text.replace("\r\n ", "").split("\r\n")


def test_the_schedule_is_filtered_by_agency_kind_and_country(client, two_agencies):
    """S3: each filter alone, removable, and kept with the year."""
    meeting = ScheduleEntryPageFactory(agency=two_agencies.a, title="하노이 만남", country="VN")
    fair = ScheduleEntryPageFactory(
        agency=two_agencies.b, title="뮌헨 박람회", kind="exhibition", country="DE"
    )
    year = meeting.starts_date.year

    for query in (f"agency={two_agencies.b.code}", "kind=exhibition", "country=DE"):
        page = shown(client, f"/schedule/?year={year}&{query}")
        assert fair.title in page, query
        assert meeting.title not in page, query
        assert f'href="?year={year}"' in page, query


def test_a_faulty_filter_asks_nothing_and_none_found_has_words(client, two_agencies):
    """S3: unknown values change nothing; an empty answer says what to do."""
    entry = ScheduleEntryPageFactory(agency=two_agencies.a)
    year = entry.starts_date.year

    assert entry.title in shown(client, f"/schedule/?year={year}&kind=nonsense&country=../..")
    page = shown(client, f"/schedule/?year={year}&kind=training")
    assert "조건에 맞는 일정이 없습니다" in page


def test_one_entry_as_a_calendar(client, two_agencies):
    """S3: whole days, the end exclusive, text escaped, lines folded, its notice named."""
    notice = NoticePageFactory(agency=two_agencies.a)
    entry = ScheduleEntryPageFactory(
        agency=two_agencies.a,
        title="상담회; 하노이, 2차",
        description="첫째 줄\n둘째 줄 " + "가" * 60,
        starts_date=date(2027, 3, 1),
        ends_date=date(2027, 3, 3),
        country="VN",
        city="하노이",
        notice=notice,
    )

    response = client.get(f"/schedule/entries/{entry.translation_key}.ics")

    lines = unfolded(response.content.decode())
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "DTSTART;VALUE=DATE:20270301" in lines
    assert "DTEND;VALUE=DATE:20270304" in lines
    assert "SUMMARY:상담회\\; 하노이\\, 2차" in lines
    assert "LOCATION:베트남 하노이" in lines
    assert any("첫째 줄\\n둘째 줄" in line and notice.code in line for line in lines)
    assert f'href="/schedule/entries/{entry.translation_key}.ics"' in shown(client, entry.url)


def test_the_calendars_of_an_agency_and_of_all(client, two_agencies):
    """S3: an agency's holds its own entries, the whole one everybody's, drafts are in none."""
    own = ScheduleEntryPageFactory(agency=two_agencies.a, title="가 기관 일정")
    foreign = ScheduleEntryPageFactory(agency=two_agencies.b, title="나 기관 일정")
    draft = ScheduleEntryPageFactory(agency=two_agencies.a, title="비밀 일정", draft=True)
    old = ScheduleEntryPageFactory(
        agency=two_agencies.a,
        title="두 해 전 일정",
        starts_date=timezone.localdate() - timedelta(days=800),
        ends_date=timezone.localdate() - timedelta(days=799),
    )

    of_agency = client.get(f"/schedule/agencies/{two_agencies.a.code}.ics").content.decode()
    of_all = client.get("/schedule/calendar.ics").content.decode()

    assert own.title in of_agency
    assert foreign.title not in of_agency
    assert own.title in of_all
    assert foreign.title in of_all
    assert not any(page.title in of_all for page in (draft, old))
    assert client.get(f"/schedule/entries/{draft.translation_key}.ics").status_code == 404
    assert client.get("/schedule/agencies/nobody.ics").status_code == 404


def test_a_secret_notice_is_in_no_calendar(client, two_agencies):
    """S3: an entry of an unpublished notice does not name it."""
    draft = NoticePageFactory(agency=two_agencies.a, draft=True)
    ScheduleEntryPageFactory(agency=two_agencies.a, notice=draft)

    assert draft.code not in client.get("/schedule/calendar.ics").content.decode()


def test_calendars_ask_the_database_a_fixed_number_of_times(
    client, two_agencies, django_assert_num_queries, django_assert_max_num_queries
):
    """Issue B 5.5: one entry or many make no difference."""
    ScheduleEntryPageFactory(agency=two_agencies.a, notice=NoticePageFactory())
    client.get("/schedule/calendar.ics")
    with django_assert_max_num_queries(5) as few:
        client.get("/schedule/calendar.ics")
    for _ in range(5):
        ScheduleEntryPageFactory(agency=two_agencies.b, notice=NoticePageFactory())

    with django_assert_num_queries(len(few)):
        client.get("/schedule/calendar.ics")


def test_long_lines_break_between_characters():
    """S3: RFC 5545 counts bytes, and a syllable has three."""
    lines = folded("SUMMARY:" + "가" * 80).split("\r\n ")

    assert "".join(lines) == "SUMMARY:" + "가" * 80
    assert all(len(line.encode()) <= 75 for line in lines)
