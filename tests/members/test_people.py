"""A company's people: invited, removed, the mastership handed over (S63, decision A12)."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from members import sessions
from members.models import Consent, Invitation, OutboxMail, PersonEvent, User
from members.services import people
from members.services.throttle import ThrottledError
from tests.client import CheckingClient
from tests.factories.members import CompanyFactory, MemberFactory, legal_texts_in_force

pytestmark = pytest.mark.django_db
PASSWORD = "우산 아래 빗소리 42"
ENTRIES = {
    "username": "secondperson",
    "password": PASSWORD,
    "password_again": PASSWORD,
    "name": "박동료",
    "department": "무역팀",
    "position": "대리",
    "phone": "042-111-2222",
    "mobile": "010-2222-3333",
    "email": "park@hanbit.example",
    "agrees": "on",
}


@pytest.fixture
def company():
    return CompanyFactory()


@pytest.fixture
def master(company):
    return MemberFactory(company=company)


@pytest.fixture
def colleague(company, master):
    return MemberFactory(company=company, colleague=True)


def confirmed(client):
    """Answer the question for the password once, as a person does before a risky act."""
    session = client.session
    sessions.note_confirmation(session)
    session.save()
    return client


def link_of(mail):
    return re.search(r"/invitation/[\w-]+/", mail.body).group()


def test_an_invited_person_joins_the_company(log_in, company, master):
    """S63: the master invites by mail; the person chooses ID and password and consents."""
    legal_texts_in_force()
    sent = log_in(master).post("/my/people/", {"name": "박동료", "email": "park@hanbit.example"})
    address = link_of(OutboxMail.objects.get(kind="invitation"))
    client = CheckingClient()

    page = client.get(address)
    done = client.post(address, ENTRIES)

    assert sent.status_code == 302
    assert company.name in page.content.decode()
    assert done.headers["Location"] == "/login/"
    person = User.objects.get(username="secondperson")
    assert (person.company, person.is_company_master) == (company, False)
    assert person.mobile == "01022223333"
    assert {row.text.kind for row in Consent.objects.filter(person=person)} == {"terms", "privacy"}
    assert client.get(address).status_code == 410
    assert list(PersonEvent.objects.values_list("kind", flat=True)) == ["joined", "invited"]


def test_only_the_master_invites_and_only_here(log_in, company, master, colleague):
    """S63: a colleague is told to ask the master; a stranger sees nothing of this company."""
    stranger = MemberFactory()
    people.invite_person(
        company=company, name="박동료", email="p@h.example", by=master, at=timezone.now()
    )
    entries = {"name": "이", "email": "x@h.example"}

    refused = log_in(colleague).post("/my/people/", entries)
    other = log_in(stranger).get("/my/people/").content.decode()
    cancelled = log_in(stranger).post(
        f"/my/people/invitations/{Invitation.objects.get().uuid}/cancel/"
    )

    assert refused.status_code == 409
    assert "대표 담당자만 할 수 있습니다." in refused.content.decode()
    assert "p@h.example" not in other
    assert cancelled.status_code == 404
    assert Invitation.objects.count() == 1


def test_an_invitation_ends(log_in, company, master):
    """S63: cancelled, replaced by a later one, or 7 days old, a link says so."""
    now = timezone.now()

    def invite(email):
        people.invite_person(company=company, name="박", email=email, by=master, at=now)
        return link_of(OutboxMail.objects.filter(kind="invitation").latest("pk"))

    first, again = invite("a@h.example"), invite("A@h.example")
    cancelled, old = invite("b@h.example"), invite("c@h.example")
    uuid = Invitation.objects.get(email="b@h.example").uuid
    assert log_in(master).post(f"/my/people/invitations/{uuid}/cancel/").status_code == 302
    Invitation.objects.filter(email="c@h.example").update(expires_at=now - timedelta(seconds=1))

    answers = [CheckingClient().get(link).status_code for link in (first, again, cancelled, old)]

    assert answers == [410, 200, 410, 410]


def test_a_taken_id_and_a_missing_consent_are_told(company, master):
    """S63: the invited person's form keeps what was typed."""
    people.invite_person(
        company=company, name="박", email="p@h.example", by=master, at=timezone.now()
    )
    address = link_of(OutboxMail.objects.get(kind="invitation"))

    page = CheckingClient().post(address, ENTRIES | {"username": master.username, "agrees": ""})

    text = page.content.decode()
    assert "이미 쓰고 있는 아이디입니다." in text
    assert "표시해 주십시오." in text
    assert 'value="무역팀"' in text


def test_the_mastership_is_handed_over(log_in, master, colleague):
    """S63: asked again who is there; both are told; the former master stays a colleague."""
    client, address = log_in(master), f"/my/people/{colleague.uuid}/master/"
    session = client.session
    session.pop(sessions.CONFIRMED)
    session.save()

    asked = client.get(address).content.decode()
    page = confirmed(client).get(address)
    done = client.post(address)

    assert "비밀번호 또는 인증 코드" in asked
    assert page.status_code == 200
    assert done.headers["Location"] == "/my/people/"
    master.refresh_from_db()
    colleague.refresh_from_db()
    assert (master.is_company_master, colleague.is_company_master) == (False, True)
    mails = OutboxMail.objects.filter(kind="people")
    assert {mail.to for mail in mails} == {master.email, colleague.email}


def test_a_master_goes_only_with_a_successor(log_in, master, colleague):
    """S63: first hand over, then leave; the ID is never given out again."""
    client = confirmed(log_in(master))
    refused = client.post(f"/my/people/{master.uuid}/remove/", follow=True)
    people.hand_over_mastership(to=colleague, by=master, at=timezone.now())
    left = client.post(f"/my/people/{master.uuid}/remove/")

    assert "다른 담당자에게 대표를 넘긴 뒤에" in refused.content.decode()
    assert left.headers["Location"] == "/"
    master.refresh_from_db()
    assert not master.is_active
    assert master.closed_at is not None
    assert client.get("/my/").status_code == 302


def test_a_removed_colleague_is_out_at_once(log_in, master, colleague):
    """S63: the session ends; a colleague removes nobody else; a stranger finds nobody."""
    theirs = log_in(colleague)
    refused = confirmed(theirs).post(f"/my/people/{master.uuid}/remove/", follow=True)
    stranger = confirmed(log_in(MemberFactory())).post(f"/my/people/{colleague.uuid}/remove/")

    done = confirmed(log_in(master)).post(f"/my/people/{colleague.uuid}/remove/")

    assert "대표 담당자" in refused.content.decode()
    assert stranger.status_code == 404
    assert done.headers["Location"] == "/my/people/"
    assert theirs.get("/my/").status_code == 302
    assert PersonEvent.objects.get().kind == "removed"


def test_invitations_are_limited(company, master):
    """S63: neither a flood of mails nor more than 20 people."""
    now = timezone.now()
    for number in range(people.MAX_PEOPLE - 1):
        people.invite_person(
            company=company, name="박", email=f"p{number}@h.example", by=master, at=now
        )

    with pytest.raises((people.TooManyPeopleError, ThrottledError)):
        people.invite_person(company=company, name="박", email="z@h.example", by=master, at=now)


def test_an_invitation_is_accepted_by_somebody(company, master):
    """S63: the database holds acceptance and person together."""
    people.invite_person(
        company=company, name="박", email="p@h.example", by=master, at=timezone.now()
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.update(accepted_at=timezone.now())
