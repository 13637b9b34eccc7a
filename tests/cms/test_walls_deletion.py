"""domain.md sections 5.3 and 5.4: deleting asks first; receivers stand or fall with the page."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import ProtectedError
from django.urls import reverse
from wagtail.models import Page
from wagtail.signals import page_published

from cms import rules
from cms.models import HomePage, NoticeListPage, NoticePage
from cms.services import notices as services
from cms.services.site import provision_site
from tests.factories.applications import ApplicationFactory
from tests.factories.certificates import CertificateFactory
from tests.factories.cms import NoticePageFactory, StandardPageFactory, corner_of
from tests.factories.members import StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def comms(log_in, two_agencies):
    """A browser of the comms editor, who may write everywhere."""
    provision_site()
    return log_in(StaffFactory(comms=True))


def delete_in_admin(browser, page, route):
    """Ask the admin to delete a page, alone or among several, and follow where it leads."""
    if route == "single":
        address = reverse("wagtailadmin_pages:delete", args=[page.pk])
        return browser.post(address, follow=True)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    return browser.post(f"{address}?id={page.pk}&next=/admin/", follow=True)


@pytest.mark.parametrize("route", ["single", "bulk"])
@pytest.mark.parametrize(
    ("factory", "word"), [(ApplicationFactory, "신청"), (CertificateFactory, "확인증")]
)
def test_a_notice_that_companies_rest_on_is_not_deleted(comms, two_agencies, route, factory, word):
    """domain 5.3: the admin answers in Korean with the kind of rows; nothing is lost."""
    notice = NoticePageFactory(agency=two_agencies.a)
    factory(notice=notice)

    response = delete_in_admin(comms, notice, route)

    shown = response.content.decode()
    assert response.status_code == 200
    assert "지울 수 없습니다" in shown
    assert word in shown
    assert NoticePage.objects.filter(pk=notice.pk).exists()


@pytest.mark.parametrize("route", ["single", "bulk"])
def test_a_notice_without_applications_is_deleted(comms, two_agencies, route):
    """domain 5.3: asking first does not forbid what nobody rests on."""
    notice = NoticePageFactory(agency=two_agencies.a)

    delete_in_admin(comms, notice, route)

    assert not NoticePage.objects.filter(pk=notice.pk).exists()


def test_a_page_above_such_a_notice_is_not_deleted(two_agencies):
    """domain 5.3: what lies below is asked too."""
    notice = NoticePageFactory(agency=two_agencies.a)
    ApplicationFactory(notice=notice)

    rows = rules.protecting_rows(Page.objects.descendant_of(corner_of(two_agencies.a)))

    assert {row._meta.verbose_name for row in rows} == {"신청"}


@pytest.mark.parametrize("model", [HomePage, NoticeListPage])
def test_the_frame_of_the_site_is_not_deleted(comms, model):
    """domain 5.3: addresses of the menu never lead nowhere."""
    page = model.objects.get()

    delete_in_admin(comms, page, "single")

    assert model.objects.exists()


def test_an_agencys_corner_is_neither_deleted_nor_copied(comms, two_agencies):
    """domain 5.3: it is made with its groups and files by one service."""
    corner = corner_of(two_agencies.a)

    delete_in_admin(comms, corner, "single")
    copied = comms.get(reverse("wagtailadmin_pages:copy", args=[corner.pk]))

    assert type(corner).objects.filter(pk=corner.pk).exists()
    assert copied.status_code == 302


def test_such_a_notice_can_be_unpublished(comms, two_agencies):
    """domain 5.3: taking it off the site is what remains, and works."""
    notice = NoticePageFactory(agency=two_agencies.a)
    ApplicationFactory(notice=notice)

    comms.post(reverse("wagtailadmin_pages:unpublish", args=[notice.pk]))

    assert not NoticePage.objects.get(pk=notice.pk).live


def test_witness_an_unasked_delete_is_an_error():
    """Witness of 5.3: without asking, deleting the notice raises, which would be a 500."""
    notice = NoticePageFactory()
    ApplicationFactory(notice=notice)

    with pytest.raises(ProtectedError), transaction.atomic():
        notice.delete()


# --- 5.4 ----------------------------------------------------------------------------------------


class ReceiverError(Exception):
    pass


@pytest.fixture
def failing_receiver():
    """A receiver of page_published that raises, as a broken search index would."""

    def fail(**kwargs):
        raise ReceiverError

    page_published.connect(fail)
    yield
    page_published.disconnect(fail)


@pytest.mark.django_db(transaction=True)
def test_a_receiver_that_raises_leaves_the_page_unpublished(log_in, site, failing_receiver):
    """domain 5.4: the admin's unsafe requests run in one transaction."""
    provision_site()
    page = StandardPageFactory(draft=True, parent=site)
    page.save_revision()
    browser = log_in(StaffFactory(comms=True))
    browser.raise_request_exception = False
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    posted = {"title": "새 제목", "slug": page.slug, "introduction": "소개", "body-count": 0}

    response = browser.post(address, {**posted, "action-publish": "1"})

    assert response.status_code == 500
    assert not Page.objects.get(pk=page.pk).live


@pytest.mark.django_db(transaction=True)
def test_scheduled_publishing_runs_in_a_transaction_per_page(site, at, failing_receiver):
    """domain 5.4: a page whose receiver fails stays as it was, and the failure is told."""
    page = StandardPageFactory(draft=True, parent=site)
    page.go_live_at = at - timedelta(minutes=1)
    page.save_revision(approved_go_live_at=page.go_live_at)

    with pytest.raises(CommandError):
        call_command("publish_scheduled")

    assert not Page.objects.get(pk=page.pk).live


def test_expired_pages_are_unpublished(site, at):
    """domain 5.4: `publish_scheduled` takes off what has expired."""
    page = StandardPageFactory(parent=site, expire_at=at - timedelta(minutes=1))

    call_command("publish_scheduled")

    assert not Page.objects.get(pk=page.pk).live


def test_witness_the_move_receiver_is_what_sets_the_agency(two_agencies, monkeypatch):
    """Witness of 5.5: without the receiver's service the column stays behind."""
    notice = NoticePageFactory(agency=two_agencies.a)
    monkeypatch.setattr("cms.receivers.settle_moved_page", lambda **kwargs: None)

    notice.move(corner_of(two_agencies.b), pos="last-child")

    notice.refresh_from_db()
    assert notice.agency == two_agencies.a
    services.settle_moved_page(page=Page.objects.get(pk=notice.pk), after=corner_of(two_agencies.b))
    notice.refresh_from_db()
    assert notice.agency == two_agencies.b
