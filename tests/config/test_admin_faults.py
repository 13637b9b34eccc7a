"""Forms of Wagtail's own that come empty, and files in use: an answer, not an error page."""

import pytest
from django.urls import reverse
from wagtail.documents.views.bulk_actions.delete import DeleteBulkAction

from cms.models import NoticePage, PortalDocument
from cms.services.agencies import provision_agency_corner
from members.models import AccessRecord
from tests.factories.cms import AttachmentFactory, DocumentFactory, NoticePageFactory
from tests.factories.members import StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def corner(two_agencies):
    return provision_agency_corner(agency=two_agencies.a, by=None)


@pytest.fixture
def officer(log_in, two_agencies, corner):
    return log_in(StaffFactory(agency=two_agencies.a))


@pytest.fixture
def used(corner):
    """A document that a live notice of the own agency shows."""
    document = DocumentFactory(collection=corner.public_collection)
    AttachmentFactory(page=NoticePageFactory(parent=corner), document=document)
    return document


@pytest.mark.parametrize(
    ("view", "by_page"),
    [
        ("wagtailadmin_pages:edit", True),
        ("wagtailadmin_pages:copy", True),
        ("wagtailadmin_choose_page_external_link", False),
    ],
)
def test_a_form_that_came_empty_is_told_so(officer, corner, view, by_page):
    """S63, security.md 16.5: 400 in Korean, nothing changed, no 5xx."""
    page = NoticePageFactory(parent=corner)

    answer = officer.post(reverse(view, args=[page.pk] if by_page else []), {})

    assert answer.status_code in {302, 400}
    assert answer.status_code == 302 or "보낸 내용이 온전하지 않습니다" in answer.text
    assert NoticePage.objects.count() == 1


def test_a_document_in_use_survives_every_way_of_deleting(officer, used):
    """domain.md 5.3: Wagtail refuses two of its ways itself; the upload screen ended in a 500."""
    bulk = reverse("wagtail_bulk_action", args=["cms", "portaldocument", "delete"])
    ways = [
        reverse("wagtaildocs:delete", args=[used.pk]),
        f"{bulk}?id={used.pk}",
        reverse("wagtaildocs:delete_multiple", args=[used.pk]),
    ]

    answers = [officer.post(way, {}) for way in ways]

    assert PortalDocument.objects.filter(pk=used.pk).exists()
    assert [answer.status_code for answer in answers] == [302, 302, 409]
    assert "다른 곳에서 쓰고 있어 지울 수 없습니다" in answers[2].text


def test_a_document_that_nothing_shows_is_deleted(officer, corner):
    """S63: what is free goes, by the action on many as well."""
    free = DocumentFactory(collection=corner.public_collection)
    bulk = reverse("wagtail_bulk_action", args=["cms", "portaldocument", "delete"])

    officer.post(f"{bulk}?id={free.pk}", {})

    assert not PortalDocument.objects.filter(pk=free.pk).exists()


def test_our_own_faults_are_not_dressed_up(officer, corner, monkeypatch):
    """A fault of ours with a filled form stays a fault: it is logged and mended, not excused."""

    def fail(*args, **kwargs):
        raise RuntimeError("ours")

    monkeypatch.setattr(DeleteBulkAction, "execute_action", fail)
    before = AccessRecord.objects.count()
    bulk = reverse("wagtail_bulk_action", args=["cms", "portaldocument", "delete"])
    document = DocumentFactory(collection=corner.public_collection)

    with pytest.raises(RuntimeError):
        officer.post(f"{bulk}?id={document.pk}", {"confirm": "1"})

    assert AccessRecord.objects.count() == before
