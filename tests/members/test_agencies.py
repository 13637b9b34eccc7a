"""Roles are given and taken with history, groups and sessions in step (security.md section 1)."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group

from cms.models import PartnerAgencyPage
from members.enums import AccessAction, AgencyRole, StaffRole
from members.models import AccessRecord, AgencyAssignment, LoginSession
from members.services import agencies, staff
from members.services.staff_groups import role_group
from tests.factories.members import AgencyFactory, MemberFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    return StaffFactory(operator=True)


def test_a_new_agency_has_a_group_of_officers_and_one_of_managers(at, operator):
    """S1, S6: the tenant and its two groups, which open the admin."""
    agency = agencies.create_agency(
        code="daejeon-trade",
        name="시연무역진흥원",
        role=AgencyRole.OPERATING,
        by=operator,
        at=at,
        phone="0421234567",
    )

    assert agency.phone == "0421234567"
    assert agency.officer_group != agency.manager_group
    assert agency.officer_group.permissions.filter(codename="access_admin").exists()


def test_a_code_is_given_once(at, operator):
    """S6."""
    taken = AgencyFactory().code

    with pytest.raises(agencies.AgencyCodeTakenError):
        agencies.create_agency(
            code=taken, name="다른 기관", role=AgencyRole.RELATED, by=operator, at=at
        )


def test_renaming_keeps_the_old_name(at, operator):
    """Decision A20: old notices are found under the old name."""
    agency = AgencyFactory(name="대전경제통상진흥원")

    agencies.update_agency(
        agency=agency, values={"name": "대전일자리경제진흥원"}, by=operator, at=at
    )

    agency.refresh_from_db()
    assert agency.name == "대전일자리경제진흥원"
    assert [old.name for old in agency.former_names.all()] == ["대전경제통상진흥원"]


def test_granting_a_role_moves_groups_and_leaves_history(at, operator, log_in):
    """security.md 1, art. 5: grant, change and revocation are kept."""
    officer = StaffFactory()
    other = AgencyFactory()
    log_in(officer)

    agencies.grant_role(user=officer, role=StaffRole.MANAGER, agency=other, by=operator, at=at)

    officer.refresh_from_db()
    assert (officer.staff_role, officer.agency) == (StaffRole.MANAGER, other)
    assert list(officer.groups.all()) == [other.manager_group]
    assert not LoginSession.objects.filter(user=officer).exists()
    old, new = AgencyAssignment.objects.filter(user=officer).order_by("pk")
    assert (old.revoked_at, old.revoked_by) == (at, operator)
    assert (new.role, new.agency, new.granted_by) == (StaffRole.MANAGER, other, operator)
    assert AccessRecord.objects.get().action == AccessAction.ROLE


def test_a_revoked_role_leaves_nothing_but_history(at, operator, log_in):
    """security.md 1, art. 5: revoked without delay."""
    officer = StaffFactory()
    browser = log_in(officer)

    agencies.revoke_role(user=officer, by=operator, at=at)

    officer.refresh_from_db()
    assert (officer.staff_role, officer.agency, officer.groups.count()) == ("", None, 0)
    assert AgencyAssignment.objects.get(user=officer).revoked_at == at
    assert browser.get("/admin/").status_code == 302


@pytest.mark.parametrize("role", [StaffRole.OFFICER, StaffRole.MANAGER])
def test_agency_roles_need_an_agency(at, operator, role):
    """domain.md 1: officers belong to one agency."""
    with pytest.raises(agencies.RoleNeedsAgencyError):
        agencies.grant_role(user=StaffFactory(), role=role, agency=None, by=operator, at=at)


@pytest.mark.parametrize("role", [StaffRole.COMMS, StaffRole.OPERATOR])
def test_other_roles_take_none(at, operator, role):
    """domain.md 1: operator and comms belong to neither."""
    with pytest.raises(agencies.RoleNeedsAgencyError):
        agencies.grant_role(
            user=StaffFactory(), role=role, agency=AgencyFactory(), by=operator, at=at
        )


def test_a_companys_person_gets_no_staff_role(at, operator):
    """domain.md 1: company or agency, never both."""
    with pytest.raises(agencies.CompanyPersonError):
        agencies.grant_role(
            user=MemberFactory(), role=StaffRole.COMMS, agency=None, by=operator, at=at
        )


def test_roles_outside_agencies_share_one_group(at):
    """domain.md 3: operator is a group, no account is superuser."""
    comms = role_group(StaffRole.COMMS)

    assert comms == role_group(StaffRole.COMMS)
    for role in (StaffRole.COMMS, StaffRole.OPERATOR):
        assert "access_admin" in rights_of(role_group(role))


def rights_of(group):
    return set(group.permissions.values_list("codename", flat=True))


def test_no_group_may_change_users(site):
    """security.md 0.4: whoever may change users is a superuser to Wagtail."""
    held = set().union(*(rights_of(group) for group in Group.objects.all()))

    assert not held & {"add_user", "change_user", "delete_user", "add_group", "change_group"}


def test_an_agencys_corner_follows_it(site, at, operator):
    """domain.md 1: an agency's page, folders and rights come with the agency."""
    agency = agencies.create_agency(
        code="cornered", name="시연기관", role=AgencyRole.OPERATING, by=operator, at=at
    )

    page = PartnerAgencyPage.objects.get(agency=agency)
    rights = agency.officer_group.page_permissions.filter(page=page)
    assert rights.filter(permission__codename="publish_page").exists()

    agencies.update_agency(agency=agency, values={"publishes_itself": False}, by=operator, at=at)
    assert not rights.filter(permission__codename="publish_page").exists()


def make_staff(at, operator, **fields):
    fields = {
        "username": "Officer1",
        "name": "이담당",
        "email": "officer@agency.example",
        "role": StaffRole.OFFICER,
        "agency": AgencyFactory(),
        "password": "우산 아래 빗소리 42",
        **fields,
    }
    return staff.create_staff(**fields, by=operator, at=at)


def test_a_new_officer_works_for_the_agency(at, operator):
    """S6: an operator makes staff accounts."""
    officer = make_staff(at, operator)

    assert officer.username == "officer1"
    assert officer.check_password("우산 아래 빗소리 42")
    assert not officer.must_change_password
    assert officer.assignments.get().granted_at == at


def test_a_given_password_lives_a_day_and_must_be_changed(at, operator):
    """domain.md 6: temporary password 24 h."""
    officer = make_staff(at, operator, is_temporary=True)

    assert officer.must_change_password
    assert officer.temporary_password_expires_at == at + timedelta(hours=24)


def test_an_id_is_never_reused_whatever_its_case(at, operator):
    """domain.md 1: login ID unique whatever the case, never reused."""
    make_staff(at, operator)

    with pytest.raises(staff.LoginNameTakenError):
        make_staff(at, operator, username="OFFICER1")


def test_a_deactivated_person_has_no_session(at, operator, log_in):
    """security.md 1, art. 5: every session ends with the next request."""
    officer = StaffFactory()
    browser = log_in(officer)

    staff.deactivate_user(user=officer, by=operator, at=at, reason="퇴직")

    officer.refresh_from_db()
    assert not officer.is_active
    assert officer.staff_role == ""
    assert browser.get("/admin/").status_code == 302
    assert AccessRecord.objects.filter(reason="퇴직").exists()


def test_nobody_deactivates_the_own_account(at, operator):
    """domain.md 3: the last operator cannot lock everybody out by a slip."""
    with pytest.raises(staff.OwnAccountError):
        staff.deactivate_user(user=operator, by=operator, at=at, reason="실수")


def test_a_reactivated_account_has_no_role_until_granted(at, operator):
    """security.md 1, art. 5: least privilege."""
    officer = StaffFactory()
    staff.deactivate_user(user=officer, by=operator, at=at, reason="휴직")

    staff.reactivate_user(user=officer, by=operator, at=at, reason="복직")

    officer.refresh_from_db()
    assert officer.is_active
    assert not officer.is_staff_account


def test_a_temporary_password_ends_the_sessions_before_it(at, operator, log_in):
    """domain.md 6; security.md ASVS 7.4.3."""
    officer = StaffFactory()
    browser = log_in(officer)

    staff.set_temporary_password(user=officer, password="젖은 돌계단 7월", by=operator, at=at)

    assert browser.get("/admin/").status_code == 302
    officer.refresh_from_db()
    assert officer.must_change_password
