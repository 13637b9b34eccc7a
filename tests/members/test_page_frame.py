"""The frame around every page, and the pages shown when something fails."""

import re

import pytest
from django.template.loader import get_template
from django.test import RequestFactory

PLAIN_PAGES = ["400.html", "403_csrf.html", "413.html", "429.html", "500.html", "503.html"]


@pytest.mark.parametrize("name", PLAIN_PAGES)
def test_failures_are_told_without_a_database(name):
    """S8: what happened, what to do and whom to ask, whatever else is broken."""
    page = get_template(name).render()

    assert page.count("<h1>") == 1
    assert 'lang="ko"' in page
    assert 'href="/' in page
    assert "{{" not in page


@pytest.mark.django_db
def test_a_missing_page_is_told_within_the_frame(client):
    """S7: menu, search and contacts stay at hand."""
    answer = client.get("/nothing/here/")

    page = answer.content.decode()
    assert answer.status_code == 404
    assert page.count("<h1>") == 1
    for part in ("사업공고", "연중일정", "사업안내", "유관기관 안내", "회원서비스", "이용안내"):
        assert part in page
    for part in ("042-380-3046", "042-820-9623", "1566-0566", "118", "개인정보 처리방침"):
        assert part in page


@pytest.mark.django_db
def test_an_anonymous_page_touches_no_session_and_no_token(client):
    """S1: public pages can be cached whole."""
    answer = client.get("/nothing/here/")

    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    assert "csrfmiddlewaretoken" not in answer.content.decode()


@pytest.mark.django_db
def test_the_display_cookies_are_rendered_by_the_server(client):
    """S1: contrast and size stand before any script runs."""
    client.cookies["display-contrast"] = "high"
    client.cookies["display-size"] = "130"

    page = client.get("/nothing/here/").content.decode()

    assert '<html lang="ko" data-size="130" data-contrast="high">' in page


@pytest.mark.django_db
def test_a_form_with_errors_says_so_in_the_title():
    """S34: the first thing a screen reader hears is that something is wrong."""
    request = RequestFactory().get("/")

    page = get_template("base.html").render({"has_errors": True}, request)

    assert re.search(r"<title>오류: ", page)
