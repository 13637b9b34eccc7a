"""The second factor and the question before risky acts (S54, S63; ASVS 6.3.3, 6.5.1, 7.5.1)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP, hotp

from members.models import AccessRecord, LoginSession, OutboxMail, RecoveryCode, SecondFactor
from members.one_time_codes import matching_step, otpauth_address
from members.services.second_factor import NoFactorError, reset_second_factor
from tests.factories.members import (
    PASSWORD,
    AgencyFactory,
    MemberFactory,
    SecondFactorFactory,
    StaffFactory,
    app_code,
)
from tests.members import steps

pytestmark = pytest.mark.django_db
ASK, SET_UP = "/login/code/", "/login/code/setup/"
OVERVIEW = "/my/second-factor/"


@pytest.fixture
def demanded(settings):
    """Staff need a second factor, as in production."""
    settings.STAFF_SECOND_FACTOR_REQUIRED = True


def enrol(browser):
    """Take the secret from the page, give its first code; return the recovery codes."""
    page = browser.get(SET_UP).content.decode()
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page).group(1).replace(" ", "")
    answer = browser.post(SET_UP, {"code": app_code(secret)})
    return re.findall(r"<code>([a-z0-9-]{19})</code>", answer.content.decode())


# --- enrolment ----------------------------------------------------------------------------------


def test_staff_without_a_factor_reach_nothing_but_its_enrolment(log_in, demanded):
    """S63, ASVS 6.3.3: at the first log-in under production's rule."""
    browser = log_in(StaffFactory())

    for address in ("/admin/", "/admin/notices/", "/my/password/", "/", "/my/sessions/"):
        led = browser.get(address)
        assert led.status_code == 302
        assert led.headers["Location"].startswith(ASK)
    assert browser.get(ASK).headers["Location"] == SET_UP
    assert browser.get("/admin/", headers={"Accept": "application/json"}).status_code == 401


def test_enrolment_opens_the_admin_and_shows_the_recovery_codes_once(log_in, demanded):
    """S63: ten codes, kept as hashes only, and the secret encrypted."""
    browser = log_in(StaffFactory())

    codes = enrol(browser)

    assert len(set(codes)) == 10
    assert browser.get("/admin/").status_code == 200
    assert codes[0] not in browser.get(OVERVIEW).content.decode()
    assert not RecoveryCode.objects.filter(code_hash__in=codes).exists()
    assert browser.get(SET_UP).headers["Location"] == OVERVIEW


def test_enrolment_needs_a_code_of_the_new_secret(log_in):
    """S63: a mistyped registration would lock the person out."""
    browser = log_in(MemberFactory())
    browser.get(SET_UP)

    response = browser.post(SET_UP, {"code": "000000"})

    assert "맞지 않습니다" in response.content.decode()
    assert not SecondFactor.objects.in_use().exists()


def test_enrolment_ends_other_log_ins_and_changes_the_session(log_in):
    """ASVS 7.2.4, 7.4.3: what was open before the factor is not trusted after it."""
    person = MemberFactory()
    here, there = log_in(person), log_in(person)
    key = here.session.session_key

    enrol(here)

    assert here.session.session_key != key
    assert there.get("/my/").status_code == 302
    assert LoginSession.objects.get(user=person).session_key == here.session.session_key


# --- log-in -------------------------------------------------------------------------------------


def test_a_log_in_is_complete_with_the_code_only(client):
    """S54, S63: password, then code; the target is kept."""
    factor = SecondFactorFactory(user=MemberFactory())
    posted = {"username": factor.user.username, "password": PASSWORD}

    client.post("/login/", posted)
    led = client.get("/my/people/")
    answer = client.post(led.headers["Location"], {"code": app_code(factor.secret)})

    assert led.headers["Location"] == f"{ASK}?next=%2Fmy%2Fpeople%2F"
    assert answer.headers["Location"] == "/my/people/"
    assert client.get("/my/people/").status_code == 200


def test_a_code_works_once(log_in):
    """ASVS 6.5.1: a code read over a shoulder is worth nothing."""
    factor = SecondFactorFactory()
    code = app_code(factor.secret)

    first, second = log_in(factor.user), log_in(factor.user)

    assert first.post(ASK, {"code": code}).status_code == 302
    assert second.post(ASK, {"code": code}).status_code == 200
    assert second.get("/admin/").status_code == 302


def test_a_recovery_code_works_once_and_is_told_by_mail(log_in):
    """S63: spaces and capitals do not matter."""
    person = MemberFactory()
    code = enrol(log_in(person))[0].upper().replace("-", " ")

    first, second = log_in(person), log_in(person)

    assert first.post(ASK, {"code": code}).status_code == 302
    assert second.post(ASK, {"code": code}).status_code == 200
    mails = OutboxMail.objects.filter(kind="second_factor")
    assert any("복구 코드로 로그인" in mail.body for mail in mails)


def test_codes_are_limited(log_in):
    """ASVS 6.6.3: five tries, then the right code fails too."""
    factor = SecondFactorFactory()
    browser = log_in(factor.user)

    statuses = [browser.post(ASK, {"code": "000000"}).status_code for _ in range(5)]

    assert statuses == [200] * 5
    assert browser.post(ASK, {"code": app_code(factor.secret)}).status_code == 429


def test_a_code_of_another_person_is_refused(log_in):
    """S63: owner and stranger."""
    mine, other = SecondFactorFactory(), SecondFactorFactory()

    assert log_in(mine.user).post(ASK, {"code": app_code(other.secret)}).status_code == 200


def test_a_temporary_password_is_changed_after_the_code(log_in):
    """S54: both gates in turn, no circle."""
    factor = SecondFactorFactory()
    factor.user.must_change_password = True
    factor.user.save()
    browser = log_in(factor.user)

    assert browser.get("/admin/").headers["Location"].startswith(ASK)
    browser.post(ASK, {"code": app_code(factor.secret)})
    assert browser.get("/admin/").headers["Location"] == "/my/password/"


def test_wagtails_own_log_in_leads_to_ours(client):
    """S63, stack.md 5: a password alone entered the admin there, past the factor."""
    factor = SecondFactorFactory()
    posted = {"username": factor.user.username, "password": PASSWORD}

    for address in ("/admin/login/", "/admin/password_reset/"):
        assert client.get(address).headers["Location"] == "/login/"
        assert client.post(address, posted).headers["Location"] == "/login/"
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("drift", [-30, 0, 30])
def test_a_code_of_the_neighbouring_step_is_taken(at, drift):
    """RFC 6238: clocks differ; two steps off is refused."""
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

    def taken(seconds):
        code = app_code(secret, at=at + timedelta(seconds=seconds))
        return matching_step(secret=secret, code=code, at=at, after=-1)

    assert taken(drift) is not None
    assert taken(90) is None


def test_codes_are_those_of_the_standard():
    """RFC 6238, appendix B: the last six digits at 59 seconds."""
    key = b"12345678901234567890"
    clock = TOTP(key)
    clock.time = 59

    assert clock.token() == hotp(key, 1) == 287082
    assert "secret=ABC" in otpauth_address(secret="ABC", account="a", issuer="가")


# --- losing and ending it -----------------------------------------------------------------------


def test_the_operator_resets_a_lost_device(log_in):
    """S63: with a record; the person and the agency's manager are told, sessions end."""
    agency = AgencyFactory()
    manager = StaffFactory(agency=agency, manager=True, email="manager@agency.example")
    factor = SecondFactorFactory(user=StaffFactory(agency=agency))
    theirs = log_in(factor.user)
    desk = log_in(StaffFactory(operator=True))
    desk.post(reverse("members_admin:reason"), {"reason": "기기 분실"})

    desk.post(
        reverse("members_admin:staff_factor", args=[factor.user.uuid]), {"reason": "휴대폰 분실"}
    )

    assert not SecondFactor.objects.exists()
    assert theirs.get(ASK).status_code == 302
    assert AccessRecord.objects.filter(what="2단계 인증 초기화", reason="휴대폰 분실").exists()
    mails = OutboxMail.objects.filter(kind="second_factor_reset")
    assert [mail.to for mail in mails] == [manager.email]


def test_a_manager_resets_no_factor(log_in):
    """domain 3: it is the operator's."""
    manager = StaffFactory(manager=True)
    factor = SecondFactorFactory(user=StaffFactory(agency=manager.agency))
    address = reverse("members_admin:staff_factor", args=[factor.user.uuid])

    log_in(manager).post(address, {"reason": "휴대폰 분실"})

    assert SecondFactor.objects.exists()


def test_the_command_resets_the_only_operators_factor():
    """S63: break-glass; it says when there is nothing to reset."""
    factor = SecondFactorFactory(user=StaffFactory(operator=True))

    call_command("reset_second_factor", factor.user.username, reason="기기 분실")

    assert not SecondFactor.objects.exists()
    with pytest.raises(NoFactorError):
        reset_second_factor(user=factor.user, by=None, at=timezone.now(), reason="다시")


def test_members_switch_it_off_and_staff_may_not(log_in, demanded):
    """S54, S63: optional for members, kept for staff."""
    member, officer = log_in(MemberFactory()), log_in(StaffFactory())
    enrol(member)
    enrol(officer)

    for browser in (member, officer):
        browser.post(f"{OVERVIEW}off/")

    assert "쓰지 않습니다" in member.get(OVERVIEW).content.decode()
    assert "끌 수 없습니다" in officer.get(OVERVIEW).content.decode()
    assert SecondFactor.objects.get().user.is_staff_account


def test_new_recovery_codes_replace_the_old(log_in):
    """S63: the old ones stop working."""
    person = MemberFactory()
    browser = log_in(person)
    old = enrol(browser)[0]

    page = browser.post(f"{OVERVIEW}codes/").content.decode()

    assert old not in page
    assert log_in(person).post(ASK, {"code": old}).status_code == 200
    assert RecoveryCode.objects.count() == 10


# --- the question before risky acts -------------------------------------------------------------


def later():
    return time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False)


def test_a_risky_act_asks_again_after_ten_minutes(log_in):
    """S63, ASVS 7.5.1: what was posted goes on by itself once the password is given."""
    manager = StaffFactory(manager=True)
    officer = StaffFactory(agency=manager.agency)
    browser = log_in(manager)
    address = reverse("members_admin:staff_close", args=[officer.uuid])

    with later():
        question = browser.post(address, {"reason": "퇴직"})
        kept = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', question.text))
        officer.refresh_from_db()
        assert officer.is_active
        wrong = browser.post(address, kept | {"confirmation": "틀린 비밀번호"})
        officer.refresh_from_db()
        assert officer.is_active
        browser.post(address, kept | {"confirmation": PASSWORD})

    officer.refresh_from_db()
    assert "맞지 않습니다" in wrong.text
    assert not officer.is_active


def test_a_page_is_shown_after_the_question(log_in):
    """S63: the same page again, by GET."""
    browser = log_in(StaffFactory(manager=True))
    address = reverse("members_admin:staff_create")

    with later():
        question = browser.get(address)
        answer = browser.post(address, {"confirmation": PASSWORD, "confirmed_method": "GET"})

        assert "본인 확인" in question.text
        assert (answer.status_code, answer.headers["Location"]) == (303, address)
        assert "본인 확인" not in browser.get(address).text


def test_a_code_of_the_app_confirms_too(log_in):
    """S63: password or code."""
    person = StaffFactory(manager=True)
    browser = log_in(person)
    factor = SecondFactorFactory(user=person)
    address = reverse("members_admin:staff_create")

    with later():
        posted = {"confirmation": app_code(factor.secret), "confirmed_method": "GET"}
        assert browser.post(address, posted).status_code == 303


def test_exports_ask_again(log_in):
    """security.md 1: an open screen is not enough for taking data away."""
    browser = log_in(StaffFactory(manager=True))
    posted = {"export": "csv", "reason": "정기 점검"}

    with later():
        question = browser.post("/admin/companies/", posted)
        answer = browser.post("/admin/companies/", posted | {"confirmation": PASSWORD})

    assert "본인 확인" in question.text
    assert answer.headers["Content-Type"].startswith("text/csv")


def test_confirming_is_limited(log_in):
    """ASVS 6.3.1: five wrong passwords, then the right one waits too."""
    browser = log_in(StaffFactory(manager=True))
    address = reverse("members_admin:staff_create")

    with later():
        for _ in range(5):
            browser.post(address, {"confirmation": "틀린 비밀번호", "confirmed_method": "GET"})
        answer = browser.post(address, {"confirmation": PASSWORD, "confirmed_method": "GET"})

    assert answer.status_code == 429


def test_a_changed_address_is_asked_for_and_told_to_the_old_one(log_in):
    """S42, ASVS 7.5.1: mail and telephone of the person and the company."""
    person = MemberFactory(email="old@person.example")
    browser = log_in(person)
    entries = {
        name: value
        for name, value in steps.required_record_entries().items()
        if name.startswith(("person-", "company-"))
    }

    with later():
        question = browser.post("/my/profile/", entries)
        person.refresh_from_db()
        assert person.email == "old@person.example"
        browser.post("/my/profile/", entries | {"confirmation": PASSWORD})

    person.refresh_from_db()
    assert "본인 확인" in question.text
    assert person.email == entries["person-email"]
    mails = OutboxMail.objects.filter(kind="contact_changed", to="old@person.example")
    assert "전자우편" in mails.get().body


def test_an_unchanged_address_is_not_asked_for(log_in):
    """S42: saving the record again costs no question and no mail."""
    person = MemberFactory()
    browser = log_in(person)
    entries = {
        name: value
        for name, value in steps.required_record_entries().items()
        if name.startswith(("person-", "company-"))
    }
    browser.post("/my/profile/", entries)
    OutboxMail.objects.all().delete()

    with later():
        answer = browser.post("/my/profile/", entries)

    assert answer.headers["Location"] == "/my/profile/"
    assert not OutboxMail.objects.exists()
