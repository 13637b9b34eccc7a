"""A visitor reads: home, lists, search, schedule, a notice, and logs in from the main page."""

import pytest

from cms.models import HomeBanner, HomePage
from tests.factories.cms import (
    AnnouncementPageFactory,
    NoticePageFactory,
    ProgrammeGuidePageFactory,
    ScheduleEntryPageFactory,
    agency_with_corner,
)
from tests.factories.members import PASSWORD, MemberFactory

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = {
    "home": "/",
    "notices": "/notices/?q=물류&state=open",
    "search": "/search/?q=물류",
    "search-nothing": "/search/?q=없는낱말",
    "schedule": "/schedule/?kind=training",
    "programmes-by-need": "/programmes/?by=need",
    "announcements": "/announcements/",
    "manual": "/guide/main-screen/",
    "site-map": "/sitemap/",
}


def content():
    """Make one of everything that a visitor sees."""
    agency = agency_with_corner()
    notice = NoticePageFactory(agency=agency, title="해외물류비 지원", closing_soon=True)
    guide = ProgrammeGuidePageFactory(agency=agency)
    NoticePageFactory(agency=agency, programme=guide, closed=True)
    ScheduleEntryPageFactory(agency=agency, notice=notice)
    AnnouncementPageFactory(is_pinned=True)
    HomeBanner.objects.create(page=HomePage.objects.get(), title="배너", url="https://a.example/")
    return notice, guide


def test_reading(visitors):
    """S1 to S10: every public page is accessible at both widths; the notice counts its reader."""
    notice, guide = content()
    visitor = visitors("reader")

    for title, address in {**PAGES, "guide": guide.url}.items():
        visitor.go(address).look(title)
    with visitor.page.expect_response("**/view/") as counted:
        visitor.go(notice.url)
    visitor.look("notice")

    assert counted.value.status == 204
    notice.refresh_from_db()
    assert notice.view_count == 1
    assert not visitor.context.cookies()
    assert not visitor.faults, "\n".join(visitor.faults)


def test_logging_in_from_the_main_page(visitors):
    """S4: the box is a form that asks for its token when it is used."""
    member = MemberFactory()
    visitor = visitors("box").go("/")
    assert not visitor.context.cookies()

    visitor.fill({"username": member.username, "password": PASSWORD})
    visitor.page.locator("login-box button").click()
    visitor.page.wait_for_url("**/my/**")

    assert member.name in visitor.text()
    assert not visitor.faults, "\n".join(visitor.faults)
