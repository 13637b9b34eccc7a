"""공지사항 and the main page's own words: announcements, banners, urgent notice, log-in box."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cms.models import AnnouncementListPage, HomeBanner, HomePage
from members.models import User
from tests.client import CheckingClient
from tests.factories.cms import AnnouncementPageFactory, NoticePageFactory
from tests.factories.members import PASSWORD, MemberFactory, StaffFactory

pytestmark = pytest.mark.django_db


def shown(client, address):
    response = client.get(address)
    assert response.status_code == 200, response
    return response.content.decode()


# --- announcements ------------------------------------------------------------------------------


def test_announcements_are_a_list_of_their_own(client, two_agencies):
    """S66: the site's words stand apart from the agencies' notices; pinned ones come first."""
    now = timezone.now()
    pinned = AnnouncementPageFactory(
        title="정기 점검", is_pinned=True, posted_at=now - timedelta(9)
    )
    newest = AnnouncementPageFactory(title="새 기능", posted_at=now)
    draft = AnnouncementPageFactory(title="비밀 공지", draft=True)
    notice = NoticePageFactory(agency=two_agencies.a)

    page = shown(client, "/announcements/")

    assert page.index(pinned.title) < page.index(newest.title)
    assert draft.title not in page
    assert notice.title not in page
    assert newest.title not in shown(client, "/notices/")
    assert newest.title in shown(client, "/")
    assert pinned.introduction in shown(client, pinned.url)


def test_no_announcements_have_words(client, site):
    """S66: an empty list says where to look."""
    assert "게시된 공지사항이 없습니다" in shown(client, "/announcements/")


def test_announcements_are_found(client, site):
    """Issue B 1: the search has a tab for them."""
    AnnouncementPageFactory(title="추석연휴 운영 안내")

    page = shown(client, "/search/?q=연휴")

    assert "추석<mark>연휴</mark> 운영 안내" in page
    assert ">공지사항&nbsp;<span" in page


def test_twenty_announcements_a_page_with_a_fixed_number_of_queries(
    client, site, django_assert_num_queries, django_assert_max_num_queries
):
    """Issue B 5.5: one row or many make no difference."""
    AnnouncementPageFactory()
    client.get("/announcements/")
    with django_assert_max_num_queries(12) as few:
        client.get("/announcements/")
    AnnouncementPageFactory.create_batch(20)

    with django_assert_num_queries(len(few)):
        page = shown(client, "/announcements/")
    assert page.count('class="entry"') == 20
    assert "?page=2" in page


def test_officers_write_no_announcements(log_in, two_agencies):
    """Issue B 3: the site's own list belongs to comms and operators."""
    parent = AnnouncementListPage.objects.get()
    address = f"/admin/pages/add/cms/announcementpage/{parent.pk}/"

    assert log_in(StaffFactory(agency=two_agencies.a)).get(address).status_code != 200
    assert log_in(StaffFactory(comms=True)).get(address).status_code == 200


# --- banners and urgent notice ------------------------------------------------------------------


def add_banner(**fields):
    home = HomePage.objects.get()
    return HomeBanner.objects.create(
        page=home, **{"title": "박람회 모집", "text": "가을", "url": "/notices/", **fields}
    )


def test_banners_are_shown_in_their_time(client, site):
    """S66: staff write banners; each has its time, outside ones say so."""
    now, day = timezone.now(), timedelta(days=1)
    add_banner(title="지금 배너", starts_at=now - day, ends_at=now + day)
    add_banner(title="지난 배너", ends_at=now - day)
    add_banner(title="다음 배너", starts_at=now + day)
    add_banner(title="바깥 배너", url="https://example.com/fair")

    page = shown(client, "/")

    assert "지금 배너" in page
    assert "지난 배너" not in page
    assert "다음 배너" not in page
    assert page.count("(새 창에서 열림)") == 1


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://example.com", "//example.com"])
def test_a_banner_leads_nowhere_else(site, url):
    """S66: an address is one of ours or begins with https."""
    banner = HomeBanner(page=HomePage.objects.get(), title="배너", url=url)

    with pytest.raises(ValidationError):
        banner.clean_fields()


def test_the_urgent_notice_stands_first(client, site):
    """S66: one urgent notice above everything, gone when its title is empty."""
    HomePage.objects.update(urgent_title="서버 점검", urgent_text="오늘 밤 쉽니다.")

    page = shown(client, "/")

    assert page.index("오늘 밤 쉽니다.") < page.index("<h1>")


# --- the log-in box -----------------------------------------------------------------------------


def test_the_log_in_box_needs_no_cookie_until_somebody_uses_it(client, site):
    """S4, ADR 12: the page holds a form without token; the token comes by itself, never stored."""
    page = client.get("/")
    answer = client.get("/login/token/")

    assert not page.cookies
    assert 'data-token-url="/login/token/"' in page.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert answer.json()["token"]
    assert "csrftoken" in "".join(answer.cookies)


def test_the_token_opens_the_log_in(site):
    """S4: what the box posts is a log-in, and without a token it is refused."""
    member = MemberFactory()
    browser = CheckingClient(enforce_csrf_checks=True)
    typed = {"username": member.username, "password": PASSWORD}
    assert browser.post("/login/", typed).status_code == 403

    token = browser.get("/login/token/").json()["token"]
    response = browser.post("/login/", {**typed, "csrfmiddlewaretoken": token})

    assert response.status_code == 302
    assert User.objects.get(pk=member.pk).last_login is not None
