"""The certificate at its three doors: joining, logging in, a forgotten password (S28, S29, A10)."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from members.enums import JoinRoute, MembershipState
from members.models import BusinessProof, Challenge, Company, OriginalsFile, OutboxMail, User
from members.pki.miniature.authority import Wish
from tests.client import CheckingClient
from tests.factories.members import CompanyFactory, MemberFactory, StaffFactory
from tests.members import steps
from tests.members.pki.conftest import trust, trusted_site, world
from tests.members.pki.world import NUMBER, answer

__all__ = ["trust", "trusted_site", "world"]

pytestmark = pytest.mark.django_db
LOGIN = "/login/certificate/"
RESET = "/find/password/certificate/"


def challenged(client, purpose, number=NUMBER, **more):
    data = {"purpose": purpose, "proof-business_number": number}
    return client.post("/proof/challenge/", data | {f"proof-{key}": more[key] for key in more})


def proven(client, holder, purpose, *, change=None, **more):
    """Sign as the page does and return the answer."""
    made = challenged(client, purpose, **more).json()
    posted = {**answer(holder, made["text"]), "nonce": made["nonce"], "purpose": purpose}
    return client.post("/proof/answer/", posted | (change or {}))


@pytest.mark.usefixtures("trusted_site")
def test_a_company_joins_by_certificate_and_is_a_full_member(world):
    """S20, S28: way A, without a paper, to 정식회원."""
    client = steps.at_step_two()
    assert "signing-window" in client.get(steps.VERIFY).content.decode()

    found = proven(client, world["good"], "signup")
    assert found.json() == {"redirect": steps.COMPANY}
    page = client.get(steps.COMPANY).content.decode()
    assert "papers-join_bundle" not in page
    entries = steps.joining_entries(**{"papers-join_bundle": None})
    response = steps.with_checked_id(client).post(steps.COMPANY, entries, follow=True)

    assert response.redirect_chain == [(steps.DONE, 302)]
    assert "정식회원" in response.content.decode()
    company = Company.objects.get()
    assert company.business_number == NUMBER
    assert company.membership_state == MembershipState.FULL
    assert company.join_route == JoinRoute.SIGNING_CERT
    assert company.membership_events.get().to_state == MembershipState.FULL
    assert BusinessProof.objects.get().company == company
    assert not OriginalsFile.objects.exists()
    mail = OutboxMail.objects.get(kind="joined")
    assert "정식회원" in mail.body


@pytest.mark.usefixtures("trusted_site")
def test_a_later_choice_of_papers_leads_to_screening(world):
    """S31: whoever goes back and takes way B is a waiting company."""
    client = steps.at_step_two()
    proven(client, world["good"], "signup")
    draft_agency = steps.AgencyFactory()
    client.post(steps.VERIFY, {"business_number": NUMBER, "agency": draft_agency.code})

    steps.with_checked_id(client).post(steps.COMPANY, steps.joining_entries())

    assert Company.objects.get().membership_state == MembershipState.WAITING


@pytest.mark.usefixtures("trusted_site")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("expired", "유효한 인증서가 아닙니다"),
        ("revoked", "유효한 인증서가 아닙니다"),
        ("rogue", "유효한 인증서가 아닙니다"),
        ("personal", "사업자용 공동인증서가 아닙니다"),
        ("badpolicy", "사업자용 공동인증서가 아닙니다"),
        ("novid", "사업자등록번호를 확인할 수 없습니다"),
        ("other", "입력한 번호와 다릅니다"),
    ],
)
def test_a_refusal_is_told_in_plain_words(name, words, world):
    """S28: the sentence for the person, the code in the row."""
    client = steps.at_step_two()

    response = proven(client, world[name], "signup")

    assert response.status_code == 422
    assert words in response.json()["message"]
    assert Challenge.objects.get().result
    assert client.get(steps.COMPANY).headers["Location"] == steps.VERIFY


@pytest.mark.usefixtures("trusted_site")
def test_a_number_that_joined_is_refused_after_the_proof(world):
    """S20: one company per number."""
    CompanyFactory(business_number=NUMBER)
    client = steps.at_step_two()

    response = proven(client, world["good"], "signup")

    assert response.status_code == 409
    assert "이미 가입한" in response.json()["message"]


@pytest.mark.usefixtures("trusted_site")
def test_a_challenge_of_another_browser_is_worth_nothing(world):
    """ASVS 6.6.2."""
    mine, other = steps.at_step_two(), CheckingClient()
    made = challenged(mine, "signup").json()
    posted = {**answer(world["good"], made["text"]), "nonce": made["nonce"], "purpose": "signup"}

    assert other.post("/proof/answer/", posted).status_code == 422
    assert Challenge.objects.get().result == "challenge_session"
    assert mine.post("/proof/answer/", posted).status_code == 422


@pytest.mark.usefixtures("trusted_site")
@pytest.mark.parametrize(
    ("purpose", "number", "status"),
    [("signup", "1248100999", 400), ("signup", "", 400), ("sign", NUMBER, 400)],
)
def test_a_wrong_number_gets_no_challenge(purpose, number, status):
    assert challenged(steps.at_step_two(), purpose, number).status_code == status
    assert not Challenge.objects.exists()


@pytest.mark.usefixtures("trusted_site")
def test_joining_without_its_cookie_gets_no_challenge(client):
    assert challenged(client, "signup").status_code == 400


@pytest.mark.usefixtures("trusted_site")
def test_a_certificate_logs_in_and_lifts_the_lock(client, world):
    """Domain 6: sooner by certificate; ASVS 7.2.4: under a new session id."""
    person = MemberFactory(company=CompanyFactory(business_number=NUMBER))
    for _ in range(6):
        client.post("/login/", {"username": person.username, "password": "틀렸습니다"})

    assert "signing-window" in client.get(LOGIN).content.decode()
    challenged(client, "login", username=person.username)
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    response = proven(client, world["good"], "login", username=person.username.upper())

    assert response.json() == {"redirect": "/my/"}
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before
    assert client.get("/my/").status_code == 200
    assert BusinessProof.objects.get().company == person.company


@pytest.mark.usefixtures("trusted_site")
def test_a_certificate_logs_nobody_else_in(client, world):
    """pki.md 4: the ID must belong to the company whose number is proven."""
    colleague_elsewhere = MemberFactory()
    CompanyFactory(business_number=NUMBER)

    for name in (colleague_elsewhere.username, StaffFactory().username, "nobodyhere"):
        response = proven(client, world["good"], "login", username=name)
        assert response.status_code == 403
        assert client.get("/my/").status_code == 302


@pytest.mark.usefixtures("trusted_site")
def test_people_who_left_are_not_let_in(client, world):
    company = CompanyFactory(business_number=NUMBER, membership_state=MembershipState.LEFT)
    person = MemberFactory(company=company)

    response = proven(client, world["good"], "login", username=person.username)

    assert response.status_code == 403


@pytest.mark.usefixtures("trusted_site")
def test_a_renewed_certificate_serves_as_well(client, world):
    """pki.md 5: certificates are renewed yearly, so no log-in hangs on one serial."""
    person = MemberFactory(company=CompanyFactory(business_number=NUMBER))
    renewed = world.old.issue(Wish("주식회사 한빛상사", NUMBER))

    for holder in (world["good"], renewed, world["good3072"]):
        response = proven(client, holder, "login", username=person.username)
        assert response.status_code == 200
        client.post("/logout/")


@pytest.mark.usefixtures("trusted_site")
def test_a_forgotten_password_becomes_a_temporary_one_shown_once(client, log_in, world):
    """Decision A10: 24 hours, to be changed at once, every session ended, told by mail."""
    person = MemberFactory(company=CompanyFactory(business_number=NUMBER))
    elsewhere = log_in(person)
    assert "signing-window" in client.get(RESET).content.decode()

    shown = proven(client, world["good"], "reset", username=person.username).json()

    assert shown["username"] == person.username
    assert elsewhere.get("/my/").status_code == 302
    assert OutboxMail.objects.get(kind="password_changed").to == person.email
    password = shown["temporary_password"]
    assert len(password) == 19
    person.refresh_from_db()
    assert person.check_password(password)
    assert timedelta(hours=23) < person.temporary_password_expires_at - timezone.now()
    client.post("/login/", {"username": person.username, "password": password})
    assert client.get("/my/").headers["Location"] == "/my/password/"
    assert password not in OutboxMail.objects.get(kind="password_changed").body


@pytest.mark.usefixtures("trusted_site")
def test_a_log_in_proof_resets_no_password(client, world):
    """ASVS 6.6.2: a challenge is good for its purpose only."""
    person = MemberFactory(company=CompanyFactory(business_number=NUMBER))
    response = proven(
        client, world["good"], "login", username=person.username, change={"purpose": "reset"}
    )

    assert response.status_code == 422
    assert User.objects.get(pk=person.pk).password == person.password


def test_without_a_trust_store_no_dead_button_is_shown(client):
    """S28: where certificates cannot be checked, the page says so and offers the other way."""
    pages = [steps.at_step_two().get(steps.VERIFY), client.get(LOGIN), client.get(RESET)]

    for page in pages:
        assert "signing-window" not in page.content.decode()
        assert "지금은" in page.content.decode()
    assert challenged(steps.at_step_two(), "signup").status_code == 503


def test_a_broken_trust_store_closes_the_way_and_nothing_else(client, settings, tmp_path):
    (tmp_path / "trust.toml").write_text("root = 1", "utf-8")
    settings.TRUST_DIR = tmp_path

    assert "signing-window" not in client.get(LOGIN).content.decode()


def test_nothing_has_to_be_installed(client):
    """S29, S8: the page says so, with the contacts of the manual and 118."""
    page = client.get("/join/certificate-help/").content.decode()

    assert "설치할 프로그램이 없습니다" in page
    for number in ("1566-0566", "118", "042-380-3046", "042-820-9623"):
        assert f"tel:{number}" in page
