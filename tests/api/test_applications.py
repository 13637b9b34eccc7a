"""An agency's own system reads the applications on its notices and moves them."""

from datetime import timedelta

import pytest
import time_machine as clock
from django.utils import timezone

from applications.enums import ApplicationState
from applications.models import Application
from members.models import AccessRecord, OutboxMail
from tests.factories.applications import (
    ApplicationEventFactory,
    ApplicationFactory,
    SubmittedDocumentFactory,
)
from tests.factories.cms import NoticePageFactory, RequiredDocumentFactory

pytestmark = pytest.mark.django_db

OWN = "/api/v1/agency/applications"


@pytest.fixture
def handed_in(two_agencies):
    """One application with a paper on a notice of each agency, and a draft."""
    made = []
    for agency in two_agencies:
        notice = NoticePageFactory(agency=agency)
        row = RequiredDocumentFactory(page=notice)
        application = ApplicationFactory(notice=notice, submitted=True)
        ApplicationEventFactory(application=application, at=timezone.now() - timedelta(minutes=5))
        SubmittedDocumentFactory(application=application, required_document=row)
        made.append(application)
    ApplicationFactory(notice=made[0].notice)
    return made


def test_system_reads_what_was_handed_in_to_its_agency(system_of, two_agencies, handed_in):
    """S55, S63: list, detail, paper; drafts never; each reading is in the access record."""
    system, (own, _) = system_of(two_agencies.a), handed_in

    listed = system.get(OWN).json()
    one = system.get(f"{OWN}/{own.uuid}")
    paper = system.get(one.json()["papers"][0]["url"].split(":8000")[-1])

    assert [row["receipt_number"] for row in listed["items"]] == [own.receipt_number]
    assert one.json()["submitted"]["company"]["name"] == own.company.name
    assert one["Cache-Control"] == "private, no-store"
    assert paper.getvalue().startswith(b"%PDF")
    records = AccessRecord.objects.filter(actor=system.token.account, what__startswith="API:")
    assert [record.action for record in records.order_by("pk")] == ["view", "view", "download"]
    assert all(record.subjects == [f"company:{own.company.uuid}"] for record in records)


def test_another_agencys_applications_are_not_there(system_of, two_agencies, handed_in):
    """S63: neither read nor moved nor counted, and no drafts."""
    system, (own, foreign) = system_of(two_agencies.a), handed_in
    draft = Application.objects.drafts().get()
    paper = foreign.documents.get()

    answers = [
        system.get(f"{OWN}/{foreign.uuid}"),
        system.get(f"{OWN}/{draft.uuid}"),
        system.get(f"{OWN}/papers/{paper.uuid}"),
        system.post(f"{OWN}/{foreign.uuid}/state", {"to": "under_check"}, etag="*"),
    ]
    changes = system.get(f"{OWN}/changes").json()

    assert {answer.status_code for answer in answers} == {404}
    assert {step["application"] for step in changes["items"]} == {str(own.uuid)}
    foreign.refresh_from_db()
    assert foreign.state == "submitted"


def test_system_moves_as_an_officer_would(system_of, two_agencies, handed_in):
    """S65: same table, same mail, same refusals; two at once: the second is told."""
    system, (own, _) = system_of(two_agencies.a), handed_in
    address = f"{OWN}/{own.uuid}"
    etag = system.get(address)["ETag"]

    checked = system.post(f"{address}/state", {"to": "under_check"}, etag=etag, key="move-it-once")
    again = system.post(f"{address}/state", {"to": "under_check"}, etag=etag, key="move-it-once")
    late = system.post(f"{address}/state", {"to": "returned", "reason": "x"}, etag=etag)
    new = checked["ETag"]
    decided = system.post(f"{address}/state", {"to": "selected"}, etag=new)
    silent = system.post(f"{address}/state", {"to": "returned"}, etag=new)

    assert (checked.status_code, again.content) == (200, checked.content)
    assert late.status_code == 412
    assert (decided.status_code, decided.json()["code"]) == (409, "move_refused")
    assert silent.status_code == 422
    own.refresh_from_db()
    assert own.state == ApplicationState.UNDER_CHECK
    assert own.events.filter(to_state="under_check").count() == 1
    assert own.events.get(to_state="under_check").by == system.token.account
    assert OutboxMail.objects.filter(kind__startswith="application").count() == 1


def test_papers_are_asked_for_again(system_of, two_agencies, handed_in, at):
    """S65: a correction names papers of this application only."""
    system, (own, foreign) = system_of(two_agencies.a), handed_in
    key, strange = own.documents.get().key, foreign.documents.get().key
    address = f"{OWN}/{own.uuid}/state"
    first = system.post(address, {"to": "under_check"}, etag="*")
    asked = {
        "to": "correction_asked",
        "reason": "직인이 없습니다.",
        "due_at": (at + timedelta(days=3)).isoformat(),
    }

    wrong = system.post(address, {**asked, "papers": {str(strange): "x"}}, etag=first["ETag"])
    right = system.post(address, {**asked, "papers": {str(key): "직인"}}, etag=first["ETag"])

    assert (wrong.status_code, right.status_code) == (422, 200)
    assert own.corrections.get().reason == "직인"


def test_changes_are_told_once_and_in_order(system_of, two_agencies, handed_in):
    """S65: the cursor leads on; what is not settled yet waits for the next time."""
    system, (own, _) = system_of(two_agencies.a), handed_in
    first = system.get(f"{OWN}/changes").json()
    system.post(f"{OWN}/{own.uuid}/state", {"to": "under_check"}, etag="*")

    at_once = system.get(f"{OWN}/changes?after={first['cursor']}").json()
    with clock.travel(timezone.now() + timedelta(minutes=1), tick=False):
        later = system.get(f"{OWN}/changes?after={first['cursor']}").json()
        nothing = system.get(f"{OWN}/changes?after={later['cursor']}").json()
    faulty = system.get(f"{OWN}/changes?after=1")

    assert [step["to_state"] for step in first["items"]] == ["submitted"]
    assert at_once["items"] == []
    assert [step["to_state"] for step in later["items"]] == ["under_check"]
    assert nothing["items"] == []
    assert (faulty.status_code, faulty.json()["code"]) == (400, "unknown_cursor")


def test_scopes_part_reading_from_moving(system_of, two_agencies, handed_in):
    own = handed_in[0]
    reader = system_of(two_agencies.a, scopes=["applications.read"])

    moved = reader.post(f"{OWN}/{own.uuid}/state", {"to": "under_check"}, etag="*")

    assert reader.get(OWN).status_code == 200
    assert (moved.status_code, moved.json()["code"]) == (403, "scope_missing")


def test_list_costs_the_same_for_one_row_and_for_twenty(
    system_of, two_agencies, handed_in, django_assert_num_queries, django_assert_max_num_queries
):
    system = system_of(two_agencies.a)
    system.get(OWN)
    with django_assert_max_num_queries(12) as one:
        system.get(OWN)
    for _ in range(19):
        ApplicationFactory(notice=handed_in[0].notice, submitted=True)

    with django_assert_num_queries(len(one)):
        assert system.get(f"{OWN}?page_size=50").json()["count"] == 20
