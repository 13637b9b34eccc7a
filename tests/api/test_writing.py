"""An agency's own system writes notices and schedule entries, as an officer of the agency may."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.models import PageLogEntry

from cms.models import NoticePage, ScheduleEntryPage
from cms.services.agencies import provision_agency_corner
from tests.factories.cms import (
    CategoryFactory,
    NoticePageFactory,
    ProgrammeGuidePageFactory,
    RequiredDocumentFactory,
    ScheduleEntryPageFactory,
)
from tests.factories.members import SMALL_PDF, StaffFactory

pytestmark = pytest.mark.django_db

NOTICES = "/api/v1/agency/notices"
SCHEDULE = "/api/v1/agency/schedule"


@pytest.fixture
def system(two_agencies, system_of):
    CategoryFactory(slug="marketing")
    return system_of(two_agencies.a)


def text_of_notice(at, **changes):
    return {
        "title": "2026년 동남아 시장개척단 모집",
        "summary": "동남아 시장을 개척할 기업을 모집합니다.",
        "category": "marketing",
        "contact_phone": "0421234567",
        "intake_kind": "own",
        "intake_opens_at": (at - timedelta(days=1)).isoformat(),
        "intake_closes_at": (at + timedelta(days=9)).isoformat(),
        "required_documents": [{"label": "사업계획서", "formats": ["pdf"]}],
        "body": [
            {"type": "heading", "value": "지원 내용"},
            {"type": "text", "value": "<p>항공료를 <b>지원</b>합니다.</p>"},
        ],
        **changes,
    }


def published(agency, **fields):
    """A notice that went through its first revision, as every real one did."""
    notice = NoticePageFactory(agency=agency, **fields)
    notice.save_revision().publish()
    return NoticePage.objects.get(pk=notice.pk)


def code_of(answer, status=201):
    assert answer.status_code == status, answer.content.decode()
    return answer.json()["code"]


# --- from nothing to the public -----------------------------------------------------------------


def test_notice_goes_from_draft_to_public_and_on(system, client, at, two_agencies):
    """S2, S10, S63: create, change, publish, extend and close, each step with the last ETag."""
    made = system.post(NOTICES, text_of_notice(at))
    code = code_of(made)
    assert client.get(f"/api/v1/notices/{code}").status_code == 404

    changed = system.patch(made["Location"], {"title": "새 제목"}, etag=made["ETag"])
    live = system.post(f"{NOTICES}/{code}/publish", etag=changed["ETag"])
    closes_at = at + timedelta(days=20)
    longer = system.post(
        f"{NOTICES}/{code}/extend",
        {"closes_at": closes_at.isoformat(), "reason": "신청이 적습니다."},
        etag=live["ETag"],
    )
    shut = system.post(
        f"{NOTICES}/{code}/close", {"reason": "예산이 다했습니다."}, etag=longer["ETag"]
    )

    shown = client.get(f"/api/v1/notices/{code}").json()
    assert [a.status_code for a in (changed, live, longer, shut)] == [200] * 4
    assert (shown["title"], shown["state"]) == ("새 제목", "closed")
    assert shown["agency"]["code"] == two_agencies.a.code
    assert shown["required_documents"][0]["formats"] == ["pdf"]
    assert shown["extensions"][0]["reason"] == "신청이 적습니다."
    assert shown["stop_reason"] == "예산이 다했습니다."


def test_every_write_stands_in_the_history_as_the_token(system, at):
    """S63: the page's history names the system, not a person."""
    made = system.post(NOTICES, text_of_notice(at))
    system.post(f"{NOTICES}/{code_of(made)}/publish", etag=made["ETag"])

    notice = NoticePage.objects.get()
    entries = PageLogEntry.objects.filter(page=notice.pk)
    assert {entry.action for entry in entries} >= {"wagtail.create", "wagtail.publish"}
    assert {entry.user for entry in entries} == {system.token.account}
    assert notice.latest_revision.user == system.token.account


def test_an_agency_that_needs_approval_submits(system, at, two_agencies):
    """S63: a token may not publish where the agency's officers may not."""
    two_agencies.a.publishes_itself = False
    two_agencies.a.save()
    provision_agency_corner(agency=two_agencies.a, by=None)
    made = system.post(NOTICES, text_of_notice(at))
    code = code_of(made)

    refused = system.post(f"{NOTICES}/{code}/publish", etag=made["ETag"])
    asked = system.post(f"{NOTICES}/{code}/submit", etag=made["ETag"])
    locked = system.patch(f"{NOTICES}/{code}", {"title": "다른 제목"}, etag=asked["ETag"])

    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert "승인" in refused.json()["detail"]
    assert asked.json()["is_waiting_for_approval"] is True
    assert locked.status_code == 403
    assert not NoticePage.objects.get().live


def test_files_are_attached_by_content(system, client, two_agencies):
    """S10: a file is judged as everywhere; the public takes it once the notice shows it."""
    notice = published(two_agencies.a)
    address = f"{NOTICES}/{notice.code}"
    etag = system.get(address)["ETag"]
    good = SimpleUploadedFile("공고문.pdf", SMALL_PDF)
    bad = SimpleUploadedFile("공고문.pdf", b"MZ not a pdf")

    refused = system.upload(f"{address}/attachments", bad, etag=etag)
    added = system.upload(f"{address}/attachments", good, etag=etag, label="공고문")
    file = added.json()["attachments"][0]
    hidden = client.get(file["url"].removeprefix("http://localhost:8000"))
    system.post(f"{address}/publish", etag=added["ETag"])

    assert (refused.status_code, refused.json()["code"]) == (422, "file_refused")
    assert (file["name"], file["kind"]) == ("공고문", "pdf")
    assert hidden.status_code == 404
    shown = client.get(f"/api/v1/notices/{notice.code}").json()["attachments"]
    assert [row["name"] for row in shown] == ["공고문"]


def test_last_years_notice_is_duplicated(system, two_agencies):
    """S63: the copy has its own number, next year's dates, and is a draft."""
    notice = published(two_agencies.a, title="2026년 모집")

    copy = system.post(f"{NOTICES}/{notice.code}/duplicate").json()

    assert copy["code"] != notice.code
    assert (copy["is_live"], copy["views"]) == (False, 0)
    assert copy["intake_opens_at"][:4] == str(notice.intake_opens_at.year + 1)


def test_schedule_entries_are_written(system, client, two_agencies):
    """S3: an entry with its notice, from draft to the public schedule."""
    notice = published(two_agencies.a)
    made = system.post(
        SCHEDULE,
        {
            "title": "하노이 상담회",
            "kind": "meeting",
            "starts_date": "2027-03-02",
            "ends_date": "2027-03-04",
            "country": "VN",
            "notice": notice.code,
        },
    )
    uuid = made.json()["uuid"]
    changed = system.patch(f"{SCHEDULE}/{uuid}", {"city": "하노이"}, etag=made["ETag"])
    live = system.post(f"{SCHEDULE}/{uuid}/publish", etag=changed["ETag"])

    shown = client.get(f"/api/v1/schedule/{uuid}").json()
    assert (made.status_code, live.status_code) == (201, 200)
    assert (shown["city"], shown["notice"]) == ("하노이", notice.code)


# --- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"intake_kind": "external"}, "external_url"),
        ({"category": "nowhere"}, "category"),
        ({"title": ""}, "body.payload.title"),
        ({"titel": "x"}, "body.payload.titel"),
        ({"agency": "another"}, "body.payload.agency"),
        ({"code": "BZA0000001"}, "body.payload.code"),
        ({"view_count": 10_000}, "body.payload.view_count"),
        ({"body": [{"type": "heading", "value": ""}]}, "body"),
        ({"body": [{"type": "list", "value": {"title": 1, "items": 7}}]}, "body"),
    ],
)
def test_faulty_content_is_told_field_by_field(system, at, changes, field):
    """S63: nothing is kept of a faulty request, and nothing may be set that a form does not."""
    answer = system.post(NOTICES, text_of_notice(at, **changes))

    assert answer.status_code == 422
    assert field in {error["field"] for error in answer.json()["errors"]}
    assert not NoticePage.objects.exists()


def test_rich_text_keeps_what_the_editor_would(system, at):
    """S63: scripts, handlers, odd links and links by number fall out."""
    html = (
        '<p onclick="x()">가<script>alert(1)</script><a href="javascript:x()">나</a>'
        '<a linktype="document" id="1">다</a><b>라</b><iframe src="//x"></iframe></p>'
    )
    body = [{"type": "text", "value": html}]

    told = system.post(NOTICES, text_of_notice(at, body=body)).json()

    text = told["body"][0]["value"]
    assert "<b>라</b>" in text
    for part in ("script", "onclick", "javascript:", "linktype", "iframe"):
        assert part not in text


def test_intake_of_a_published_notice_is_not_a_matter_of_text(system, two_agencies, at):
    """S13: after publishing only extend and close change the intake, with a reason."""
    notice = published(two_agencies.a)
    address = f"{NOTICES}/{notice.code}"
    etag = system.get(address)["ETag"]
    later = (at + timedelta(days=99)).isoformat()

    patched = system.patch(address, {"intake_closes_at": later}, etag=etag)
    earlier = system.post(
        f"{address}/extend", {"closes_at": at.isoformat(), "reason": "줄이기"}, etag=etag
    )
    silent = system.post(f"{address}/extend", {"closes_at": later, "reason": " "}, etag=etag)

    assert (patched.status_code, patched.json()["code"]) == (409, "intake_is_fixed")
    assert (earlier.status_code, silent.status_code) == (422, 422)
    notice.refresh_from_db()
    assert not notice.intake_changes.exists()


def test_known_documents_keep_their_keys(system, two_agencies):
    """S55: what companies filed under a required document stays filed under it."""
    notice = NoticePageFactory(agency=two_agencies.a)
    row = RequiredDocumentFactory(page=notice, label="사업계획서")
    notice.save_revision().publish()
    address = f"{NOTICES}/{notice.code}"
    etag = system.get(address)["ETag"]
    documents = [{"key": str(row.key), "label": "수행계획서"}, {"label": "통장 사본"}]

    changed = system.patch(address, {"required_documents": documents}, etag=etag)
    system.post(f"{address}/publish", etag=changed["ETag"])

    kept = {str(r.key): r.label for r in notice.required_documents.all()}
    assert kept[str(row.key)] == "수행계획서"
    assert set(kept.values()) == {"수행계획서", "통장 사본"}


def test_nothing_is_overwritten_unseen(system, two_agencies):
    """S63: 428 without If-Match, 412 with an old one; the officer's change stays."""
    notice = published(two_agencies.a)
    address = f"{NOTICES}/{notice.code}"
    etag = system.get(address)["ETag"]
    notice.title = "담당자가 고친 제목"
    notice.save_revision(user=StaffFactory(agency=two_agencies.a))

    without = system.patch(address, {"title": "시스템의 제목"})
    old = system.patch(address, {"title": "시스템의 제목"}, etag=etag)

    assert (without.status_code, old.status_code) == (428, 412)
    assert old["ETag"] == system.get(address)["ETag"]
    assert system.get(address).json()["title"] == "담당자가 고친 제목"


# --- idempotency --------------------------------------------------------------------------------


def test_a_repeated_request_gets_the_first_answer(system, at):
    """S63: one key, one notice, the same answer; another body under it is told."""
    first = system.post(NOTICES, text_of_notice(at), key="order-2026-0001")
    again = system.post(NOTICES, text_of_notice(at), key="order-2026-0001")
    other = system.post(NOTICES, text_of_notice(at, title="다른 것"), key="order-2026-0001")

    assert (again.status_code, again.content) == (201, first.content)
    assert (again["ETag"], again["Location"]) == (first["ETag"], first["Location"])
    assert again["Idempotency-Replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert NoticePage.objects.count() == 1


def test_a_refused_request_leaves_its_key_unused(system, at):
    """S63: what was refused may be mended and sent again under its key."""
    faulty = system.post(NOTICES, text_of_notice(at, category="nowhere"), key="mend-me-1")
    mended = system.post(NOTICES, text_of_notice(at), key="mend-me-1")

    assert (faulty.status_code, mended.status_code) == (422, 201)


def test_a_key_is_needed_and_belongs_to_its_token(system, system_of, two_agencies, at):
    other = system_of(two_agencies.b)
    missing = system.client.post(
        NOTICES,
        text_of_notice(at),
        content_type="application/json",
        headers={"Authorization": f"Bearer {system.secret}"},
    )

    mine = system.post(NOTICES, text_of_notice(at), key="the-same-key")
    theirs = other.post(NOTICES, text_of_notice(at), key="the-same-key")

    assert missing.status_code == 400
    assert code_of(mine) != code_of(theirs)


# --- two agencies -------------------------------------------------------------------------------


def test_another_agencys_things_are_not_there(system, two_agencies, at):
    """S63: lists, single things and every write know the own agency only."""
    notice = published(two_agencies.b, title="남의 공고")
    entry = ScheduleEntryPageFactory(agency=two_agencies.b, title="남의 일정")
    draft = NoticePageFactory(agency=two_agencies.b, draft=True)
    at_b = f"{NOTICES}/{notice.code}"
    reason = {"reason": "시험입니다."}
    closes = {"closes_at": (at + timedelta(days=90)).isoformat(), **reason}
    file = SimpleUploadedFile("a.pdf", SMALL_PDF)

    answers = [
        system.get(at_b),
        system.get(f"{NOTICES}/{draft.code}"),
        system.patch(at_b, {"title": "x"}, etag="*"),
        system.post(f"{at_b}/publish", etag="*"),
        system.post(f"{at_b}/submit", etag="*"),
        system.post(f"{at_b}/extend", closes, etag="*"),
        system.post(f"{at_b}/close", reason, etag="*"),
        system.post(f"{at_b}/duplicate"),
        system.upload(f"{at_b}/attachments", file, etag="*"),
        system.get(f"{SCHEDULE}/{entry.translation_key}"),
        system.patch(f"{SCHEDULE}/{entry.translation_key}", {"city": "x"}, etag="*"),
        system.post(f"{SCHEDULE}/{entry.translation_key}/publish", etag="*"),
        system.post(f"{SCHEDULE}/{entry.translation_key}/submit", etag="*"),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert "남의" not in system.get(NOTICES).content.decode()
    assert "남의" not in system.get(SCHEDULE).content.decode()
    assert not notice.intake_changes.exists()


def test_pages_lead_to_own_pages_only(system, two_agencies, at):
    """S63: no entry or notice names another agency's drafts."""
    notice = NoticePageFactory(agency=two_agencies.b, draft=True)
    guide = ProgrammeGuidePageFactory(agency=two_agencies.b, draft=True)
    days = {"kind": "event", "starts_date": "2027-01-02", "ends_date": "2027-01-02"}

    entry = system.post(SCHEDULE, {"title": "x", **days, "notice": notice.code})
    of_guide = system.post(NOTICES, text_of_notice(at, programme=str(guide.translation_key)))

    assert (entry.status_code, of_guide.status_code) == (422, 422)
    assert not ScheduleEntryPage.objects.exists()


def test_own_lists_cost_the_same_for_one_row_and_for_twenty(
    system, two_agencies, django_assert_num_queries, django_assert_max_num_queries
):
    NoticePageFactory(agency=two_agencies.a)
    ScheduleEntryPageFactory(agency=two_agencies.a)
    for address in (NOTICES, SCHEDULE):
        system.get(address)
        with django_assert_max_num_queries(12) as one:
            system.get(address)
        for _ in range(19):
            NoticePageFactory(agency=two_agencies.a, draft=True)
            ScheduleEntryPageFactory(agency=two_agencies.a, draft=True)

        with django_assert_num_queries(len(one)):
            assert system.get(f"{address}?page_size=100").json()["count"] >= 20


def test_dates_that_contradict_each_other_are_told(system, at):
    """S13: the constraints speak Korean and name the field where there is one."""
    closes = {"intake_closes_at": (at - timedelta(days=5)).isoformat()}
    days = {"kind": "event", "starts_date": "2027-01-09", "ends_date": "2027-01-02"}

    notice = system.post(NOTICES, text_of_notice(at, **closes))
    entry = system.post(SCHEDULE, {"title": "x", **days})

    assert "접수 마감은 접수 시작보다 늦어야 합니다." in notice.content.decode()
    assert "종료일은 시작일보다 빠를 수 없습니다." in entry.content.decode()
    assert (notice.status_code, entry.status_code) == (422, 422)
