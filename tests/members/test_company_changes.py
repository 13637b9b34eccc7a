"""Life events of a business: reported by the master, decided by the operator (S64)."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.enums import ChangeEffect, ChangeKind, MembershipState
from members.models import CompanyChange, Invitation, OutboxMail, User
from members.services import company_changes as services
from members.services.consents import NotMasterError
from tests.factories.members import CompanyFactory, MemberFactory, StaffFactory
from tests.members.pki.world import NUMBER, OTHER_NUMBER

pytestmark = pytest.mark.django_db
NEW = "124-81-00998"


@pytest.fixture
def master():
    return MemberFactory()


@pytest.fixture
def operator_client(log_in):
    """An operator who stated why company records are opened."""
    client = log_in(StaffFactory(operator=True))
    client.post("/admin/reason/", {"reason": "기업 변경 신청 처리"})
    return client


def report(master, **values):
    given = {"kind": ChangeKind.NUMBER, "new_number": NUMBER, "note": "법인 전환", **values}
    return services.request_change(company=master.company, by=master, at=timezone.now(), **given)


def test_a_new_number_is_reported_and_carried_out(log_in, master, operator_client):
    """S64: nothing changes before the decision; then the number does, and the mail tells it."""
    old = master.company.business_number
    client = log_in(master)
    sent = client.post(
        "/my/changes/", {"kind": "number", "new_number": NEW, "note": "법인으로 바꿨습니다."}
    )
    change = CompanyChange.objects.get()
    master.company.refresh_from_db()
    assert (sent.status_code, master.company.business_number) == (302, old)

    page = operator_client.get(f"/admin/company-changes/inspect/{change.uuid}/")
    done = operator_client.post(
        f"/admin/company-changes/{change.uuid}/decide/",
        {"verdict": "approve", "effect": "continue", "reason": "등기를 확인했습니다."},
    )

    assert "법인으로 바꿨습니다." in page.content.decode()
    assert done.status_code == 302
    master.company.refresh_from_db()
    change.refresh_from_db()
    assert master.company.business_number == NUMBER
    assert (change.state, change.old_number) == ("approved", old)
    assert "등기를 확인했습니다." in OutboxMail.objects.get(kind="company_change").body
    assert "등기를 확인했습니다." in client.get("/my/changes/").content.decode()


def test_a_closed_business_is_suspended_by_the_decision(master):
    """S64: the operator decides what becomes of applications and certificates."""
    change = report(master, kind=ChangeKind.CLOSURE, new_number="")

    services.decide_change(
        change=change,
        decision=services.Decision(
            is_approved=True, effect=ChangeEffect.SUSPEND, reason="폐업 신고"
        ),
        by=StaffFactory(operator=True),
        at=timezone.now(),
    )

    master.company.refresh_from_db()
    assert master.company.membership_state == MembershipState.SUSPENDED
    assert "폐업" in master.company.membership_reason


def test_a_decision_is_made_once_and_a_number_is_one_company_s(master):
    """S64: decided twice, or a number that another company took meanwhile, is refused."""
    change, operator = report(master), StaffFactory(operator=True)
    CompanyFactory(business_number=NUMBER)
    no = services.Decision(is_approved=False, effect=ChangeEffect.CONTINUE, reason="다른 기업")
    yes = services.Decision(is_approved=True, effect=ChangeEffect.CONTINUE, reason="확인")
    given = {"change": change, "by": operator, "at": timezone.now()}

    with pytest.raises(services.NumberOfAnotherError):
        services.decide_change(decision=yes, **given)
    services.decide_change(decision=no, **given)
    with pytest.raises(services.ChangeDecidedError):
        services.decide_change(decision=yes, **given)

    change.refresh_from_db()
    assert (change.state, change.effect) == ("declined", "")


def test_only_the_master_reports_and_one_at_a_time(log_in, master):
    """S64: a colleague and a second report are told why not; strangers see their own page."""
    colleague = MemberFactory(company=master.company, colleague=True)
    entries = {"kind": "pause", "note": "잠시 쉽니다."}
    first = log_in(master).post("/my/changes/", entries)
    second = log_in(master).post("/my/changes/", entries)
    other = log_in(MemberFactory()).get("/my/changes/")
    missing = log_in(MemberFactory()).post("/my/changes/", {"kind": "number", "note": "바뀜"})

    assert (first.status_code, second.status_code) == (302, 409)
    assert "처리를 기다리는" in second.content.decode()
    assert "신청한 변경이 없습니다." in other.content.decode()
    assert "새 사업자등록번호를 입력해 주십시오." in missing.content.decode()
    with pytest.raises(NotMasterError):
        report(colleague, new_number=OTHER_NUMBER)


def test_agencies_do_not_decide(log_in, master):
    """S63: only the operator; officers do not even see the list."""
    change = report(master)
    officer = log_in(StaffFactory(officer=True))

    assert officer.get("/admin/company-changes/").status_code in {302, 403}
    assert officer.post(f"/admin/company-changes/{change.uuid}/decide/").status_code in {302, 403}
    change.refresh_from_db()
    assert change.state == "requested"


def test_the_operator_fills_the_place_of_a_master_who_is_gone(master, operator_client):
    """S64: a colleague takes it, or a new person by invitation."""
    colleague = MemberFactory(company=master.company, colleague=True)
    address = f"/admin/companies/{master.company.uuid}/master/"

    operator_client.post(address, {"person": str(colleague.uuid), "reason": "대표 담당자 사망"})
    operator_client.post(address, {"email": "heir@h.example", "reason": "담당자 모두 퇴사"})
    unsaid = operator_client.post(address, {"email": "x@h.example"})

    assert User.objects.get(company=master.company, is_company_master=True) == colleague
    assert Invitation.objects.get().is_for_master
    assert unsaid.status_code == 302
    assert master.company.person_events.filter(kind="master").get().reason == "대표 담당자 사망"


def test_a_decision_has_somebody_and_a_reason(master):
    """S64: the database holds them together."""
    change = report(master)

    with pytest.raises(IntegrityError), transaction.atomic():
        CompanyChange.objects.filter(pk=change.pk).update(state="approved")
