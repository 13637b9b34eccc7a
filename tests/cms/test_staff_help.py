"""What helps an officer to write a notice: labels, help, advice, comparison, next year's copy."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from cms.models import Category, NoticePage
from cms.rules import advice_on
from tests.cms.test_staff import notice_form
from tests.factories.cms import (
    AttachmentFactory,
    DocumentFactory,
    NoticePageFactory,
    RequiredDocumentFactory,
)
from tests.factories.members import StaffFactory

pytestmark = pytest.mark.django_db


def attach(notice, *names):
    for name in names:
        AttachmentFactory(
            page=notice, document=DocumentFactory(file=ContentFile(b"x", name), title=name)
        )


@pytest.mark.parametrize(
    ("names", "is_warned"),
    [(["a.hwp"], True), (["a.hwpx", "b.HWP"], True), (["a.hwp", "a.pdf"], False), ([], False)],
)
def test_hwp_alone_is_warned_of(two_agencies, names, is_warned):
    """S10, S66: a screen reader and a company without the word processor read nothing of it."""
    notice = NoticePageFactory(agency=two_agencies.a)
    attach(notice, *names)

    assert any("HWP" in sentence for sentence in advice_on(notice)) == is_warned


def test_a_complete_notice_gets_no_advice(two_agencies):
    """S66: text, a readable file, the documents to hand in."""
    notice = NoticePageFactory(agency=two_agencies.a)
    RequiredDocumentFactory(page=notice)
    attach(notice, "a.pdf")

    assert advice_on(notice) == []


def test_advice_is_given_when_publishing(log_in, two_agencies):
    """S66: told, not forbidden; saving a draft says nothing."""
    category = Category.objects.create(slug="marketing", name="지역산업마케팅")
    browser = log_in(StaffFactory(agency=two_agencies.a))
    add = reverse("wagtailadmin_pages:add", args=["cms", "noticepage", two_agencies.a.page.pk])

    silent = browser.post(add, notice_form(category, title="초안"), follow=True)
    told = browser.post(
        add, notice_form(category, title="게시", **{"action-publish": "1"}), follow=True
    )

    assert "본문도 첨부파일도 없습니다" not in silent.text
    assert "본문도 첨부파일도 없습니다" in told.text
    assert NoticePage.objects.get(title="게시").live


def test_summary_and_facts_are_required_for_publishing(log_in, two_agencies):
    """S66: the form says in Korean which fact is missing."""
    category = Category.objects.create(slug="marketing", name="지역산업마케팅")
    browser = log_in(StaffFactory(agency=two_agencies.a))
    add = reverse("wagtailadmin_pages:add", args=["cms", "noticepage", two_agencies.a.page.pk])
    empty = {"summary": "", "intake_opens_at": "", "contact_phone": "", "category": ""}

    answer = browser.post(add, notice_form(category, **{"action-publish": "1"}) | empty)

    assert set(answer.context["form"].errors) == set(empty)
    assert not NoticePage.objects.filter(title="새 공고").exists()


def test_every_field_has_a_korean_label(log_in, two_agencies):
    """S66: of the page's form and of its rows."""
    browser = log_in(StaffFactory(agency=two_agencies.a))
    add = reverse("wagtailadmin_pages:add", args=["cms", "noticepage", two_agencies.a.page.pk])

    form = browser.get(add).context["form"]

    labels = {name: str(field.label) for name, field in form.fields.items()}
    for formset in form.formsets.values():
        labels |= {
            f"{formset.prefix}-{name}": str(field.label)
            for name, field in formset.empty_form.fields.items()
            if name not in {"id", "ORDER", "DELETE"}
        }
    hidden = {"comment_notifications"}
    english = {name: label for name, label in labels.items() if label.isascii()}
    assert set(english) <= hidden, english


def test_revisions_are_compared_in_words(log_in, two_agencies):
    """S66: what changed between two versions, field by field, in Korean."""
    officer = StaffFactory(agency=two_agencies.a)
    notice = NoticePageFactory(agency=two_agencies.a, summary="처음 요약")
    first = notice.save_revision(user=officer)
    notice.summary = "고친 요약"
    second = notice.save_revision(user=officer)

    page = (
        log_in(officer)
        .get(reverse("wagtailadmin_pages:revisions_compare", args=[notice.pk, first.pk, second.pk]))
        .text
    )

    assert "요약" in page
    assert "처음" in page, page[page.index("요약") - 500 : page.index("요약") + 1500]
    assert "고친" in page


def test_the_preview_may_be_framed_by_the_admin(log_in, two_agencies):
    """S66: real-time preview under the admin's policy: same origin frames, no others."""
    notice = NoticePageFactory(agency=two_agencies.a)
    notice.save_revision()
    browser = log_in(StaffFactory(agency=two_agencies.a))
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[notice.pk])
    category = notice.category

    posted = browser.post(address, notice_form(category, title="지금 쓰는 제목"))
    page = browser.get(address)

    assert posted.json()["is_valid"]
    assert "지금 쓰는 제목" in page.text
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_a_colleagues_open_editor_and_newer_version_are_shown(log_in, two_agencies):
    """S66: autosave's conflicts: who else is here, and that a newer version was saved."""
    notice = NoticePageFactory(agency=two_agencies.a, title="함께 고치는 공고")
    notice.save_revision()
    first = StaffFactory(agency=two_agencies.a, name="먼저연사람")
    second = StaffFactory(agency=two_agencies.a, name="나중연사람")
    ping = reverse("wagtailadmin_editing_sessions:ping", args=["cms", "noticepage", notice.pk, 999])
    seen = notice.latest_revision
    loaded = {"revision_id": seen.pk, "revision_created_at": seen.created_at.isoformat()}
    log_in(first).post(ping, {"is_editing": "1"})

    before = log_in(second).post(ping, loaded).json()
    notice.title = "그사이 저장한 제목"
    notice.save_revision(user=first)
    after = log_in(second).post(ping, loaded).json()

    assert "먼저연사람" in before["html"]
    assert before["other_sessions"][0]["revision_id"] is None
    assert after["other_sessions"][0]["revision_id"] == notice.latest_revision.pk
