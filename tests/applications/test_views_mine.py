"""The company's pages after handing in; strangers; what lists cost."""

import pytest
from django.template import Context, Template
from django.urls import reverse

from applications.models import Bookmark
from cms.models import NoticePage
from tests.applications.conftest import pdf
from tests.factories.applications import (
    ApplicationFactory,
)
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


def test_detail_shows_stages_papers_and_history(member, submitted):
    """S65: the state with its stages, what was handed in, the history."""
    html = page(member, "detail", submitted.uuid)

    for text in (submitted.receipt_number, "서류 검토", "진행 이력", "사업계획서", "취하"):
        assert text in html


def test_withdrawing_asks_for_a_reason(member, submitted):
    """S65: 취하 with reason; empty is told."""
    address = reverse("applications:withdraw", args=[submitted.uuid])

    assert "취하 사유를 입력해 주십시오." in member.post(address, {}).content.decode()
    member.post(address, {"reason": "일정 변경"})

    submitted.refresh_from_db()
    assert submitted.state == "withdrawn"


def test_withdrawing_after_closing_is_explained(member, submitted, notice, at):
    """S65: too late, in words, without a form."""
    NoticePage.objects.filter(pk=notice.pk).update(intake_closes_at=submitted.submitted_at)

    html = page(member, "withdraw", submitted.uuid)

    assert "마감되어 취하할 수 없습니다" in html
    assert "<textarea" not in html


def test_a_handed_in_paper_is_replaced_until_closing(member, submitted, notice):
    """Issue D.1: replace until closing."""
    row = notice.required_documents.get(is_required=True)
    seen = submitted.documents.current().get().uuid

    member.post(
        reverse("applications:replace", args=[submitted.uuid]),
        {"key": str(row.key), "seen": str(seen), "file": pdf("새 계획서.pdf")},
    )

    submitted.refresh_from_db()
    assert submitted.edition == 2
    assert "새 계획서.pdf" in page(member, "detail", submitted.uuid)


def test_a_refused_replacement_keeps_the_paper(member, submitted, notice):
    """Issue D.3: a failed file never loses the others."""
    row = notice.required_documents.get(is_required=True)
    seen = submitted.documents.current().get().uuid

    response = member.post(
        reverse("applications:replace", args=[submitted.uuid]),
        {"key": str(row.key), "seen": str(seen), "file": pdf("새.exe", b"MZ")},
    )

    assert response.status_code == 422
    assert "새.exe" in response.content.decode()
    assert submitted.documents.current().get().uuid == seen


def test_own_file_comes_as_an_attachment(member, submitted):
    """security.md 5: attachment, nosniff, sandbox."""
    document = submitted.documents.get()

    response = member.get(reverse("applications:document_download", args=[document.uuid]))

    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


def test_my_page_names_drafts_and_last_applications(member, draft, notice):
    """Issue D.1: what waits for the company stands on my page."""
    html = member.get(reverse("members:my")).content.decode()

    assert notice.title in html
    assert "아직 제출되지 않았습니다" in html


def test_an_empty_list_names_the_next_step(member):
    """ui.md 1.6: empty states name the next action."""
    assert "아직 신청한 사업이 없습니다" in page(member, "list")


PRIVATE = ["detail", "receipt", "withdraw", "give_up"]


@pytest.mark.parametrize("name", PRIVATE)
def test_another_companys_application_is_not_there(log_in, submitted, name):
    """Domain section 3: owner and colleague see it, a stranger gets 404."""
    address = reverse(f"applications:{name}", args=[submitted.uuid])
    colleague = log_in(MemberFactory(company=submitted.company, colleague=True))
    stranger = log_in(MemberFactory())

    assert colleague.get(address).status_code == 200
    assert stranger.get(address).status_code == 404


def test_another_companys_file_is_not_there(log_in, submitted):
    """security.md 2, row 33."""
    document = submitted.documents.get()
    address = reverse("applications:document_download", args=[document.uuid])

    assert log_in(MemberFactory()).get(address).status_code == 404


@pytest.mark.parametrize("name", ["replace", "answer"])
def test_another_companys_application_is_not_changed(log_in, submitted, name):
    """security.md 2, row 33: unsafe requests, too."""
    address = reverse(f"applications:{name}", args=[submitted.uuid])

    assert log_in(MemberFactory()).post(address).status_code == 404


@pytest.mark.parametrize("trait", ["waiting", "refused", "suspended"])
def test_other_memberships_are_led_to_their_explanation(log_in, notice, trait):
    """S64: only provisional and full members apply."""
    member = log_in(MemberFactory(**{trait: True}))

    response = member.get(reverse("applications:start", args=[notice.code]))

    assert response.url == reverse("members:membership")


def test_staff_do_not_enter_the_companys_pages(log_in, submitted):
    """S63: staff work in the admin."""
    officer = log_in(StaffFactory(agency=submitted.notice.agency))

    assert officer.get(reverse("applications:list")).status_code == 403


@pytest.mark.parametrize("rows", [1, 20])
@pytest.mark.parametrize("name", ["list", "bookmarks"])
def test_lists_cost_the_same_for_1_and_20_rows(
    member, person, django_assert_max_num_queries, name, rows
):
    """Issue D: Hypha needs 140 queries a list; ours do not grow."""
    for notice in NoticePageFactory.create_batch(rows):
        ApplicationFactory(company=person.company, notice=notice, submitted=True)
        Bookmark.objects.keep(person=person, notice=notice, at=notice.posted_at)
    member.get(reverse(f"applications:{name}"))

    with django_assert_max_num_queries(9):
        page(member, name)


def test_the_panel_costs_a_visitor_nothing(client, notice, django_assert_num_queries):
    """Requirements of caching: for visitors the panel reads no row of ours."""
    template = Template("{% load applications %}{% apply_panel page %}")
    with django_assert_num_queries(0):
        template.render(Context({"page": notice, "viewer": None}))
