"""Who works for which agency: one truth, a history that stays, rights that end at once (S63)."""

import pytest
from django.contrib.auth.models import Permission
from django.db.models import ProtectedError
from django.urls import reverse

from cms.models import PartnerAgencyPage
from members.enums import StaffRole
from members.models import AgencyAssignment, User
from members.services.agencies import grant_role, revoke_role
from members.services.staff import deactivate_user
from tests.factories.members import AgencyFactory, StaffFactory

pytestmark = pytest.mark.django_db


def truths_of(person):
    """Return what the account, its open assignment and its groups say."""
    person = User.objects.get(pk=person.pk)
    open_one = person.assignments.filter(revoked_at__isnull=True).first()
    said = (open_one.role, open_one.agency) if open_one else ("", None)
    return (person.staff_role, person.agency), said, list(person.groups.values_list("name"))


def test_account_assignment_and_groups_say_the_same(at):
    """S63: granted, changed, revoked by one service, which writes all three."""
    first, second = AgencyFactory(), AgencyFactory()
    person = StaffFactory(agency=first)

    granted = truths_of(person)
    grant_role(user=person, role=StaffRole.MANAGER, agency=second, by=None, at=at)
    changed = truths_of(person)
    revoke_role(user=person, by=None, at=at)
    revoked = truths_of(person)

    assert granted[0] == granted[1] == (StaffRole.OFFICER, first)
    assert granted[2] == [(first.officer_group.name,)]
    assert changed[0] == changed[1] == (StaffRole.MANAGER, second)
    assert changed[2] == [(second.manager_group.name,)]
    assert revoked == (("", None), ("", None), [])


def test_the_history_is_shown_with_who_did_it(log_in, at):
    """security.md 1: grant, change and revoke with person and time, for the operator."""
    operator = StaffFactory(operator=True, name="운영하는사람")
    person = StaffFactory()
    agency = AgencyFactory(name="옮겨간기관")
    grant_role(user=person, role=StaffRole.MANAGER, agency=agency, by=operator, at=at)
    desk = log_in(operator)
    desk.post(reverse("members_admin:reason"), {"reason": "권한 점검"})

    page = desk.get(reverse("staff_modeladmin_inspect", args=[person.uuid])).text

    assert page.count("운영하는사람") >= 2
    assert "옮겨간기관" in page


def test_the_history_cannot_go_with_its_people(at):
    """security.md 1: kept three years and more; neither person nor agency takes it along."""
    person = StaffFactory()
    agency = person.agency
    revoke_role(user=person, by=None, at=at)

    for owner in (person, agency):
        with pytest.raises(ProtectedError):
            owner.delete()
    assert AgencyAssignment.objects.filter(user=person).exists()


@pytest.mark.parametrize("means", ["service", "row"])
def test_a_deactivated_officer_is_out_at_the_next_request(log_in, at, means):
    """S63, ASVS 7.4.2: on every device, however the account was ended."""
    person = StaffFactory()
    devices = [log_in(person), log_in(person)]
    assert all(device.get("/admin/").status_code == 200 for device in devices)

    if means == "service":
        deactivate_user(user=person, by=None, at=at, reason="퇴직")
    else:
        User.objects.filter(pk=person.pk).update(is_active=False)

    for device in devices:
        assert device.get("/admin/").status_code == 302
        assert "/login/" in device.get("/admin/").headers["Location"]


@pytest.mark.parametrize("role", ["officer", "manager", "comms", "operator"])
def test_no_staff_role_holds_rights_on_people(role):
    """security.md 0.4: whoever may change users is a superuser to Wagtail."""
    person = StaffFactory(**{role: True})

    held = Permission.objects.filter(group__user=person).select_related("content_type")

    assert not person.is_superuser
    assert not [
        right.codename
        for right in held
        if right.content_type.model in {"user", "group", "permission", "site"}
    ]


def test_every_agency_has_its_own_two_collections(two_agencies):
    """S63: one for the public, one for inside; nobody shares, and the root is nobody's."""
    pages = list(PartnerAgencyPage.objects.all())
    collections = [
        collection
        for page in pages
        for collection in (page.public_collection, page.internal_collection)
    ]

    assert len(pages) == 2
    assert len({collection.pk for collection in collections}) == 4
    for agency, page in zip(two_agencies, (two_agencies.a.page, two_agencies.b.page), strict=True):
        granted = agency.officer_group.collection_permissions.values_list("collection", flat=True)
        assert set(granted) == {page.public_collection.pk, page.internal_collection.pk}
