"""The company's pages from the start to the receipt."""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications.models import Application
from cms.models import NoticePage
from tests.applications.conftest import pdf
from tests.factories.applications import (
    SubmittedDocumentFactory,
)
from tests.factories.cms import NoticePageFactory
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(log_in, person):
    """The checking client of the company's master."""
    return log_in(person)


def page(client, name, *args, status=200):
    response = client.get(reverse(f"applications:{name}", args=args))
    assert response.status_code == status
    return response.content.decode()


def test_start_tells_who_what_and_until_when(member, notice):
    """S17, ui.md 1.5: eligibility first, papers needed, closing with the server's clock."""
    html = page(member, "start", notice.code)

    for text in ("자격 확인", "회원 자격", "사업계획서", "회사소개서", "서버 시각"):
        assert text in html
    assert "신청서 작성 시작하기" in html


def test_start_of_a_closed_notice_offers_no_button(member, site):
    """S15: too late, in words."""
    notice = NoticePageFactory(closed=True)

    html = page(member, "start", notice.code)

    assert "마감되었습니다" in html
    assert "신청서 작성 시작하기" not in html


def test_start_by_post_is_refused_raw(member, site):
    """ASVS 8.3.1: the hidden button's request is refused, too."""
    notice = NoticePageFactory(closed=True)

    member.post(reverse("applications:start", args=[notice.code]))

    assert not Application.objects.exists()


def test_start_begins_and_shows_the_task_list(member, texts, notice):
    """Issue D.1: the draft as a task list, saved and not handed in."""
    response = member.post(reverse("applications:start", args=[notice.code]), follow=True)

    html = response.content.decode()
    for text in ("기업정보 갱신", "동의", "제출서류", "확인 후 제출", "아직 제출되지 않았습니다"):
        assert text in html
    assert Application.objects.get().is_draft


def test_a_colleague_sees_the_same_draft(log_in, draft, notice):
    """Issue D.1: a draft is shared by the company's persons."""
    colleague = log_in(MemberFactory(company=draft.company, colleague=True))

    assert draft.created_by.name in page(colleague, "start", notice.code)


@pytest.mark.parametrize("name", ["record", "documents", "check"])
def test_parts_of_a_draft_lead_to_the_start_without_one(member, texts, notice, name):
    """ASVS 2.3.1: no step without the one before."""
    response = member.get(reverse(f"applications:{name}", args=[notice.code]))

    assert response.status_code == 302
    assert response.url == reverse("applications:start", args=[notice.code])


def upload(member, draft, row, file, seen=""):
    return member.post(
        reverse("applications:documents", args=[draft.notice.code]),
        {"key": str(row.key), "seen": seen, "file": file},
    )


def test_papers_tell_types_and_limits_beforehand(member, draft, notice):
    """S55, ui.md 1.5: template, accepted types, size, own state of each row."""
    html = page(member, "documents", notice.code)

    assert "파일당 20MB 이하" in html
    assert "필요" in html
    assert 'accept=".pdf"' in html


def test_a_paper_is_saved_by_its_own_request(member, draft, notice):
    """S55, issue D.3: one request per file, plain form."""
    row = notice.required_documents.get(is_required=True)

    response = upload(member, draft, row, pdf("사업 계획서.pdf"))

    assert response.status_code == 302
    assert response.url.endswith(f"#paper-{row.key}")
    assert "사업 계획서.pdf" in page(member, "documents", notice.code)


def test_a_refused_file_shows_its_error_and_keeps_the_others(member, draft, notice):
    """security.md 5: in Korean, naming the file and the reason; the others stay."""
    required = notice.required_documents.get(is_required=True)
    optional = notice.required_documents.get(is_required=False)
    upload(member, draft, required, pdf("계획서.pdf"))

    response = upload(member, draft, optional, pdf("소개.exe", b"MZ"))

    html = response.content.decode()
    assert response.status_code == 422
    assert "‘소개.exe’ 파일: 올릴 수 없는 형식입니다. PDF 형식으로 올려 주십시오." in html
    assert f'href="#paper-{optional.key}-file"' in html
    assert "계획서.pdf" in html


def test_no_file_chosen_is_told(member, draft, notice):
    """ui.md 1.5: the seven error texts of an upload: none."""
    row = notice.required_documents.get(is_required=True)

    response = member.post(
        reverse("applications:documents", args=[notice.code]), {"key": str(row.key)}
    )

    assert response.status_code == 422
    assert "올릴 파일을 선택해 주십시오." in response.content.decode()


def test_a_file_too_large_is_told_with_the_rows_limit(member, draft, notice):
    """S55: the row's own limit is named."""
    row = notice.required_documents.get(is_required=True)
    row.max_mb = 1
    row.save()

    response = upload(member, draft, row, pdf(data=b"%PDF-1.4\n" + b"0" * 1024 * 1024))

    assert "이 서류는 1MB까지" in response.content.decode()


def test_a_second_tab_is_warned_and_may_then_replace(member, draft, notice):
    """security.md 2, row 4: the later save is warned; the next try sees what is there."""
    row = notice.required_documents.get(is_required=True)
    upload(member, draft, row, pdf("첫째.pdf"))

    response = upload(member, draft, row, pdf("둘째.pdf"), seen="")
    html = response.content.decode()
    current = draft.documents.current().get()

    assert response.status_code == 422
    assert "먼저 이 서류를 바꾸었습니다" in html
    assert f'value="{current.uuid}"' in html
    assert upload(member, draft, row, pdf("둘째.pdf"), seen=current.uuid).status_code == 302


def test_a_paper_is_taken_out_of_the_draft(member, draft, notice):
    """S55: delete while it is a draft."""
    document = SubmittedDocumentFactory(
        application=draft, required_document=notice.required_documents.first()
    )

    member.post(
        reverse("applications:documents", args=[notice.code]),
        {"action": "remove", "document": str(document.uuid)},
    )

    assert not draft.documents.current().exists()


@pytest.mark.parametrize("sent", [{}, {"key": "x"}, {"action": "remove", "document": "x"}])
def test_nonsense_in_the_papers_form_changes_nothing(member, draft, notice, sent):
    """ASVS 2.2.2: a raw POST is no error page."""
    response = member.post(reverse("applications:documents", args=[notice.code]), sent)

    assert response.status_code == 302
    assert not draft.documents.exists()


# --- check and hand-in --------------------------------------------------------------------------


def send(member, draft, **changes):
    values = {"submission_key": str(draft.submission_key), "version": draft.version, **changes}
    return member.post(reverse("applications:submit", args=[draft.notice.code]), values)


def test_check_page_shows_everything_before_handing_in(member, ready, notice, company):
    """ui.md 1.5, confirm step: record, papers and consents, with the way back to each."""
    html = page(member, "check", notice.code)

    for text in (company.name, "사업계획서", "이용약관", "신청서 제출하기"):
        assert text in html


def test_check_page_without_papers_offers_no_button(member, draft, notice):
    """S55: what is missing is told, the button is not there."""
    html = page(member, "check", notice.code)

    assert "아직 제출할 수 없습니다" in html
    assert "신청서 제출하기" not in html


def test_handing_in_gives_a_receipt(member, ready, notice):
    """S55, N6: number, time, files with SHA-256, hash of the whole."""
    response = send(member, ready)
    application = Application.objects.get()

    assert response.url == reverse("applications:receipt", args=[application.uuid])
    html = member.get(response.url).content.decode()
    for text in (
        f"{notice.code}-R0001",
        application.content_hash,
        application.documents.get().file.sha256,
    ):
        assert text in html


def test_handing_in_twice_gives_the_same_receipt(member, ready):
    """security.md 2, row 3: Back and resubmit."""
    assert send(member, ready).url == send(member, ready).url
    assert Application.objects.count() == 1


def test_handing_in_too_late_is_told_with_the_moment(member, ready, notice, at):
    """S15, security.md 6: the moment of intake and the closing are both shown."""
    NoticePage.objects.filter(pk=notice.pk).update(intake_closes_at=at - timedelta(seconds=1))

    response = send(member, ready)

    assert response.status_code == 422
    assert "접수되지 않았습니다" in response.content.decode()
    assert Application.objects.get().is_draft


def test_handing_in_an_older_version_asks_to_check_again(member, ready):
    """security.md 2, row 4."""
    response = send(member, ready, version=ready.version + 5)

    assert response.url == reverse("applications:check", args=[ready.notice.code])
    assert Application.objects.get().is_draft


def test_handing_in_ignores_every_other_field(member, ready):
    """ASVS 8.2.3: the applicant cannot write state, number or time."""
    send(
        member,
        ready,
        state="selected",
        receipt_number="BZA0000001-R9999",
        submitted_at="2020-01-01",
        round=7,
    )

    application = Application.objects.get()
    assert (application.state, application.round) == ("submitted", 1)
    assert application.receipt_number != "BZA0000001-R9999"


def test_handing_in_by_a_stranger_is_not_found(log_in, ready):
    """Domain section 3: another company's draft is not there."""
    assert send(log_in(MemberFactory()), ready).status_code == 404
    assert Application.objects.get().is_draft


# --- files sent by the page's script -------------------------------------------------------------


def test_a_script_learns_what_became_of_a_file(member, ready):
    """Issue D.3: one request a file; the row's new mark comes back, so that it can be replaced."""
    row = ready.notice.required_documents.get(label="회사소개서")
    address = reverse("applications:documents", args=[ready.notice.code])
    script = {"accept": "application/json"}

    saved = member.post(address, {"key": str(row.key), "file": pdf("소개.pdf")}, headers=script)
    refused = member.post(
        address,
        {"key": str(row.key), "seen": saved.json()["seen"], "file": pdf("소개.exe", b"MZ")},
        headers=script,
    )

    current = ready.documents.current().get(key=row.key)
    assert (saved.status_code, saved.json()["name"]) == (200, "소개.pdf")
    assert saved.json()["seen"] == str(current.uuid)
    assert refused.status_code == 422
    assert "소개.exe" in refused.json()["message"]
    assert ready.documents.current().count() == 2


def test_a_file_sent_again_after_a_lost_answer_is_the_same_file(member, ready):
    """Issue D.3: a retry of the script is no conflict and stores nothing twice."""
    row = ready.notice.required_documents.get(label="회사소개서")
    address = reverse("applications:documents", args=[ready.notice.code])

    answers = [
        member.post(
            address,
            {"key": str(row.key), "file": pdf("소개.pdf")},
            headers={"accept": "application/json"},
        ).json()
        for _ in range(2)
    ]

    assert answers[0] == answers[1]
    assert ready.documents.filter(key=row.key).count() == 1
