"""domain.md section 5.1: intake facts are the live notice's, never a revision's."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import Page, Workflow

from cms.models import INTAKE_FIELDS, NoticePage
from cms.services import notices as services
from cms.services.site import provision_site
from tests.factories.cms import NoticePageFactory
from tests.factories.members import StaffFactory

pytestmark = pytest.mark.django_db


def extended(notice, *, at, days=5, **changes):
    """Extend a notice's intake and return the new closing time."""
    closes_at = notice.intake_closes_at + timedelta(days=days)
    services.change_intake(
        notice=notice,
        changes={"intake_closes_at": closes_at, **changes},
        reason="신청이 몰려 연장합니다.",
        by=StaffFactory(comms=True),
        at=at,
    )
    return closes_at


def old_revision(notice):
    """Return a revision saved before anything is extended, with a new title."""
    page = NoticePage.objects.get(pk=notice.pk)
    page.title = "고친 제목"
    return page.save_revision()


def test_publishing_an_older_draft_keeps_the_extension(at):
    """domain 5.1: the draft's text is published, its old closing time is not."""
    notice = NoticePageFactory()
    revision = old_revision(notice)
    closes_at = extended(notice, at=at)

    NoticePage.objects.get(pk=notice.pk).revisions.get(pk=revision.pk).publish()

    notice = NoticePage.objects.get(pk=notice.pk)
    assert (notice.title, notice.intake_closes_at) == ("고친 제목", closes_at)


def test_reverting_to_an_older_draft_keeps_the_extension(at):
    """domain 5.1: going back to an old text does not go back to the old closing time."""
    notice = NoticePageFactory()
    revision = old_revision(notice)
    closes_at = extended(notice, at=at)

    reverted = notice.revisions.get(pk=revision.pk).as_object()
    reverted.save_revision(previous_revision=revision).publish()

    notice = NoticePage.objects.get(pk=notice.pk)
    assert (notice.title, notice.intake_closes_at) == ("고친 제목", closes_at)


def test_publishing_a_scheduled_draft_keeps_the_extension(at):
    """domain 5.1: `publish_scheduled` brings the text of its hour and no old closing time."""
    notice = NoticePageFactory()
    page = NoticePage.objects.get(pk=notice.pk)
    page.title, page.go_live_at = "예약한 제목", at + timedelta(hours=1)
    page.save_revision().publish()
    closes_at = extended(notice, at=at)
    revision = notice.revisions.get()
    revision.approved_go_live_at = at - timedelta(minutes=1)
    revision.content["go_live_at"] = revision.approved_go_live_at.isoformat()
    revision.save()

    call_command("publish_scheduled")

    notice = NoticePage.objects.get(pk=notice.pk)
    assert (notice.title, notice.intake_closes_at) == ("예약한 제목", closes_at)


def test_approving_an_older_draft_keeps_the_extension(at):
    """domain 5.1: the workflow publishes the text that was submitted, not its intake."""
    provision_site()
    notice = NoticePageFactory()
    page = NoticePage.objects.get(pk=notice.pk)
    page.title = "승인할 제목"
    page.save_revision()
    editor = StaffFactory(comms=True)
    state = Workflow.objects.get().start(page, user=editor)
    closes_at = extended(notice, at=at)

    state.current_task_state.specific.approve(user=editor)

    notice = NoticePage.objects.get(pk=notice.pk)
    assert (notice.title, notice.intake_closes_at) == ("승인할 제목", closes_at)


def test_unpublishing_a_stale_copy_keeps_the_extension(at):
    """domain 5.1: a page object read before the extension cannot write it away."""
    notice = NoticePageFactory()
    stale = NoticePage.objects.get(pk=notice.pk)
    closes_at = extended(notice, at=at)

    stale.unpublish()

    notice = NoticePage.objects.get(pk=notice.pk)
    assert (notice.live, notice.intake_closes_at) == (False, closes_at)


def test_every_intake_fact_survives_an_older_draft(at):
    """domain 5.1: not only the closing time but each of the facts."""
    notice = NoticePageFactory()
    revision = old_revision(notice)
    changes = {
        "member_level": "full",
        "originals_policy": "refuse",
        "capacity": 7,
        "rounds_allowed": 3,
        "is_certificate_offered": True,
        "stopped_early_at": at,
        "stop_reason": "예산이 모두 쓰였습니다.",
        "external_url": "https://intake.example/",
        "intake_kind": "external",
        "intake_opens_at": notice.intake_opens_at + timedelta(days=1),
    }
    extended(notice, at=at, **changes)
    live = NoticePage.objects.values(*INTAKE_FIELDS).get(pk=notice.pk)

    NoticePage.objects.get(pk=notice.pk).revisions.get(pk=revision.pk).publish()

    assert NoticePage.objects.values(*INTAKE_FIELDS).get(pk=notice.pk) == live


def test_witness_a_whole_row_save_of_a_revision_would_bring_the_old_closing_back(at):
    """Witness of 5.1: without the two overrides the extension is lost."""
    notice = NoticePageFactory()
    revision = old_revision(notice)
    extended(notice, at=at)

    page = Page.with_content_json(NoticePage.objects.get(pk=notice.pk), revision.content)
    super(NoticePage, page).save()

    assert NoticePage.objects.get(pk=notice.pk).intake_closes_at == notice.intake_closes_at


def test_before_the_first_publishing_a_draft_carries_its_intake(at):
    """domain 5.1: until then the page form writes the facts, and publishing takes them."""
    notice = NoticePageFactory(draft=True)
    page = NoticePage.objects.get(pk=notice.pk)
    page.intake_closes_at += timedelta(days=9)
    page.save_revision().publish()

    notice.refresh_from_db()
    assert notice.live
    assert notice.intake_closes_at == page.intake_closes_at


def test_the_form_takes_intake_only_before_the_first_publishing():
    """domain 5.1: afterwards the fields are shown but disabled, whatever is posted."""
    form_class = NoticePage.get_edit_handler().get_form_class()

    fresh = form_class(instance=NoticePageFactory(draft=True))
    published = form_class(instance=NoticePageFactory())

    assert not any(fresh.fields[name].disabled for name in INTAKE_FIELDS if name in fresh.fields)
    assert all(
        published.fields[name].disabled for name in INTAKE_FIELDS if name in published.fields
    )


def test_posting_the_edit_form_does_not_move_the_closing(log_in, two_agencies):
    """domain 5.1, S18: a forged closing time in the page form changes nothing."""
    provision_site()
    notice = NoticePageFactory(agency=two_agencies.a)
    browser = log_in(StaffFactory(manager=True, agency=two_agencies.a))
    address = reverse("wagtailadmin_pages:edit", args=[notice.pk])
    posted = {
        **form_of(notice),
        "title": "새 제목",
        "intake_closes_at": "2099-01-01 00:00",
        "action-publish": "1",
    }

    response = browser.post(address, posted)

    assert response.status_code == 302, response.context["form"].errors
    saved = NoticePage.objects.get(pk=notice.pk)
    assert (saved.title, saved.intake_closes_at) == ("새 제목", notice.intake_closes_at)


def form_of(notice):
    """Return what a browser would post for a notice without rows."""
    rows = {
        f"{name}-{part}": 0
        for name in ("required_documents", "questions", "attachments")
        for part in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
    }
    return {
        **rows,
        "title": notice.title,
        "summary": notice.summary,
        "category": notice.category_id,
        "official_number": "",
        "programme": "",
        "posted_at": "2026-01-05 09:00",
        "intake_kind": notice.intake_kind,
        "intake_opens_at": "2026-01-05 09:00",
        "member_level": notice.member_level,
        "originals_policy": notice.originals_policy,
        "rounds_allowed": 1,
        "is_certificate_offered": "",
        "contact_department": "",
        "contact_phone": notice.contact_phone,
        "contact_email": "",
        "seo_title": "",
        "search_description": "",
        "body-count": 0,
    }
