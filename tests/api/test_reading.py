"""Reading the API: lists with filters, single things, errors, conditions, sameness of cost."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from cms.services.notices import change_intake
from tests.factories.cms import (
    AttachmentFactory,
    CategoryFactory,
    DocumentFactory,
    NoticePageFactory,
    ProgrammeGuidePageFactory,
    RequiredDocumentFactory,
    ScheduleEntryPageFactory,
)
from tests.factories.members import StaffFactory

pytestmark = pytest.mark.django_db

NOTICES = "/api/v1/notices"


def codes(client, query=""):
    response = client.get(f"{NOTICES}{query}")
    assert response.status_code == 200, response.content.decode()
    return [row["code"] for row in response.json()["items"]]


def problem(response, status, code):
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == code
    return response.json()


# --- the list -----------------------------------------------------------------------------------


def test_list_holds_the_published_notices_of_every_agency(client, two_agencies):
    """S1: other systems read all notices in one place; drafts are not there."""
    of_a = NoticePageFactory(agency=two_agencies.a, closing_soon=True)
    of_b = NoticePageFactory(agency=two_agencies.b)
    NoticePageFactory(agency=two_agencies.b, draft=True)

    answer = client.get(NOTICES).json()

    assert [row["code"] for row in answer["items"]] == [of_a.code, of_b.code]
    assert (answer["count"], answer["page"], answer["next"]) == (2, 1, None)
    row = answer["items"][0]
    assert (row["state"], row["is_closing_soon"]) == ("open", True)
    assert row["agency"] == {"code": two_agencies.a.code, "name": two_agencies.a.name}
    assert row["url"] == f"{settings.SITE_URL}/notices/{of_a.code}/"
    assert row["intake_closes_at"].endswith("+09:00")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?state=closed", ["closed"]),
        ("?state=coming", ["coming"]),
        ("?kind=external", ["external"]),
        ("?category=training", ["external"]),
        ("?q=물류", ["external"]),
        ("?order=newest&state=open&kind=own", ["rolling"]),
    ],
)
def test_list_is_filtered_as_on_the_page(client, two_agencies, query, expected):
    """S10, S11, S12: the filters of the list are those of the API."""
    training = CategoryFactory(slug="training")
    notices = {
        "closed": NoticePageFactory(agency=two_agencies.a, closed=True),
        "coming": NoticePageFactory(agency=two_agencies.a, coming=True),
        "rolling": NoticePageFactory(agency=two_agencies.b, rolling=True),
        "external": NoticePageFactory(
            agency=two_agencies.b, external=True, category=training, title="해외물류비 지원"
        ),
    }

    assert codes(client, query) == [notices[name].code for name in expected]


def test_list_is_filtered_by_agency_and_by_ranges(client, two_agencies, at):
    """S10, S13: ranges of time go beyond what the page offers."""
    near = NoticePageFactory(agency=two_agencies.a, intake_closes_at=at + timedelta(days=2))
    far = NoticePageFactory(agency=two_agencies.b, intake_closes_at=at + timedelta(days=40))
    limit = (at + timedelta(days=10)).strftime("%Y-%m-%dT%H:%M:%SZ")

    assert codes(client, f"?agency={two_agencies.a.code}") == [near.code]
    assert codes(client, f"?closes_after={limit}") == [far.code]
    assert codes(client, f"?closes_before={limit}") == [near.code]
    assert codes(client, "?agency=nobody") == []


def test_pages_follow_one_another_without_gap_or_repeat(client, two_agencies, at):
    """S10: rows that are equal in every sort column still have one order."""
    closes_at = at + timedelta(days=9)
    made = {
        NoticePageFactory(agency=two_agencies.a, intake_closes_at=closes_at).code for _ in range(5)
    }

    seen, address = [], f"{NOTICES}?page_size=2&kind=own"
    while address:
        page = client.get(address.removeprefix(settings.SITE_URL)).json()
        seen += [row["code"] for row in page["items"]]
        address = page["next"]

    assert len(seen) == 5
    assert set(seen) == made
    assert page["previous"].endswith("kind=own&page=2&page_size=2")


def test_a_page_after_the_last_is_empty(client, two_agencies):
    NoticePageFactory(agency=two_agencies.a)

    answer = client.get(f"{NOTICES}?page=7").json()

    assert (answer["items"], answer["count"]) == ([], 1)


def test_fields_are_chosen(client, two_agencies):
    notice = NoticePageFactory(agency=two_agencies.a)

    row = client.get(f"{NOTICES}?fields=title,code").json()["items"][0]

    assert row == {"code": notice.code, "title": notice.title}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("?deadline__gte=2026-01-01", "unknown_parameter"),
        ("?page=1&page=2", "repeated_parameter"),
        ("?state=running", "invalid_parameter"),
        ("?page=0", "invalid_parameter"),
        ("?page_size=101", "invalid_parameter"),
        ("?closes_after=2026-01-01T00:00:00", "invalid_parameter"),
        ("?q=%00", "invalid_parameter"),
        ("?fields=title,password", "unknown_field"),
    ],
)
def test_questions_that_are_not_understood_are_told(client, site, query, code):
    """S10: a filter that is ignored would answer with every row."""
    told = problem(client.get(NOTICES + query), 400, code)

    assert told["title"] == "요청을 이해할 수 없습니다"
    assert told["errors"] or code == "invalid_parameter"


# --- one notice ---------------------------------------------------------------------------------


def test_notice_tells_what_its_page_tells(client, two_agencies, at):
    """S10, S13, S18, S55: facts, contact, documents, attachments, extensions, text."""
    notice = NoticePageFactory(
        agency=two_agencies.a,
        body=[
            ("heading", "지원 내용"),
            ("text", '<p>자세히는 <a href="/programmes/">사업안내</a></p>'),
            ("list", {"title": "대상", "items": ["중소기업", "창업기업"]}),
        ],
    )
    RequiredDocumentFactory(page=notice, label="사업계획서", formats=["pdf"])
    document = DocumentFactory(collection=two_agencies.a.page.public_collection)
    AttachmentFactory(page=notice, document=document, label="공고문")
    change_intake(
        notice=notice,
        changes={"intake_closes_at": notice.intake_closes_at + timedelta(days=5)},
        reason="문의가 많아 늘립니다.",
        by=StaffFactory(agency=two_agencies.a),
        at=at,
    )

    told = client.get(f"{NOTICES}/{notice.code.lower()}").json()

    assert told["contact"]["phone"] == notice.contact_phone
    assert told["required_documents"][0]["label"] == "사업계획서"
    assert told["required_documents"][0]["formats"] == ["pdf"]
    assert told["attachments"][0]["name"] == "공고문"
    assert told["attachments"][0]["url"] == f"{settings.SITE_URL}{document.url}"
    assert told["extensions"][0]["reason"] == "문의가 많아 늘립니다."
    assert [block["type"] for block in told["body"]] == ["heading", "text", "list"]
    assert told["body"][2]["value"] == {"title": "대상", "items": ["중소기업", "창업기업"]}
    assert f'href="{settings.SITE_URL}/programmes/"' in told["body"][1]["value"]
    assert f'href="{settings.SITE_URL}/programmes/"' in told["body_html"]


def test_drafts_and_unknown_codes_are_the_same_404(client, two_agencies):
    """S11, S63: nobody learns that a draft exists."""
    draft = NoticePageFactory(agency=two_agencies.a, draft=True)

    hidden = problem(client.get(f"{NOTICES}/{draft.code}"), 404, "not_found")
    unknown = problem(client.get(f"{NOTICES}/BZA9999999"), 404, "not_found")

    assert hidden == unknown


# --- the other things ---------------------------------------------------------------------------


def test_guides_agencies_schedule_and_categories_are_read(client, two_agencies):
    """S3, S5, S6, S12: what the pages show, in JSON."""
    guide = ProgrammeGuidePageFactory(agency=two_agencies.a, title="해외 물류비 지원사업")
    notice = NoticePageFactory(agency=two_agencies.a)
    entry = ScheduleEntryPageFactory(agency=two_agencies.b, country="VN", notice=notice)

    guides = client.get(f"/api/v1/guides?agency={two_agencies.a.code}").json()["items"]
    one_guide = client.get(f"/api/v1/guides/{guide.translation_key}").json()
    agencies = client.get("/api/v1/agencies").json()["items"]
    one_agency = client.get(f"/api/v1/agencies/{two_agencies.a.code}").json()
    entries = client.get("/api/v1/schedule?country=VN").json()["items"]
    one_entry = client.get(f"/api/v1/schedule/{entry.translation_key}").json()
    categories = client.get("/api/v1/categories").json()["items"]

    assert [row["title"] for row in guides] == ["해외 물류비 지원사업"]
    assert one_guide["support"] == ["국제특송비 지원", "해상운송비 지원"]
    assert {row["code"] for row in agencies} == {two_agencies.a.code, two_agencies.b.code}
    assert one_agency["name"] == two_agencies.a.name
    assert entries == [one_entry]
    assert one_entry["notice"] == notice.code
    assert [row["slug"] for row in categories] == ["marketing"]


def test_unpublished_things_are_not_there(client, two_agencies):
    """S63: guides, entries and the pages they lead to count only while they are published."""
    guide = ProgrammeGuidePageFactory(agency=two_agencies.a, draft=True)
    entry = ScheduleEntryPageFactory(agency=two_agencies.a, draft=True)
    shown = ScheduleEntryPageFactory(agency=two_agencies.a, programme=guide)

    assert client.get(f"/api/v1/guides/{guide.translation_key}").status_code == 404
    assert client.get(f"/api/v1/schedule/{entry.translation_key}").status_code == 404
    assert client.get(f"/api/v1/schedule/{shown.translation_key}").json()["programme"] is None


def test_hs_codes_are_found_by_number_and_by_words(client, site):
    """S49: the search of the page, for other systems."""
    by_number = client.get("/api/v1/hs-codes?q=8501").json()
    below = client.get("/api/v1/hs-codes?under=85&page_size=2").json()

    assert by_number["items"][0]["code"].startswith("8501")
    assert all(row["code"].startswith("85") for row in below["items"])
    problem(client.get("/api/v1/hs-codes?under=85a"), 400, "invalid_parameter")


def test_search_finds_what_the_page_finds(client, two_agencies):
    """S10: one search, two faces."""
    notice = NoticePageFactory(agency=two_agencies.a, title="해외물류비 지원")

    found = client.get("/api/v1/search?q=해외물류비").json()

    assert found["items"][0]["title"] == notice.title
    problem(client.get("/api/v1/search"), 400, "invalid_parameter")


# --- conditions, doors, cost --------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "/{code}"])
def test_what_the_caller_has_is_not_sent_again(client, two_agencies, path):
    """S1: ETag and 304; caches may keep an answer for a minute."""
    notice = NoticePageFactory(agency=two_agencies.a)
    address = NOTICES + path.format(code=notice.code)
    first = client.get(address)

    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    notice.title = "다른 제목"
    notice.save_revision().publish()
    changed = client.get(address, headers={"If-None-Match": first["ETag"]})

    assert first["Cache-Control"] == "public, max-age=60"
    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200


def test_last_modified_moves_when_the_state_passes_on(client, two_agencies, time_machine):
    """S11: a notice that closed since then is not «unchanged»."""
    now = timezone.now()
    notice = NoticePageFactory(
        agency=two_agencies.a,
        intake_closes_at=now + timedelta(days=1),
        intake_opens_at=now - timedelta(days=9),
    )
    first = client.get(f"{NOTICES}/{notice.code}")
    seen = {"If-Modified-Since": first["Last-Modified"]}

    unchanged = client.get(f"{NOTICES}/{notice.code}", headers=seen)
    time_machine.move_to(now + timedelta(days=2))
    closed = client.get(f"{NOTICES}/{notice.code}", headers=seen)

    assert unchanged.status_code == 304
    assert closed.json()["state"] == "closed"


def test_reads_are_open_to_scripts_of_other_sites(client, site):
    """S1: CORS for reads, nothing for writers with a token."""
    read = client.get(NOTICES)
    preflight = client.options(NOTICES)
    with_token = client.get(NOTICES, headers={"Authorization": "Bearer x"})

    assert read["Access-Control-Allow-Origin"] == "*"
    assert preflight.status_code == 204
    assert preflight["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "Access-Control-Allow-Origin" not in with_token


def test_head_is_answered_and_other_methods_are_told(client, site):
    assert client.head(NOTICES).status_code == 200
    told = client.delete(NOTICES)
    problem(told, 405, "method_not_allowed")
    assert "GET" in told["Allow"]


def test_unknown_addresses_are_problems_not_pages(client, site):
    problem(client.get("/api/v1/nothing/here"), 404, "not_found")


@pytest.mark.parametrize(
    "address", [NOTICES, "/api/v1/agencies", "/api/v1/schedule", "/api/v1/nothing", "/api/v1/docs"]
)
def test_neither_session_nor_cookie_is_touched(client, site, address):
    """S1: public answers can be kept whole by caches."""
    response = client.get(address)

    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize(
    "address",
    ["/api/v1/notices", "/api/v1/guides", "/api/v1/agencies", "/api/v1/schedule"],
)
def test_lists_cost_the_same_for_one_row_and_for_twenty(
    client, two_agencies, django_assert_num_queries, django_assert_max_num_queries, address
):
    """S10: the number of queries does not grow with the rows."""
    factories = (NoticePageFactory, ProgrammeGuidePageFactory, ScheduleEntryPageFactory)
    for make in factories:
        make(agency=two_agencies.a)
    client.get(address)
    with django_assert_max_num_queries(6) as one:
        client.get(address)
    for make in factories:
        for _ in range(19):
            make(agency=two_agencies.b)

    with django_assert_num_queries(len(one)):
        client.get(f"{address}?page_size=50")
