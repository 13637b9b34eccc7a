"""The display preferences: two cookies, no session, no token."""

import pytest
from django.urls import reverse

from members.display import DisplayPreferences, read_preferences

URL = "/display/"


@pytest.mark.parametrize(
    ("cookies", "expected"),
    [
        ({}, DisplayPreferences("", "100")),
        ({"display-contrast": "high"}, DisplayPreferences("high", "100")),
        ({"display-size": "150"}, DisplayPreferences("", "150")),
        ({"display-contrast": '"><b>', "display-size": "9999"}, DisplayPreferences("", "100")),
    ],
)
def test_only_known_values_are_read(cookies, expected):
    """S1: what a visitor puts into the cookies never reaches the page."""
    assert read_preferences(cookies) == expected


def test_cookies_carry_the_host_prefix_where_cookies_are_secure(settings):
    """S1: the prefix keeps other hosts of the city from setting them."""
    settings.SESSION_COOKIE_SECURE = True

    found = read_preferences({"__Host-display-size": "130", "display-size": "90"})

    assert found.cache_key == "auto-130"


def test_a_choice_is_kept_and_leads_back(client):
    """S1: works without scripts, session and token."""
    answer = client.post(
        reverse("members:display"), {"contrast": "high", "size": "130", "next": "/notices/?q=a"}
    )

    assert (answer.status_code, answer["Location"]) == (302, "/notices/?q=a")
    assert {name: cookie.value for name, cookie in answer.cookies.items()} == {
        "display-contrast": "high",
        "display-size": "130",
    }


def test_unknown_values_set_no_cookie(client):
    """S1: only the offered choices are kept."""
    answer = client.post(URL, {"contrast": "low", "size": "1000", "next": "/"})

    assert answer.status_code == 302
    assert not answer.cookies


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil", "", "x"])
def test_it_never_leads_to_another_site(client, target):
    """S1: next stays on our host."""
    answer = client.post(URL, {"next": target})

    assert answer["Location"] == "/"


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_a_request_of_another_site_is_refused(client, headers):
    """S1: without a token the sender's origin decides."""
    answer = client.post(URL, {"size": "150"}, headers=headers)

    assert answer.status_code == 403
    assert not answer.cookies


def test_our_own_page_may_ask(client):
    """S1: the browser names our own origin."""
    answer = client.post(
        URL,
        {"size": "150"},
        headers={"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"},
    )

    assert answer.status_code == 302


def test_reading_the_address_is_refused(client):
    """S1: a link or a picture cannot change anything."""
    assert client.get(URL).status_code == 405
