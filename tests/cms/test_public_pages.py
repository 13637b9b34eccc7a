"""The pages everybody reads: home, notices, schedule, programmes, agencies, search."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from wagtail.models import Page, Site

from cms.services.site import provision_site
from tests.factories.cms import (
    NoticePageFactory,
    ProgrammeGuidePageFactory,
    ScheduleEntryPageFactory,
    corner_of,
)
from tests.factories.members import MemberFactory, StaffFactory

pytestmark = pytest.mark.django_db


def shown(client, address):
    response = client.get(address)
    assert response.status_code == 200, response
    return response.content.decode()


# --- home ---------------------------------------------------------------------------------------


def test_home_shows_notices_of_every_agency(client, two_agencies):
    """S1, S2: notices of several bodies in one place, each leading to its page."""
    notices = [NoticePageFactory(agency=agency) for agency in two_agencies]

    page = shown(client, "/")

    for notice in notices:
        assert notice.title in page
        assert notice.agency.name in page
        assert f'href="/notices/{notice.code}/"' in page


def test_home_folds_the_past_and_begins_with_the_next_entry(client, two_agencies):
    """S3: past activities are folded behind "+", the nearest comes first."""
    past = ScheduleEntryPageFactory(
        agency=two_agencies.a,
        starts_date=max(
            timezone.localdate() - timedelta(days=9), date(timezone.localdate().year, 1, 1)
        ),
        ends_date=timezone.localdate() - timedelta(days=1),
    )
    near = ScheduleEntryPageFactory(agency=two_agencies.a)

    page = shown(client, "/")

    folded = page[page.index('<details class="disclosure">') :]
    folded = folded[: folded.index("</details>")]
    assert past.title in folded
    assert near.title not in folded
    assert page.index('id="nearest"') < page.index(near.title)


def test_home_offers_log_in_to_visitors(client, site):
    """S4: 로그인, 아이디/비밀번호 찾기 and 회원가입 without scripts."""
    page = shown(client, "/")

    assert "회원 서비스" in page
    assert 'href="/login/">로그인</a>' in page
    assert 'href="/find/id/">아이디/비밀번호 찾기</a>' in page
    assert 'href="/join/terms/">회원가입</a>' in page


def test_home_greets_a_member_and_a_member_of_staff(log_in, site):
    """S4: whoever is logged in is led to the own pages."""
    member = MemberFactory()

    assert f"<strong>{member.name}</strong>" in shown(log_in(member), "/")
    assert 'href="/admin/"' in shown(log_in(StaffFactory()), "/")


def test_home_lists_programmes_and_agencies(client, two_agencies):
    """S5, S6: guides per body and the bodies themselves, each with its link."""
    guide = ProgrammeGuidePageFactory(agency=two_agencies.a)

    page = shown(client, "/")

    assert guide.url in page
    for agency in two_agencies:
        assert f'href="{corner_of(agency).url}"' in page


def test_home_shows_the_contacts(client, site):
    """S8: the four numbers of the manual are settings with these defaults."""
    page = shown(client, "/")

    for number in ("042-380-3046", "042-820-9623", "1566-0566", "118"):
        assert f'href="tel:{number}"' in page


def test_an_empty_site_says_what_will_come(client, site):
    """S1 to S6: every list has words for being empty."""
    for address in ("/", "/notices/", "/schedule/", "/programmes/", "/agencies/"):
        assert 'class="empty"' in shown(client, address)


def test_a_site_that_was_not_provisioned_answers(client, db):
    """A fresh database shows a sensible first page instead of an error."""
    welcome = Page.get_first_root_node().add_child(instance=Page(title="Welcome", slug="welcome"))
    Site.objects.update(root_page=welcome)

    assert "누리집을 준비하고 있습니다" in shown(client, "/")


# --- every list ---------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/", "/notices/", "/schedule/", "/programmes/", "/agencies/"])
def test_lists_ask_the_database_a_fixed_number_of_times(
    client, two_agencies, address, django_assert_num_queries, django_assert_max_num_queries
):
    """Issue A 6.6: one row or three make no difference."""
    make_rows(two_agencies, 1)
    client.get(address)
    with django_assert_max_num_queries(14) as few:
        client.get(address)
    make_rows(two_agencies, 2)

    with django_assert_num_queries(len(few)):
        client.get(address)


def make_rows(agencies, count):
    for _ in range(count):
        for agency in agencies:
            NoticePageFactory(agency=agency)
            ProgrammeGuidePageFactory(agency=agency)
            ScheduleEntryPageFactory(agency=agency)


# --- schedule, programmes, agencies, texts ------------------------------------------------------


def test_schedule_shows_the_whole_year_by_month(client, two_agencies):
    """S3: months as headings, the past folded, another year by its link."""
    year = timezone.localdate().year
    for month in (1, 12):
        ScheduleEntryPageFactory(
            agency=two_agencies.a,
            title=f"{month}월 상담회",
            starts_date=date(year, month, 28),
            ends_date=date(year, month, 28),
        )
    next_year = ScheduleEntryPageFactory(
        agency=two_agencies.a, starts_date=date(year + 1, 2, 1), ends_date=date(year + 1, 2, 2)
    )

    page = shown(client, "/schedule/")

    assert f"{year}년 1월</h2>" in page
    assert f"{year}년 12월</h2>" in page
    assert next_year.title not in page
    assert next_year.title in shown(client, f"/schedule/?year={year + 1}")
    assert f"{year}년 1월</h2>" in shown(client, "/schedule/?year=nonsense")


def test_schedule_entry_leads_to_its_notice_when_that_is_published(client, two_agencies):
    """S3: a draft's title is not shown before its time."""
    published = NoticePageFactory(agency=two_agencies.a)
    draft = NoticePageFactory(agency=two_agencies.a, draft=True, title="아직 비밀인 공고")
    entry = ScheduleEntryPageFactory(agency=two_agencies.a, notice=published, country="DE")
    hidden = ScheduleEntryPageFactory(agency=two_agencies.a, notice=draft)

    page = shown(client, entry.url)

    assert published.url in page
    assert "독일" in page
    assert draft.title not in shown(client, hidden.url) + shown(client, "/schedule/")


def test_programme_guide_tells_what_and_how(client, two_agencies):
    """S5: support, steps and the programme's notices."""
    guide = ProgrammeGuidePageFactory(agency=two_agencies.a, process="신청\n평가\n선정")
    notice = NoticePageFactory(agency=two_agencies.a, programme=guide)

    page = shown(client, guide.url)

    assert "<li>국제특송비 지원</li>" in page
    assert "<li>평가</li>" in page
    assert notice.title in page
    assert guide.title in shown(client, "/programmes/")


def test_programme_guides_are_listed_by_need_too(client, two_agencies):
    """S5: per body, and per kind of support with its agencies' names."""
    guide = ProgrammeGuidePageFactory(agency=two_agencies.a)

    page = shown(client, "/programmes/?by=need")

    assert f'id="need-{guide.category.slug}">{guide.category.name}</h2>' in page
    assert guide.title in page
    assert two_agencies.a.name in page


def test_a_guides_past_notices_are_folded(client, two_agencies):
    """S5: current notices first, past ones folded behind."""
    guide = ProgrammeGuidePageFactory(agency=two_agencies.a)
    present = NoticePageFactory(agency=two_agencies.a, programme=guide)
    past = NoticePageFactory(agency=two_agencies.a, programme=guide, closed=True)

    page = shown(client, guide.url)

    folded = page[page.index("<summary>지난 공고 1건</summary>") :]
    assert past.title in folded
    assert present.title not in folded
    assert present.title in page


def test_agency_page_holds_the_agencys_own(client, two_agencies):
    """S6: its notices, guides and schedule, and nobody else's."""
    make_rows(two_agencies, 1)
    foreign = NoticePageFactory(agency=two_agencies.b, title="다른 기관의 공고")

    page = shown(client, corner_of(two_agencies.a).url)

    assert two_agencies.a.name in page
    assert foreign.title not in page
    assert f"/notices/?agency={two_agencies.a.code}" in page
    assert corner_of(two_agencies.a).url in shown(client, "/agencies/")


def test_the_manual_is_published_in_three_parts(client, db):
    """S9: 메인화면 설명, 회원가입 및 인증, 공고 신청 below 이용안내."""
    provision_site()

    page = shown(client, "/guide/")

    for title in ("메인화면 설명", "회원가입 및 인증", "공고 신청"):
        assert f"<strong>{title}</strong>" in page
    assert "접수시스템으로" in shown(client, "/guide/applying/")


PUBLIC = [
    *("/announcements/", "/schedule/calendar.ics", "/guide/", "/legal/terms/"),
    *("/", "/notices/", "/schedule/", "/programmes/", "/agencies/", "/search/?q=공고"),
    *("/sitemap/", "/sitemap.xml", "/robots.txt", "/feeds/notices/", "notice", "agency"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_pages_set_no_cookie_and_vary_by_none(client, two_agencies, address):
    """ADR 12: anonymous pages touch neither session nor CSRF cookie, and can be cached."""
    notice = NoticePageFactory(agency=two_agencies.a)
    address = {"notice": notice.url, "agency": corner_of(two_agencies.a).url}.get(address, address)

    response = client.get(address)

    assert response.status_code == 200
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


def test_robots_are_welcome(client, db):
    """품질관리 지침: robots.txt is open and names the sitemap."""
    page = shown(client, "/robots.txt")

    assert "Allow: /" in page
    assert "/sitemap.xml" in page
