"""The staff's side of content: own corner and nothing else, lists, intake screen, workflow."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page

from cms.models import Category, IntakeChange, NoticePage
from cms.services.agencies import provision_agency_corner
from cms.services.site import provision_site
from tests.factories.cms import (
    NoticePageFactory,
    ProgrammeGuidePageFactory,
    ScheduleEntryPageFactory,
)
from tests.factories.members import AgencyFactory, MemberFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def corners(two_agencies):
    provision_site()
    return tuple(provision_agency_corner(agency=agency, by=None) for agency in two_agencies)


@pytest.fixture
def pages(corners):
    """One notice, guide and entry per agency; those of B carry a planted word."""
    own, foreign = corners
    for factory in (NoticePageFactory, ProgrammeGuidePageFactory, ScheduleEntryPageFactory):
        factory(parent=own)
        factory(parent=foreign, title="밖에서보면안되는말")
    NoticePageFactory(parent=foreign, draft=True, title="밖에서보면안되는말 초안")
    return NoticePage.objects.child_of(own).get(), NoticePage.objects.live().child_of(foreign).get()


# --- own corner and nothing else ----------------------------------------------------------------

LISTS = [
    "/admin/notices/",
    "/admin/notices/results/",
    "/admin/notices/?state=open",
    "/admin/programmes/",
    "/admin/schedule/",
    "/admin/pages/",
    "/admin/pages/{corner}/?q=밖에서",
    "/admin/pages/search/?q=밖에서",
    "/admin/pages/usage/cms/noticepage/",
    "/admin/choose-page/?page_type=cms.programmeguidepage",
    "/admin/choose-page/search/?q=밖에서",
    "/admin/choose-page/{foreign_corner}/",
    "/admin/reports/aging-pages/",
    "/admin/",
]


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("role", ["officer", "manager"])
def test_lists_and_choosers_show_the_own_corner_only(
    log_in, corners, pages, two_agencies, address, role
):
    """S63, domain 3: no word of another agency's pages, drafts least of all."""
    browser = log_in(StaffFactory(agency=two_agencies.a, **{role: True}))

    response = browser.get(
        address.format(corner=corners[0].pk, foreign_corner=corners[1].pk), follow=True
    )

    assert response.status_code in {200, 403, 404}
    assert "밖에서보면안되는말" not in response.content.decode()
    assert two_agencies.b.name not in response.content.decode()


def test_witness_comms_sees_the_planted_word(log_in, pages):
    """Witness: the planted word is there for those who may see it."""
    browser = log_in(StaffFactory(comms=True))

    assert "밖에서보면안되는말" in browser.get("/admin/notices/").content.decode()


@pytest.mark.parametrize("screen", ["cms_staff:intake", "cms_staff:clone", "edit", "delete"])
def test_another_agencys_notice_is_out_of_reach(log_in, pages, two_agencies, screen):
    """domain 3: owner and colleague reach it, a stranger of another agency is sent away."""
    own, foreign = pages
    browser = log_in(StaffFactory(agency=two_agencies.a))

    def ask(notice):
        if screen.startswith("cms_staff"):
            return browser.get(reverse(screen, args=[notice.code]))
        return browser.get(reverse(f"wagtailadmin_pages:{screen}", args=[notice.pk]))

    assert ask(own).status_code == 200
    refused = ask(foreign)
    assert refused.status_code in {302, 403, 404}
    assert "밖에서보면안되는말" not in refused.content.decode()


def test_nobody_but_staff_enters(client, log_in, pages):
    """domain 3: visitors are led to the log-in, members are refused."""
    address = reverse("cms_staff:intake", args=[pages[0].code])

    assert client.get(address).status_code == 302
    assert log_in(MemberFactory()).get(address).status_code == 403


def test_lists_name_no_colleagues_of_other_agencies(log_in, corners, pages, two_agencies):
    """domain 3: Wagtail's filters by person would list everybody who ever wrote a page."""
    stranger = StaffFactory(agency=two_agencies.b, name="남의담당자")
    NoticePage.objects.update(owner=stranger)
    browser = log_in(StaffFactory(agency=two_agencies.a))

    for address in ("/admin/notices/", f"/admin/pages/{corners[0].pk}/"):
        assert "남의담당자" not in browser.get(address).content.decode()


@pytest.mark.parametrize(
    ("role", "visible", "hidden"),
    [
        ("officer", {"사업공고", "연중일정"}, {"사이트 설정", "기관 자리"}),
        ("comms", {"사업공고", "사업구분"}, {"사이트 설정", "기관 자리"}),
        ("operator", {"사업공고", "사업구분", "사이트 설정", "기관 자리"}, set()),
    ],
)
def test_the_menu_holds_what_a_role_may_use(log_in, corners, role, visible, hidden):
    """S63: users, groups and sites of Wagtail are nobody's; settings are the operator's."""
    page = log_in(StaffFactory(**{role: True})).get("/admin/").content.decode()
    page = page.encode().decode("unicode_escape", errors="ignore") if "\\u" in page else page

    assert all(label in page for label in visible)
    assert not any(label in page for label in hidden)
    for address in ("/admin/users/", "/admin/groups/", "/admin/sites/", "wagtail.org"):
        assert f'"{address}"' not in page


# --- the intake screen and last year's notice ---------------------------------------------------


def intake_form(notice, **changes):
    def moment(value):
        return value.astimezone().strftime("%Y-%m-%d %H:%M") if value else ""

    return {
        "intake_kind": notice.intake_kind,
        "intake_opens_at": notice.intake_opens_at,
        "intake_closes_at": notice.intake_closes_at,
        "member_level": notice.member_level,
        "originals_policy": notice.originals_policy,
        "rounds_allowed": notice.rounds_allowed,
        "stop_reason": "",
        "external_url": "",
        "reason": "신청이 몰렸습니다.",
        **changes,
    } | {
        name: moment(value)
        for name, value in {
            "intake_opens_at": notice.intake_opens_at,
            "intake_closes_at": changes.get("intake_closes_at", notice.intake_closes_at),
        }.items()
    }


def test_an_officer_extends_the_intake_with_a_reason(log_in, pages, two_agencies):
    """domain 5.1: the screen changes the live notice at once and shows the history."""
    notice = pages[0]
    officer = StaffFactory(agency=two_agencies.a)
    address = reverse("cms_staff:intake", args=[notice.code])
    closes_at = notice.intake_closes_at + timedelta(days=4)

    response = log_in(officer).post(
        address, intake_form(notice, intake_closes_at=closes_at), follow=True
    )

    notice.refresh_from_db()
    assert notice.intake_closes_at == closes_at
    assert IntakeChange.objects.get().by == officer
    assert "신청이 몰렸습니다." in response.content.decode()


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"reason": ""}, "필수"),
        ({}, "바뀐 항목이 없습니다"),
        ({"intake_kind": "external"}, "접수시스템 주소가 필요합니다"),
    ],
)
def test_the_intake_screen_says_what_is_missing(log_in, pages, two_agencies, changes, word):
    """domain 5.1: nothing is changed without a reason, a change and facts that fit."""
    notice = pages[0]
    browser = log_in(StaffFactory(agency=two_agencies.a))

    response = browser.post(
        reverse("cms_staff:intake", args=[notice.code]), intake_form(notice, **changes)
    )

    assert response.status_code == 200
    assert word in response.content.decode()
    assert not IntakeChange.objects.exists()


def test_the_intake_screen_is_for_published_notices(log_in, corners, two_agencies):
    """domain 5.1: a draft's intake is written in its own form."""
    draft = NoticePageFactory(parent=corners[0], draft=True)
    browser = log_in(StaffFactory(agency=two_agencies.a))

    response = browser.get(reverse("cms_staff:intake", args=[draft.code]), follow=True)

    assert "아직 게시한 적이 없는 공고입니다" in response.content.decode()


def test_copying_a_notice_leads_to_next_years_draft(log_in, pages, two_agencies):
    """«지난 공고 복제»: Wagtail's own copy of a notice is led to our screen."""
    browser = log_in(StaffFactory(agency=two_agencies.a))
    address = reverse("cms_staff:clone", args=[pages[0].code])

    led = browser.get(reverse("wagtailadmin_pages:copy", args=[pages[0].pk]))
    shown = browser.get(address)
    browser.post(address)

    assert led.headers["Location"] == address
    assert "한 해 뒤로" in shown.content.decode()
    copy = NoticePage.objects.child_of(pages[0].get_parent()).latest("pk")
    assert (copy.live, copy.title) == (False, pages[0].title)


def test_corners_are_brought_in_step_by_the_operator(log_in, db):
    """S63: a new agency gets its page, its files and its rights in one step."""
    agency = AgencyFactory()
    operator = log_in(StaffFactory(operator=True))

    operator.post(reverse("cms_staff:corners"), {"agency": agency.uuid})

    assert agency.page.public_collection is not None
    assert agency.name in operator.get(reverse("cms_staff:corners")).content.decode()
    comms = log_in(StaffFactory(comms=True))
    assert comms.post(reverse("cms_staff:corners"), {"agency": agency.uuid}).status_code == 302


# --- writing ------------------------------------------------------------------------------------


def notice_form(category, **fields):
    rows = {
        f"{name}-{part}": 0
        for name in ("required_documents", "questions", "attachments")
        for part in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    return {
        **rows,
        "title": "새 공고",
        "summary": "요약",
        "category": category.pk,
        "posted_at": "2026-01-05 09:00",
        "intake_kind": "external",
        "external_url": "https://intake.example/",
        "intake_opens_at": "2026-01-05 09:00",
        "intake_closes_at": "2026-02-05 18:00",
        "member_level": "provisional",
        "originals_policy": "warn",
        "rounds_allowed": 1,
        "is_certificate_offered": "",
        "contact_phone": "0421234567",
        "body-count": 0,
        **fields,
    }


def test_an_officer_writes_and_publishes_a_notice(log_in, corners, two_agencies):
    """S66: code, slug and agency come by themselves; required documents with their formats."""
    browser = log_in(StaffFactory(agency=two_agencies.a))
    category = Category.objects.create(slug="marketing", name="지역산업마케팅")
    rows = {
        "required_documents-TOTAL_FORMS": 1,
        "required_documents-0-label": "참가신청서",
        "required_documents-0-is_required": "on",
        "required_documents-0-formats": ["hwp", "pdf"],
        "required_documents-0-max_mb": 10,
        "required_documents-0-ORDER": 1,
    }

    response = browser.post(
        reverse("wagtailadmin_pages:add", args=["cms", "noticepage", corners[0].pk]),
        notice_form(category, **rows, **{"action-publish": "1"}),
    )

    assert response.status_code == 302, response.context["form"].errors
    notice = NoticePage.objects.get(title="새 공고")
    assert (notice.live, notice.agency, notice.slug) == (True, two_agencies.a, notice.code)
    assert notice.is_certificate_offered
    document = notice.required_documents.get()
    assert (document.formats, document.max_mb) == (["hwp", "pdf"], 10)


def test_an_agency_under_approval_submits_and_comms_publishes(log_in, corners, two_agencies):
    """S63, domain 3: without the agency's own publishing a notice waits for approval."""
    two_agencies.a.publishes_itself = False
    two_agencies.a.save()
    provision_agency_corner(agency=two_agencies.a, by=None)
    category = Category.objects.create(slug="marketing", name="지역산업마케팅")
    officer = log_in(StaffFactory(agency=two_agencies.a))
    add = reverse("wagtailadmin_pages:add", args=["cms", "noticepage", corners[0].pk])

    officer.post(add, notice_form(category, title="혼자 게시", **{"action-publish": "1"}))
    officer.post(add, notice_form(category, title="승인 요청", **{"action-submit": "1"}))

    assert not NoticePage.objects.get(title="혼자 게시").live
    waiting = NoticePage.objects.get(title="승인 요청")
    assert (waiting.live, waiting.workflow_in_progress) == (False, True)
    task = waiting.current_workflow_task_state
    log_in(StaffFactory(comms=True)).post(
        reverse("wagtailadmin_pages:workflow_action", args=[waiting.pk, "approve", task.pk])
    )
    waiting.refresh_from_db()
    assert waiting.live


def test_a_draft_is_previewed_with_its_rows(log_in, corners, two_agencies):
    """S66: an editor sees a notice as it will be, and the public does not."""
    notice = NoticePageFactory(parent=corners[0], draft=True, title="미리 보는 공고")
    notice.save_revision()
    browser = log_in(StaffFactory(agency=two_agencies.a))

    response = browser.get(reverse("wagtailadmin_pages:view_draft", args=[notice.pk]))

    assert "미리 보는 공고" in response.content.decode()
    assert "신청정보" in response.content.decode()


def test_a_page_needs_no_address_name_in_korean(log_in, corners, two_agencies):
    """S66: guides and entries get an address name by themselves."""
    browser = log_in(StaffFactory(agency=two_agencies.a))
    posted = {
        "title": "하노이 상담회",
        "kind": "meeting",
        "starts_date": "2026-05-01",
        "ends_date": "2026-05-02",
        "country": "VN",
        "city": "하노이",
        "description": "",
        "notice": "",
        "programme": "",
        "action-publish": "1",
    }

    response = browser.post(
        reverse("wagtailadmin_pages:add", args=["cms", "scheduleentrypage", corners[0].pk]), posted
    )

    assert response.status_code == 302, response.context["form"].errors
    entry = Page.objects.get(title="하노이 상담회").specific
    assert (entry.agency, entry.slug[:6]) == (two_agencies.a, "entry-")


def test_categories_are_comms_own(log_in, corners):
    """S12, S66: 사업구분 is edited by comms and operators, not by officers."""
    address = "/admin/snippets/cms/category/"

    assert log_in(StaffFactory(comms=True)).get(address).status_code == 200
    assert log_in(StaffFactory()).get(address).status_code in {302, 403}


def test_officers_lists_cost_the_same_queries_for_one_notice_and_for_many(log_in, corners):
    """S10, issue A 6.6: no query per row: a row's buttons share its corner."""
    officer = log_in(StaffFactory(agency=corners[0].agency))
    addresses = ("/admin/notices/", f"/admin/pages/{corners[0].pk}/")
    costs = []

    for missing in (1, 24):
        NoticePageFactory.create_batch(missing, parent=corners[0])
        for address in addresses:
            officer.get(address)
            with CaptureQueriesContext(connection) as seen:
                assert officer.get(address).status_code == 200
            costs.append(len(seen))

    assert costs[:2] == costs[2:]
    assert costs[0] < 25
