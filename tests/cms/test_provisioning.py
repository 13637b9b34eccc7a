"""What makes a site and an agency's corner: pages, groups' rights, collections, workflow."""

import pytest
from django.contrib.auth.models import Group
from wagtail.models import GroupPagePermission, Page, Site, Workflow

from cms.models import HomePage, PartnerAgencyPage
from cms.services.agencies import SiteNotProvisionedError, provision_agency_corner
from cms.services.site import provision_site
from tests.factories.members import AgencyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def corners(two_agencies):
    provision_site()
    return tuple(provision_agency_corner(agency=agency, by=None) for agency in two_agencies)


def rights_on(page, group):
    held = GroupPagePermission.objects.filter(page=page, group=group)
    return {
        codename.removesuffix("_page")
        for codename in held.values_list("permission__codename", flat=True)
    }


def test_provision_site_is_idempotent(db):
    """Running it again changes nothing and makes nothing twice."""
    provision_site()
    before = (Page.objects.count(), Workflow.objects.count(), Group.objects.count())

    home = provision_site()

    assert (Page.objects.count(), Workflow.objects.count(), Group.objects.count()) == before
    assert Site.objects.get(is_default_site=True).root_page_id == home.pk
    assert not Group.objects.filter(name__in=["Moderators", "Editors"]).exists()


def test_provision_site_replaces_the_welcome_page(db):
    """A fresh database gets our home page as the root of its site."""
    Page.objects.filter(depth=2).first().delete()
    root = Page.get_first_root_node()
    welcome = root.add_child(instance=Page(title="Welcome", slug="home"))
    Site.objects.create(hostname="localhost", root_page=welcome, is_default_site=True)

    provision_site()

    assert Site.objects.get().root_page.specific == HomePage.objects.get()
    assert not Page.objects.filter(pk=welcome.pk).exists()


def test_rights_follow_whether_an_agency_publishes_itself(corners, two_agencies):
    """S63, domain 3: officers publish by the agency's setting, managers always."""
    corner, agency = corners[0], two_agencies.a
    assert rights_on(corner, agency.officer_group) == {"add", "change", "lock", "publish"}

    agency.publishes_itself = False
    agency.save()
    provision_agency_corner(agency=agency, by=None)

    assert rights_on(corner, agency.officer_group) == {"add", "change", "lock"}
    assert "publish" in rights_on(corner, agency.manager_group)


def test_each_agency_has_a_public_and_an_internal_collection(corners):
    """domain 3: four collections for two agencies, none shared."""
    found = {c for page in corners for c in (page.public_collection, page.internal_collection)}

    assert len(found) == 4


def test_an_agency_needs_the_sites_frame(db):
    """Provisioning a corner before the site says so."""
    PartnerAgencyPage.objects.all().delete()
    Page.objects.filter(depth=2).first().delete()

    with pytest.raises(SiteNotProvisionedError):
        provision_agency_corner(agency=AgencyFactory(), by=None)
