"""Accounts, agencies and legal texts by their own screens (domain.md section 3)."""

import re

import pytest
from django.urls import reverse

from members.enums import AgencyRole, LegalKind, StaffRole
from members.forms.staff import format_sections, parse_sections
from members.models import Agency, LegalText, User
from tests.factories.members import AgencyFactory, LegalTextFactory, MemberFactory, StaffFactory

pytestmark = pytest.mark.django_db

STAFF_LIST = reverse("staff_modeladmin_index")


def is_refused(answer):
    """Tell whether the admin led back to its front page, as Wagtail does for a 403."""
    return answer.status_code == 302 and answer.url == reverse("wagtailadmin_home")


@pytest.fixture
def operator_desk(log_in):
    """The operator's browser, with the reason stated."""
    desk = log_in(StaffFactory(operator=True))
    desk.post(reverse("members_admin:reason"), {"reason": "인사 이동"})
    return desk


@pytest.fixture
def manager():
    return StaffFactory(manager=True)


@pytest.fixture
def manager_desk(log_in, manager):
    """The browser of an agency's manager."""
    return log_in(manager)


def new_account(agency, **fields):
    return {
        "username": "newofficer1",
        "name": "새담당",
        "email": "new@agency.example",
        "role": StaffRole.OFFICER.value,
        "agency": agency.pk if agency else "",
        **fields,
    }


def detail_of(person):
    return reverse("staff_modeladmin_inspect", args=[person.uuid])


def test_an_operator_makes_an_account_with_a_password_shown_once(operator_desk):
    """S6, domain.md 6: temporary password 24 h."""
    agency = AgencyFactory()

    page = operator_desk.post(reverse("members_admin:staff_create"), new_account(agency))

    password = re.search(r"<code>(\w{16})</code>", page.content.decode()).group(1)
    person = User.objects.get(username="newofficer1")
    assert person.check_password(password)
    assert person.must_change_password
    assert (person.staff_role, person.agency) == (StaffRole.OFFICER, agency)
    assert password not in operator_desk.get(detail_of(person)).content.decode()


def test_an_id_that_was_somebodys_is_refused(operator_desk):
    """domain.md 1: never reused."""
    StaffFactory(username="newofficer1", inactive=True)

    page = operator_desk.post(reverse("members_admin:staff_create"), new_account(AgencyFactory()))

    assert "이미 쓰인 아이디" in page.content.decode()


def test_roles_and_agencies_must_fit(operator_desk):
    """domain.md 1: officers belong to one agency, operators to none."""
    address = reverse("members_admin:staff_create")

    without = operator_desk.post(address, new_account(None)).content.decode()
    with_one = operator_desk.post(address, new_account(AgencyFactory(), role="comms"))

    assert "이 역할에는 기관이 필요합니다." in without
    assert "이 역할은 기관에 속하지 않습니다." in with_one.content.decode()


def test_a_manager_makes_officers_of_the_own_agency_only(manager_desk, manager):
    """domain.md 3: agency manager: officers of own agency."""
    address = reverse("members_admin:staff_create")

    manager_desk.post(address, new_account(manager.agency))
    manager_desk.post(address, new_account(AgencyFactory(), username="newofficer2"))
    manager_desk.post(address, new_account(manager.agency, username="newofficer3", role="manager"))
    manager_desk.post(address, new_account(None, username="newofficer4", role="operator"))

    made = User.objects.filter(username__startswith="newofficer")
    assert [person.username for person in made] == ["newofficer1"]


def test_a_manager_sees_the_own_agencys_accounts_only(manager_desk, manager):
    """domain.md 3."""
    own = StaffFactory(agency=manager.agency, name="우리담당")
    foreign = StaffFactory(name="남의담당")

    page = manager_desk.get(STAFF_LIST).content.decode()

    assert "우리담당" in page
    assert "남의담당" not in page
    assert manager_desk.get(detail_of(own)).status_code == 200
    assert manager_desk.get(detail_of(foreign)).status_code == 404
    for action in ("grant", "revoke", "password", "close"):
        address = reverse(f"members_admin:staff_{action}", args=[foreign.uuid])
        assert manager_desk.post(address, {"reason": "임의"}).status_code == 404


def test_a_manager_cannot_rise(manager_desk, manager):
    """security.md 2.36: no escalation by the raw request."""
    address = reverse("members_admin:staff_grant", args=[manager.uuid])

    assert is_refused(manager_desk.post(address, {"role": "operator", "agency": ""}))
    manager.refresh_from_db()
    assert manager.staff_role == StaffRole.MANAGER


@pytest.mark.parametrize("trait", ["officer", "comms"])
def test_others_have_no_account_screens(log_in, trait):
    """domain.md 3: users: operator, agency manager for officers."""
    desk = log_in(StaffFactory(**{trait: True}))

    for name in ("staff_modeladmin_index", "members_admin:staff_create"):
        assert is_refused(desk.get(reverse(name)))


def test_people_of_companies_are_no_staff_accounts(operator_desk):
    """domain.md 1: company or agency."""
    member = MemberFactory()

    assert operator_desk.get(detail_of(member)).status_code == 404


def test_a_role_moves_and_goes_by_the_screen(operator_desk):
    """security.md 1, art. 5: change and revocation."""
    person, agency = StaffFactory(), AgencyFactory()

    operator_desk.post(
        reverse("members_admin:staff_grant", args=[person.uuid]),
        {"role": "manager", "agency": agency.pk},
    )
    person.refresh_from_db()
    assert (person.staff_role, person.agency) == (StaffRole.MANAGER, agency)
    assert "기관 책임자" in operator_desk.get(detail_of(person)).content.decode()

    operator_desk.post(reverse("members_admin:staff_revoke", args=[person.uuid]))
    person.refresh_from_db()
    assert person.staff_role == ""


def test_an_account_is_closed_and_opened_with_a_reason(operator_desk):
    """security.md 1, art. 5."""
    person = StaffFactory()
    address = reverse("members_admin:staff_close", args=[person.uuid])

    operator_desk.post(address, {"reason": ""})
    person.refresh_from_db()
    assert person.is_active

    operator_desk.post(address, {"reason": "퇴직"})
    person.refresh_from_db()
    assert not person.is_active

    operator_desk.post(address, {"reason": "복직"})
    person.refresh_from_db()
    assert person.is_active


def test_a_lost_password_is_replaced_once(operator_desk):
    """domain.md 6."""
    person = StaffFactory()

    page = operator_desk.post(reverse("members_admin:staff_password", args=[person.uuid]))

    password = re.search(r"<code>(\w{16})</code>", page.content.decode()).group(1)
    person.refresh_from_db()
    assert person.check_password(password)


# --- agencies -------------------------------------------------------------------------------------


def agency_fields(**fields):
    return {
        "code": "new-agency",
        "name": "새시연기관",
        "role": AgencyRole.OPERATING.value,
        "phone": "042-123-4567",
        "is_active": "on",
        "position": 10,
        **fields,
    }


def test_an_operator_makes_and_renames_an_agency(operator_desk, site):
    """S6, decision A20."""
    operator_desk.post(reverse("members_admin:agency_create"), agency_fields())
    agency = Agency.objects.get(code="new-agency")
    assert agency.phone == "0421234567"
    assert agency.officer_group is not None

    operator_desk.post(
        reverse("members_admin:agency_edit", args=[agency.uuid]),
        agency_fields(code="other", name="새이름기관"),
    )
    agency.refresh_from_db()
    assert (agency.code, agency.name) == ("new-agency", "새이름기관")
    assert agency.former_names.get().name == "새시연기관"


def test_a_taken_code_is_told(operator_desk):
    """S6."""
    AgencyFactory(code="new-agency")

    page = operator_desk.post(reverse("members_admin:agency_create"), agency_fields())

    assert page.status_code == 200
    assert Agency.objects.count() == 1


def test_agencies_are_the_operators(manager_desk):
    """domain.md 3."""
    assert is_refused(manager_desk.get(reverse("agencies_modeladmin_index")))
    assert is_refused(manager_desk.post(reverse("members_admin:agency_create"), agency_fields()))


# --- legal texts ----------------------------------------------------------------------------------


TEXT = "# 제1조(목적)\n이 약관은\n시연용입니다.\n\n둘째 문단\n\n# 제2조(정의)\n정의"


@pytest.fixture
def comms_desk(log_in):
    """The browser of comms."""
    return log_in(StaffFactory(comms=True))


def text_fields(**fields):
    return {
        "kind": LegalKind.TERMS.value,
        "version": "2.0",
        "title": "이용약관",
        "statement": "이용약관에 동의합니다.",
        "sections": TEXT,
        "is_required": "on",
        "position": 1,
        "effective_at": "2026-03-01 00:00",
        **fields,
    }


def test_a_text_is_drafted_changed_and_published_once(comms_desk, at):
    """S22: versioned texts with effective dates; a published version is never edited."""
    comms_desk.post(reverse("members_admin:legal_create"), text_fields())
    text = LegalText.objects.get(version="2.0")
    assert not text.is_published
    assert text.sections[0] == {
        "heading": "제1조(목적)",
        "body": ["이 약관은\n시연용입니다.", "둘째 문단"],
    }

    edit = reverse("members_admin:legal_edit", args=[text.uuid])
    comms_desk.post(edit, text_fields(title="이용 약관"))
    comms_desk.post(reverse("members_admin:legal_publish", args=[text.uuid]))
    text.refresh_from_db()
    assert (text.title, text.is_published) == ("이용 약관", True)
    assert text.effective_at >= at

    comms_desk.post(edit, text_fields(title="몰래 고침"))
    text.refresh_from_db()
    assert text.title == "이용 약관"


def test_a_version_name_stands_once_per_kind(comms_desk):
    """S22."""
    LegalTextFactory(version="2.0")

    page = comms_desk.post(reverse("members_admin:legal_create"), text_fields())

    assert "같은 판이 있습니다" in page.content.decode()


def test_a_new_version_begins_as_a_copy(comms_desk):
    """S22."""
    text = LegalTextFactory(title="옛 약관")

    page = comms_desk.get(reverse("members_admin:legal_copy", args=[text.uuid]))

    assert "옛 약관" in page.content.decode()
    assert "시연용 가상 자료" in page.content.decode()


def test_the_lists_of_texts_are_shown(comms_desk):
    """S22: comms and operators keep the texts."""
    text = LegalTextFactory()

    for address in (
        reverse("legal-texts_modeladmin_index"),
        reverse("legal-texts_modeladmin_inspect", args=[text.uuid]),
    ):
        assert "이용약관" in comms_desk.get(address).content.decode()


def test_officers_have_no_legal_texts(log_in):
    """domain.md 3: legal texts: comms and operator."""
    desk = log_in(StaffFactory())

    assert is_refused(desk.get(reverse("legal-texts_modeladmin_index")))
    assert is_refused(desk.get(reverse("members_admin:legal_create")))


def test_typed_sections_are_shown_as_they_were_typed():
    """S22: nothing is lost between form and text."""
    assert parse_sections(format_sections(parse_sections(TEXT))) == parse_sections(TEXT)
    assert parse_sections("머리 없는 문단") == [{"heading": "", "body": ["머리 없는 문단"]}]
    assert parse_sections(" \n\n") == []
