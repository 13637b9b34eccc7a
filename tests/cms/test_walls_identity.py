"""domain.md sections 5.2 and 5.5: rows keep their keys, a notice keeps its code and address."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from wagtail.models import Page

from applications.models import Application
from cms.models import Attachment, NoticePage, PortalDocument, RequiredDocument
from cms.services import notices as services
from cms.services.site import provision_site
from tests.factories.applications import ApplicationFactory
from tests.factories.cms import (
    AttachmentFactory,
    NoticePageFactory,
    ProgrammeGuidePageFactory,
    RequiredDocumentFactory,
    corner_of,
)
from tests.factories.members import StaffFactory

pytestmark = pytest.mark.django_db


def with_documents(**fields):
    notice = NoticePageFactory(**fields)
    RequiredDocumentFactory(page=notice, label="사업계획서")
    RequiredDocumentFactory(page=notice, label="견적서")
    return NoticePage.objects.get(pk=notice.pk)


def keys_of(notice):
    rows = RequiredDocument.objects.filter(page_id=notice.pk)
    return dict(rows.values_list("label", "key"))


# --- 5.2 ----------------------------------------------------------------------------------------


def test_a_revision_keeps_the_keys_of_its_rows():
    """domain 5.2, S55: publishing again leaves every required document under its key."""
    notice = with_documents()
    keys = keys_of(notice)

    notice.save_revision().publish()

    assert keys_of(notice) == keys


def test_a_removed_row_comes_back_under_its_key():
    """domain 5.2: removing a document and reverting gives the same key again."""
    notice = with_documents()
    keys, revision = keys_of(notice), notice.save_revision()
    page = NoticePage.objects.get(pk=notice.pk)
    page.required_documents = [
        row for row in page.required_documents.all() if row.label != "견적서"
    ]
    page.save_revision().publish()
    assert set(keys_of(notice)) == {"사업계획서"}

    NoticePage.objects.get(pk=notice.pk).revisions.get(pk=revision.pk).publish()

    assert keys_of(notice) == keys


def test_a_row_that_first_stood_in_a_draft_keeps_its_key():
    """domain 5.2: an old revision names a row without number; it stays the published row."""
    notice = NoticePageFactory()
    page = NoticePage.objects.get(pk=notice.pk)
    page.required_documents.add(RequiredDocument(label="사업계획서"))
    revision = page.save_revision()
    revision.publish()
    keys, rows = keys_of(notice), RequiredDocument.objects.values_list("pk", flat=True)
    before = list(rows)

    NoticePage.objects.get(pk=notice.pk).revisions.get(pk=revision.pk).publish()

    assert keys_of(notice) == keys
    assert list(rows.all()) == before


def test_removing_a_required_document_that_companies_answered_publishes():
    """domain 5.2: nothing outside points at the row, so publishing never fails on it."""
    notice = with_documents()
    ApplicationFactory(notice=notice)
    page = NoticePage.objects.get(pk=notice.pk)
    page.required_documents = []

    page.save_revision().publish()

    assert keys_of(notice) == {}


@pytest.mark.parametrize("keep_live", [True, False])
def test_a_copy_has_keys_of_its_own(keep_live):
    """domain 5.2: also after its copied revisions are published."""
    notice = with_documents()
    notice.save_revision()

    copy = notice.copy(keep_live=keep_live)
    for revision in list(copy.revisions.all()):
        revision.publish()

    assert set(keys_of(copy)) == set(keys_of(notice))
    assert not set(keys_of(copy).values()) & set(keys_of(notice).values())


def test_a_lost_attachment_leaves_a_revision_publishable():
    """domain 5.2: a file deleted since the draft was saved is left out instead of a 500."""
    attachment = AttachmentFactory()
    page = NoticePage.objects.get(pk=attachment.page_id)
    page.title = "고친 제목"
    revision = page.save_revision()
    Attachment.objects.all().delete()
    PortalDocument.objects.all().delete()

    NoticePage.objects.get(pk=page.pk).revisions.get(pk=revision.pk).publish()

    notice = NoticePage.objects.get(pk=page.pk)
    assert notice.title == "고친 제목"
    assert not notice.attachments.exists()


# --- 5.5 ----------------------------------------------------------------------------------------


def test_codes_are_given_in_order_and_never_again():
    """domain 5.5, S61: BZA and seven digits from a locked counter; a deleted one stays taken."""
    first = NoticePageFactory()
    second = NoticePageFactory()
    taken = second.code
    second.delete()

    third = NoticePageFactory()

    assert first.code[:3] == "BZA"
    assert [int(taken[3:]) - int(first.code[3:]), int(third.code[3:]) - int(taken[3:])] == [1, 1]
    assert len(third.code) == 10


def test_code_slug_and_agency_stay_whatever_a_revision_says():
    """domain 5.5: identity is the live row's."""
    notice = NoticePageFactory()
    other = NoticePageFactory()
    revision = NoticePage.objects.get(pk=notice.pk).save_revision()
    revision.content.update(code="BZA9999999", slug="elsewhere", agency=other.agency_id)
    revision.save()

    NoticePage.objects.get(pk=notice.pk).revisions.get(pk=revision.pk).publish()

    saved = NoticePage.objects.get(pk=notice.pk)
    assert (saved.code, saved.slug, saved.agency) == (notice.code, notice.code, notice.agency)
    assert saved.url_path.endswith(f"/{notice.code}/")


@pytest.mark.parametrize("keep_live", [True, False])
def test_a_copy_has_a_code_of_its_own(keep_live):
    """domain 5.5: Page.copy() gives a new code, also below the same agency."""
    notice = NoticePageFactory(stopped=True, view_count=12)

    copy = notice.copy(keep_live=keep_live)

    copy = NoticePage.objects.get(pk=copy.pk)
    assert copy.code != notice.code
    assert (copy.slug, copy.agency, copy.view_count) == (copy.code, notice.agency, 0)
    assert copy.stopped_early_at is None


def test_a_notice_has_no_alias():
    """domain 5.5: an alias would repeat the code of what it follows."""
    notice = NoticePageFactory()

    with pytest.raises(ValidationError), transaction.atomic():
        notice.create_alias(update_slug="alias")

    assert NoticePage.objects.count() == 1


def test_a_moved_page_belongs_to_its_new_agency(two_agencies):
    """domain 5.5: the agency column follows the tree, for guides too."""
    notice = NoticePageFactory(agency=two_agencies.a)
    guide = ProgrammeGuidePageFactory(agency=two_agencies.a)

    for page in (notice, guide):
        page.move(corner_of(two_agencies.b), pos="last-child")

    notice.refresh_from_db()
    guide.refresh_from_db()
    assert notice.agency == guide.agency == two_agencies.b


def test_a_revision_from_before_a_move_does_not_bring_the_agency_back(two_agencies):
    """domain 5.5: publishing it leaves the page with the agency it lies below."""
    guide = ProgrammeGuidePageFactory(agency=two_agencies.a)
    revision = guide.save_revision()
    guide.move(corner_of(two_agencies.b), pos="last-child")

    Page.objects.get(pk=guide.pk).specific.revisions.get(pk=revision.pk).publish()

    guide.refresh_from_db()
    assert guide.agency == two_agencies.b


def test_a_notice_with_applications_stays_with_its_agency(two_agencies):
    """domain 5.5: behind every route the move is taken back whole."""
    notice = NoticePageFactory(agency=two_agencies.a)
    ApplicationFactory(notice=notice)

    with pytest.raises(services.PageMustStayError), transaction.atomic():
        notice.move(corner_of(two_agencies.b), pos="last-child")

    saved = NoticePage.objects.get(pk=notice.pk)
    assert saved.agency == two_agencies.a
    assert saved.is_child_of(corner_of(two_agencies.a))


@pytest.mark.parametrize("route", ["single", "bulk"])
def test_the_admin_says_why_a_notice_stays(log_in, two_agencies, route):
    """domain 5.5: a Korean sentence instead of an error page, for one page and for several."""
    provision_site()
    notice = NoticePageFactory(agency=two_agencies.a)
    ApplicationFactory(notice=notice)
    target = corner_of(two_agencies.b)
    browser = log_in(StaffFactory(comms=True))

    if route == "single":
        address = reverse("wagtailadmin_pages:move_confirm", args=[notice.pk, target.pk])
        response = browser.post(address, follow=True)
    else:
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
        response = browser.post(
            f"{address}?id={notice.pk}&next=/admin/", {"chooser": target.pk}, follow=True
        )

    assert "다른 기관으로 옮길 수 없습니다" in response.content.decode()
    assert NoticePage.objects.get(pk=notice.pk).agency == two_agencies.a
    assert Application.objects.exists()


def test_a_notice_is_found_by_its_code_alone(client):
    """domain 5.5: one address; other spellings and the place in the tree lead to it by 301."""
    notice = NoticePageFactory()
    tree_address = notice.url_path.removeprefix(
        notice.get_parent().get_parent().get_parent().url_path
    )

    shown = client.get(f"/notices/{notice.code}/")
    lower = client.get(f"/notices/{notice.code.lower()}/")
    through_tree = client.get(f"/{tree_address}")

    assert notice.title in shown.content.decode()
    assert [(r.status_code, r.headers["Location"]) for r in (lower, through_tree)] == [
        (301, f"/notices/{notice.code}/")
    ] * 2


def test_every_part_of_the_site_names_the_same_address(client):
    """domain 5.5: `url`, `full_url`, sitemap and feed agree."""
    notice = NoticePageFactory()
    address = f"/notices/{notice.code}/"

    sitemap = client.get("/sitemap.xml").content.decode()
    feed = client.get("/feeds/notices/").content.decode()

    assert notice.url == address
    assert notice.full_url.endswith(address)
    assert sitemap.count(notice.code) == 1
    assert f"{address}</loc>" in sitemap
    assert f"{address}</link>" in feed


@pytest.mark.parametrize("trait", ["draft", "unpublished", "unknown"])
def test_what_is_not_published_is_not_there(client, trait):
    """domain 5.5: drafts, unpublished and unknown notices are 404 by code and through the tree."""
    notice = NoticePageFactory(draft=True)
    if trait == "unpublished":
        notice = NoticePageFactory()
        notice.unpublish()
    code = "BZA9999999" if trait == "unknown" else notice.code

    responses = [
        client.get(f"/notices/{code}/"),
        client.get(f"/agencies/{notice.agency.code}/{code}/"),
    ]

    assert [response.status_code for response in responses] == [404, 404]


def test_clone_is_next_years_draft(at):
    """«지난 공고 복제»: new code, dates a year later, the year in the title, nothing published."""
    notice = with_documents(
        title="2026 대전 유럽1차 시장개척단 모집 공고 (제2026-1호)",
        intake_opens_at=at.replace(year=2026, month=3, day=2),
        intake_closes_at=at.replace(year=2026, month=3, day=20),
    )
    by = StaffFactory(comms=True)

    copy = services.clone_notice(notice=notice, by=by, at=at)

    assert (copy.live, copy.first_published_at, copy.owner) == (False, None, by)
    assert copy.title == "2027 대전 유럽1차 시장개척단 모집 공고 (제2027-1호)"
    assert copy.intake_closes_at == notice.intake_closes_at.replace(year=2027)
    assert copy.code != notice.code
    assert set(keys_of(copy)) == set(keys_of(notice))
    assert not set(keys_of(copy).values()) & set(keys_of(notice).values())


def test_a_leap_day_is_moved_to_the_last_of_february(at):
    """«지난 공고 복제»: 29 February has no next year."""
    moment = at.replace(year=2028, month=2, day=29, hour=3)

    moved = services.a_year_later(moment)

    assert (moved.year, moved.month, moved.day) == (2029, 2, 28)
    assert services.a_year_later(None) is None


def test_lock_intake_returns_the_row_as_it_is_now(at):
    """domain 5.1: whoever takes an application decides by the locked row."""
    notice = NoticePageFactory()
    NoticePage.objects.filter(pk=notice.pk).update(
        intake_closes_at=notice.intake_closes_at - timedelta(days=1)
    )

    locked = services.lock_intake(notice)

    assert locked.intake_closes_at == notice.intake_closes_at - timedelta(days=1)


def test_a_key_of_another_notice_is_never_taken_over():
    """domain 5.2: whatever a revision holds, two notices never share a key."""
    mine, other = with_documents(), with_documents()
    foreign = str(next(iter(keys_of(other).values())))

    rows = mine.with_own_keys([{"pk": None, "key": foreign}, {"pk": None, "key": str(uuid4())}])

    assert foreign not in {row["key"] for row in rows}
