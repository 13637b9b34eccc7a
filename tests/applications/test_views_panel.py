"""The panel 신청정보 of a notice, and 스크랩."""

import pytest
from django.urls import reverse

from applications.models import Bookmark
from tests.applications.conftest import hand_in, make_ready
from tests.factories.cms import NoticePageFactory
from tests.factories.members import MemberFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(log_in, person):
    """The checking client of the company's master."""
    return log_in(person)


def page(client, name, *args, status=200):
    response = client.get(reverse(f"applications:{name}", args=args))
    assert response.status_code == status
    return response.content.decode()


def test_panel_of_own_intake(client, notice):
    """S14, S17: 신청정보 with 스크랩 and 신청하기; a visitor is led to log in."""
    html = client.get(notice.url).content.decode()

    assert "신청정보" in html
    assert "신청하기" in html
    assert f"/login/?next={notice.url}" in html
    assert not client.cookies


def test_panel_of_external_intake(client, site):
    """S16: the sentence of the manual and 접수시스템 이동, which opens a new window."""
    html = client.get(NoticePageFactory(external=True).url).content.decode()

    assert "본 사업은 별도의 접수시스템을 통해 접수받는 사업입니다" in html
    assert "접수시스템 이동" in html
    assert 'target="_blank" rel="noopener noreferrer"' in html
    assert "신청하기" not in html


@pytest.mark.parametrize("external", [True, False])
def test_panel_of_a_closed_notice(client, site, external):
    """S15: 마감된 공고; no application possible any more, and when it closed."""
    notice = NoticePageFactory(closed=True, external=external)

    html = client.get(notice.url).content.decode()

    assert "마감된 공고입니다" in html
    assert "신청하기" not in html
    assert "접수시스템 이동" not in html


def test_panel_of_a_coming_notice(client, site):
    """S11, S18: 예정 says when it opens."""
    html = client.get(NoticePageFactory(coming=True).url).content.decode()

    assert "접수 예정인 공고입니다" in html
    assert "신청하기" not in html


def test_panel_shows_the_companys_own_state(member, draft, notice):
    """S17: a draft is continued; a receipt is shown."""
    assert "이어서 작성하기" in member.get(notice.url).content.decode()

    submitted = hand_in(make_ready(draft))

    assert submitted.receipt_number in member.get(notice.url).content.decode()


def test_panel_says_why_a_company_may_not_apply(log_in, site):
    """A7: a notice for 정식회원 tells a provisional member how to mend it."""
    notice = NoticePageFactory(full_members_only=True)
    member = log_in(MemberFactory(provisional=True))

    html = member.get(notice.url).content.decode()

    assert "정식회원만" in html
    assert reverse("members:membership") in html
    assert "신청하기" not in html


def test_panel_offers_staff_no_application(log_in, notice):
    """S63: officers do not apply."""
    html = log_in(StaffFactory(agency=notice.agency)).get(notice.url).content.decode()

    assert reverse("applications:start", args=[notice.code]) not in html


def test_bookmark_is_kept_listed_and_dropped(member, notice, person):
    """S14: 스크랩, the list of one's scraps, toggle off."""
    address = reverse("applications:bookmark", args=[notice.code])

    member.post(address, {"keep": "1"})
    member.post(address, {"keep": "1"})
    assert Bookmark.objects.of(person).count() == 1
    assert notice.title in page(member, "bookmarks")
    assert "스크랩 해제" in member.get(notice.url).content.decode()

    member.post(address, {"keep": "0"})
    assert "스크랩한 공고가 없습니다" in page(member, "bookmarks")


def test_bookmark_needs_a_log_in(client, notice):
    """S14: login needed."""
    response = client.post(reverse("applications:bookmark", args=[notice.code]))

    assert response.status_code == 302
    assert response.url.startswith("/login/")
    assert not Bookmark.objects.exists()


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "javascript:1"])
def test_bookmark_goes_back_on_this_site_only(member, notice, target):
    """ASVS 3.7.2."""
    response = member.post(
        reverse("applications:bookmark", args=[notice.code]), {"keep": "1", "next": target}
    )

    assert response.url == notice.url
