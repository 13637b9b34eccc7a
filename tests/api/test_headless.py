"""Feeds, structured data, Wagtail's API, previews, and the example client."""

import importlib.util
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from cms.models import NoticePage
from tests.factories.cms import (
    CategoryFactory,
    ImageFactory,
    NoticePageFactory,
    ScheduleEntryPageFactory,
)

pytestmark = pytest.mark.django_db

CLIENT = Path(settings.BASE_DIR) / "docs" / "examples" / "portal_client.py"


# --- feeds --------------------------------------------------------------------------------------


@pytest.fixture
def three(two_agencies):
    """Notices: two of agency a, in two categories, one of b; a draft of a."""
    training = CategoryFactory(slug="training", name="교육")
    notices = [
        NoticePageFactory(agency=two_agencies.a, title="가 공고"),
        NoticePageFactory(agency=two_agencies.a, title="나 공고", category=training),
        NoticePageFactory(agency=two_agencies.b, title="다 공고"),
    ]
    NoticePageFactory(agency=two_agencies.a, title="숨은 공고", draft=True)
    return notices


def titles_of_feed(response):
    text = response.content.decode()
    if "json" in response["Content-Type"]:
        return {item["title"] for item in json.loads(text)["items"]}
    return set(re.findall(r"<(?:item|entry)>\s*<title>(.*?)</title>", text))


@pytest.mark.parametrize("ending", ["", "atom/", "json/"])
def test_feeds_hold_all_or_one_agencys_or_one_categorys(client, two_agencies, three, ending):
    """S2, S12: in three forms, never a draft."""
    code = two_agencies.a.code

    def titles(whose):
        response = client.get(f"/feeds/notices/{whose}{ending}")
        assert response.status_code == 200
        assert not response.cookies
        return titles_of_feed(response)

    assert titles("") == {"가 공고", "나 공고", "다 공고"}
    assert titles(f"agencies/{code}/") == {"가 공고", "나 공고"}
    assert titles("categories/training/") == {"나 공고"}
    assert client.get(f"/feeds/notices/agencies/nobody/{ending}").status_code == 404


# --- what a page says to machines ---------------------------------------------------------------


def facts_in(client, address):
    page = client.get(address).content.decode()
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return json.loads(block[1]), page


def test_notice_says_what_it_is(client, two_agencies):
    """S10: GovernmentService, one address, words for links; text cannot end the block."""
    notice = NoticePageFactory(agency=two_agencies.a, title="</script><b>공고")

    facts, page = facts_in(client, notice.url)

    assert facts["@type"] == "GovernmentService"
    assert facts["name"] == "</script><b>공고"
    assert facts["provider"]["name"] == two_agencies.a.name
    assert f'<link rel="canonical" href="{notice.full_url}">' in page
    assert f'<meta property="og:url" content="{notice.full_url}">' in page
    assert page.count('rel="canonical"') == 1


def test_entries_and_agencies_say_what_they_are(client, two_agencies):
    """S3, S6: Event and Organization."""
    entry = ScheduleEntryPageFactory(agency=two_agencies.a, city="하노이")

    event, _ = facts_in(client, entry.url)
    body, _ = facts_in(client, two_agencies.a.page.url)

    assert (event["@type"], event["location"]["name"]) == ("Event", "하노이")
    assert (body["@type"], body["name"]) == ("GovernmentOrganization", two_agencies.a.name)


# --- Wagtail's API ------------------------------------------------------------------------------


def test_wagtails_api_has_published_pages_and_nothing_else(client, log_in, two_agencies):
    """S63: no drafts, also not for staff; no documents, no images."""
    notice = NoticePageFactory(agency=two_agencies.a)
    draft = NoticePageFactory(agency=two_agencies.a, draft=True)
    ImageFactory(title="내부 사진")

    listed = client.get("/api/wagtail/v2/pages/?type=cms.NoticePage&fields=code,summary").json()
    one = client.get(f"/api/wagtail/v2/pages/{notice.pk}/").json()

    assert [item["code"] for item in listed["items"]] == [notice.code]
    assert one["meta"]["html_url"].endswith(f"/notices/{notice.code}/")
    assert client.get(f"/api/wagtail/v2/pages/{draft.pk}/").status_code == 404
    for part in ("documents", "images"):
        assert client.get(f"/api/wagtail/v2/{part}/").status_code == 404
    for private in ("owner", "view_count", "agency", "latest_revision"):
        assert private not in one


# --- previews -----------------------------------------------------------------------------------


def test_a_draft_is_shown_by_its_address_for_an_hour(client, system_of, two_agencies, time_machine):
    """S63: whoever holds the signed address sees that draft, until it ends."""
    draft = NoticePageFactory(agency=two_agencies.a, draft=True, title="초안")
    draft.save_revision()
    own = system_of(two_agencies.a).get(f"/api/v1/agency/notices/{draft.code}").json()
    address = own["preview_url"].removeprefix(settings.SITE_URL)

    shown = client.get(address)
    altered = client.get(address[:-1] + ("A" if address[-1] != "A" else "B"))
    time_machine.move_to(timezone.now() + timedelta(minutes=61))
    over = client.get(address)

    assert shown.json()["title"] == "초안"
    assert (shown["Cache-Control"], shown["X-Robots-Tag"]) == ("private, no-store", "noindex")
    assert (altered.status_code, over.status_code) == (404, 404)


# --- the example client -------------------------------------------------------------------------


@pytest.fixture
def example():
    spec = importlib.util.spec_from_file_location("portal_client", CLIENT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def fetch(client):
    """The client's line to the portal: the same requests, without a socket."""
    statuses = []

    def send(method, address, headers, body):
        path = address.removeprefix(settings.SITE_URL)
        response = client.generic(
            method, path, body or b"", content_type="application/json", headers=headers
        )
        statuses.append(response.status_code)
        return response.status_code, dict(response.headers), response.content

    send.statuses = statuses
    return send


def test_example_client_reads_page_by_page_and_not_twice(example, fetch, two_agencies):
    """S1: what docs/headless.md shows works."""
    for _ in range(25):
        NoticePageFactory(agency=two_agencies.a, closing_soon=True)
    portal = example.Portal(settings.SITE_URL, fetch=fetch)

    found = list(portal.notices(state="open", fields="code"))
    again = list(portal.notices(state="open", fields="code"))

    assert len({row["code"] for row in found}) == 25
    assert again == found
    assert fetch.statuses == [200, 200, 304, 304]
    assert len(portal.closing_within(7)) == 25


def test_example_client_publishes_a_notice(example, fetch, system_of, two_agencies):
    """S63: from an agency's own system to the public list."""
    CategoryFactory(slug="marketing")
    secret = system_of(two_agencies.a).secret
    portal = example.Portal(settings.SITE_URL, token=secret, fetch=fetch)

    portal.publish_notice(example.example_notice("시연 공고"))

    assert NoticePage.objects.get().live
    assert [row["title"] for row in portal.notices()] == ["시연 공고"]
    with pytest.raises(example.PortalError, match="고칠"):
        portal.publish_notice({**example.example_notice("x"), "category": "nowhere"})
