"""Leaving, coming back, taking a number over, and becoming a full member later (S32, S64)."""

import pytest
from django.utils import timezone

from members.enums import JoinRoute, MembershipState
from members.models import Company, OutboxMail, User
from members.services import leaving
from members.services.claims import Claim, claim_of
from members.services.consents import NotMasterError
from members.services.people import invite_person
from tests.factories.members import (
    AgencyFactory,
    CompanyFactory,
    MemberFactory,
    OriginalsFileFactory,
    ProductFactory,
)
from tests.members import steps
from tests.members.pki.conftest import trust, trusted_site, world
from tests.members.pki.world import NUMBER, OTHER_NUMBER
from tests.members.test_proof_views import proven

__all__ = ["trust", "trusted_site", "world"]
pytestmark = pytest.mark.django_db


def join_by_papers():
    client = steps.at_step_three()
    entries = steps.joining_entries()
    return steps.with_checked_id(client).post(steps.COMPANY, entries, follow=True)


def join_by_certificate(world):
    client = steps.at_step_two()
    found = proven(client, world["good"], "signup")
    entries = steps.joining_entries(**{"papers-join_bundle": None})
    page = client.get(steps.COMPANY).content.decode()
    return found, page, steps.with_checked_id(client).post(steps.COMPANY, entries, follow=True)


# --- leaving ----------------------------------------------------------------------------------


def test_the_master_leaves_and_everybody_is_out(log_in):
    """S64: said before what follows; sessions, log-ins and invitations end; the row stays."""
    master = MemberFactory()
    colleague = MemberFactory(company=master.company, colleague=True)
    theirs, client = log_in(colleague), log_in(master)
    invite_person(
        company=master.company, name="박", email="p@h.example", by=master, at=timezone.now()
    )

    page = client.get("/my/leave/").content.decode()
    unread = client.post("/my/leave/", {})
    done = client.post("/my/leave/", {"understood": "on"})

    assert "5년 동안 보관한 뒤 파기합니다." in page
    assert unread.status_code == 200
    assert done.headers["Location"] == "/"
    company = Company.objects.get()
    assert company.membership_state == MembershipState.LEFT
    assert not User.objects.active().filter(company=company).exists()
    assert theirs.get("/my/").status_code == 302
    assert not company.invitations.open_at(timezone.now()).exists()
    assert OutboxMail.objects.filter(kind="membership_left").count() == 2


def test_only_the_master_leaves(log_in):
    """S64: a colleague is shown the way, and the service asks the database."""
    master = MemberFactory()
    colleague = MemberFactory(company=master.company, colleague=True)

    page = log_in(colleague).get("/my/leave/").content.decode()

    assert "탈퇴는 대표 담당자가 신청합니다." in page
    with pytest.raises(NotMasterError):
        leaving.leave(company=master.company, by=colleague, at=timezone.now())


def test_a_company_takes_its_own_data_away(log_in):
    """S64: one file of its own record and of nobody else's."""
    member, stranger = MemberFactory(), MemberFactory(company__name="낯선기업")
    ProductFactory(company=member.company, name="=HYPERLINK(1)")
    ProductFactory(company=stranger.company, name="남의 제품")

    page = log_in(member).get("/my/data/")
    file = log_in(member).post("/my/data/")

    text = file.content.decode("utf-8-sig")
    assert page.status_code == 200
    assert file.headers["Content-Disposition"].startswith("attachment;")
    assert member.company.name in text
    assert "'=HYPERLINK(1)" in text
    assert "낯선기업" not in text
    assert "남의 제품" not in text


def test_who_left_joins_again(log_in):
    """S64: the same row is opened again with a new master; old IDs stay closed."""
    before = MemberFactory(company__business_number=NUMBER.replace("-", ""), company__name="옛이름")
    leaving.leave(company=before.company, by=before, at=timezone.now())

    page = steps.at_step_three(number=NUMBER)
    entries = steps.joining_entries()
    done = steps.with_checked_id(page).post(steps.COMPANY, entries, follow=True)

    assert done.redirect_chain == [(steps.DONE, 302)]
    company = Company.objects.get()
    assert (company.pk, company.name) == (before.company.pk, "한빛금속㈜")
    assert company.membership_state == MembershipState.WAITING
    master = company.people.get(is_company_master=True)
    assert master.username == steps.LOGIN_NAME
    before.refresh_from_db()
    assert not before.is_active
    moves = company.membership_events.values_list("from_state", "to_state")
    assert list(moves) == [("left", "waiting"), ("full", "left")]


# --- a number that somebody has ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("traits", "is_proven", "claim"),
    [
        ({"waiting": True}, False, Claim.TAKEN),
        ({"waiting": True}, True, Claim.TAKE_OVER),
        ({"refused": True}, True, Claim.TAKE_OVER),
        ({"provisional": True}, True, Claim.TAKE_OVER),
        ({"suspended": True}, False, Claim.TAKEN),
        ({}, True, Claim.TAKEN),
        ({"left": True}, False, Claim.REJOIN),
        ({"left": True}, True, Claim.REJOIN),
    ],
)
def test_what_a_joining_may_do_with_a_number(traits, is_proven, claim):
    """S64: every state, with and without a certificate."""
    company = CompanyFactory(**traits)

    assert claim_of(company.business_number, is_proven=is_proven) == claim
    assert claim_of("1248100998", is_proven=is_proven) == Claim.NEW


def test_who_proved_by_originals_is_not_taken_over():
    """S64: originals that arrived are a proof too."""
    company = CompanyFactory(suspended=True)
    OriginalsFileFactory(company=company, completed_at=timezone.now())

    assert claim_of(company.business_number, is_proven=True) == Claim.TAKEN


@pytest.mark.usefixtures("trusted_site")
def test_a_certificate_takes_a_number_over(world, log_in):
    """S64: the people of the paper route are locked; both sides and the officer are told."""
    agency = AgencyFactory()
    squatter = MemberFactory(
        company__business_number=NUMBER,
        company__provisional=True,
        company__originals_agency=agency,
    )
    theirs = log_in(squatter)

    found, page, done = join_by_certificate(world)

    assert found.json() == {"redirect": steps.COMPANY}
    assert "서류로 가입한 담당자" in page
    assert done.redirect_chain == [(steps.DONE, 302)]
    company = Company.objects.get()
    assert company.membership_state == MembershipState.FULL
    assert company.join_route == JoinRoute.SIGNING_CERT
    squatter.refresh_from_db()
    assert not squatter.is_active
    assert not squatter.is_company_master
    assert theirs.get("/my/").status_code == 302
    told = OutboxMail.objects.filter(kind="number_taken_over").values_list("to", flat=True)
    assert set(told) == {squatter.email, agency.email}


@pytest.mark.usefixtures("trusted_site")
@pytest.mark.parametrize(("state", "status"), [("provisional", 200), ("waiting", 200), ("", 403)])
def test_a_later_certificate_makes_a_full_member(state, status, world, log_in):
    """S32: provisional to full without waiting for originals; nothing for who is full."""
    traits = {f"company__{state}": True} if state else {}
    member = MemberFactory(company__business_number=NUMBER, **traits)
    client = log_in(member)

    page = client.get("/my/membership/").content.decode()
    answer = proven(client, world["good"], "promote")

    assert ("signing-window" in page) == bool(state)
    assert answer.status_code == status
    member.company.refresh_from_db()
    assert member.company.membership_state == MembershipState.FULL
    assert OutboxMail.objects.filter(kind="membership_full").count() == bool(state)


@pytest.mark.usefixtures("trusted_site")
def test_a_certificate_of_another_company_promotes_nobody(world, log_in):
    """S32: the number must be the company's own."""
    member = MemberFactory(provisional=True)

    answer = proven(log_in(member), world["good"], "promote")

    assert answer.status_code == 403
    member.company.refresh_from_db()
    assert member.company.membership_state == MembershipState.PROVISIONAL


def test_a_stranger_asks_the_master_without_learning_who_that_is(client):
    """S64: the same answer for a member's number and for any other; tries are limited."""
    master = MemberFactory(company__business_number=NUMBER)
    asked = {"name": "새직원", "email": "new@h.example"}

    known = client.post("/join/ask/", asked | {"business_number": NUMBER})
    unknown = client.post("/join/ask/", asked | {"business_number": OTHER_NUMBER})
    for _ in range(4):
        last = client.post("/join/ask/", asked | {"business_number": OTHER_NUMBER})

    assert known.content == unknown.content
    assert master.name not in known.content.decode()
    mail = OutboxMail.objects.get()
    assert mail.to == master.email
    assert "new@h.example" in mail.body
    assert last.status_code == 429
