"""선정: order of intake or scores, blind, proposed, decided, announced; the waiting list."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from applications import standings
from applications.enums import ApplicationState
from applications.models import Application, Proposal, Selection
from applications.services import selection as services
from applications.services.afterwards import give_up_place
from applications.services.moves import MoveRefusedError
from members.models import OutboxMail
from tests.factories.applications import ApplicationFactory, SubmittedDocumentFactory
from tests.factories.cms import NoticePageFactory
from tests.factories.members import StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice(two_agencies):
    return NoticePageFactory(agency=two_agencies.a, capacity=2)


@pytest.fixture
def officer(two_agencies):
    return StaffFactory(agency=two_agencies.a)


@pytest.fixture
def manager(two_agencies):
    return StaffFactory(agency=two_agencies.a, manager=True)


@pytest.fixture
def queue(notice, at):
    """Five accepted applications, the last made the first handed in."""
    rows = [
        ApplicationFactory(
            submitted=True, notice=notice, submitted_at=at - timedelta(minutes=minutes)
        )
        for minutes in range(5)
    ]
    Application.objects.filter(notice=notice).update(state=ApplicationState.ACCEPTED)
    return rows[::-1]


def plan(at, **values):
    given = {
        "method": "first_come",
        "waiting_places": 2,
        "refusal_reason": "모집 규모를 넘었습니다.",
        "announce_at": at + timedelta(days=1),
        "appeal_until": at + timedelta(days=8),
        "criteria": [],
        "reviewers": [],
    }
    return services.Plan(**{**given, **values})


@pytest.fixture
def first_come(notice, officer, queue, at):
    return services.set_up_selection(notice=notice, plan=plan(at), by=officer, at=at)


def states(rows):
    found = dict(Application.objects.values_list("pk", "state"))
    return [found[row.pk] for row in rows]


def decided(selection, officer, manager, at):
    services.propose_results(selection=selection, by=officer, at=at)
    return services.decide_selection(selection=selection, by=manager, at=at)


def test_first_come_fills_the_places_then_the_waiting_list(first_come, officer, queue, at):
    """Issue D.2: capacity 2, two waiting, the fifth is not selected with the reason."""
    made = services.propose_results(selection=first_come, by=officer, at=at)

    assert [proposal.application for proposal in made] == queue
    results = [proposal.result for proposal in made]
    assert results == ["selected", "selected", "waiting", "waiting", "not_selected"]
    assert made[-1].reason == "모집 규모를 넘었습니다."
    assert states(queue) == ["accepted"] * 5


def test_results_are_told_on_the_chosen_day_and_once(first_come, officer, manager, queue, at):
    """Issue D.2: nothing before; then states, reasons, appeal period and one mail each."""
    decided(first_come, officer, manager, at)

    assert services.announce_due(at=at) == 0
    assert states(queue) == ["accepted"] * 5
    assert services.announce_due(at=at + timedelta(days=1)) == 1
    assert services.announce_due(at=at + timedelta(days=2)) == 0

    assert states(queue) == ["selected", "selected", "waiting", "waiting", "not_selected"]
    mails = OutboxMail.objects.order_by("pk")
    assert len(mails) == 5
    assert "모집 규모를 넘었습니다." in mails[4].body
    assert "이의가 있으시면" in mails[4].body


def test_the_command_announces_what_is_due(first_come, officer, manager, queue, at):
    """Issue D.2: a job does it."""
    decided(first_come, officer, manager, at)
    Selection.objects.update(announce_at=at - timedelta(minutes=1), appeal_until=None)

    call_command("announce_results", verbosity=0)

    assert states(queue)[0] == "selected"


def test_the_waiting_list_moves_up_in_its_order(first_come, officer, manager, queue, at):
    """Domain section 2: giving up a place selects the first who waits, with mail and event."""
    later = at + timedelta(days=2)
    decided(first_come, officer, manager, at)
    services.announce_due(at=at + timedelta(days=1))

    give_up_place(application=queue[0], by=queue[0].created_by, reason="인력 부족", at=later)

    assert states(queue) == ["given_up", "selected", "selected", "waiting", "not_selected"]
    assert "예비 순번" in queue[2].events.last().note
    assert queue[2].events.last().by == manager
    give_up_place(application=queue[3], by=queue[3].created_by, reason="사정", at=later)
    assert states(queue)[2:] == ["selected", "given_up", "not_selected"]


def test_who_withdraws_before_the_day_leaves_the_place_to_the_next(
    first_come, officer, manager, queue, at
):
    """Issue D.2: the list is filled when it is announced."""
    decided(first_come, officer, manager, at)
    Application.objects.filter(pk=queue[1].pk).update(state=ApplicationState.WITHDRAWN)

    services.announce_due(at=at + timedelta(days=1))

    assert states(queue) == ["selected", "withdrawn", "selected", "waiting", "not_selected"]


def test_only_the_manager_of_the_agency_decides(first_come, officer, two_agencies, at):
    """Domain section 3: officers propose; strangers do neither."""
    stranger = StaffFactory(agency=two_agencies.b, manager=True)
    services.propose_results(selection=first_come, by=officer, at=at)

    for person in (officer, stranger):
        with pytest.raises(MoveRefusedError):
            services.decide_selection(selection=first_come, by=person, at=at)
    with pytest.raises(MoveRefusedError):
        services.propose_results(selection=first_come, by=stranger, at=at)


def test_what_is_decided_stays(first_come, officer, manager, notice, at):
    """Issue D.2: no second proposal, no second decision, no other way of selecting."""
    decided(first_come, officer, manager, at)

    with pytest.raises(services.SelectionClosedError):
        services.propose_results(selection=first_come, by=officer, at=at)
    with pytest.raises(services.SelectionClosedError):
        services.decide_selection(selection=first_come, by=manager, at=at)
    with pytest.raises(services.SelectionClosedError):
        services.set_up_selection(notice=notice, plan=plan(at), by=officer, at=at)


def test_nothing_is_proposed_before_everything_is_checked(first_come, officer, queue, at):
    """Issue D.2: the completeness check names what is open."""
    Application.objects.filter(pk=queue[0].pk).update(state=ApplicationState.UNDER_CHECK)
    SubmittedDocumentFactory(application=queue[1], state="redo")

    with pytest.raises(services.NotReadyError) as refusal:
        services.propose_results(selection=first_come, by=officer, at=at)

    assert len(refusal.value.reasons) == 2
    assert not Proposal.objects.exists()


# --- scoring ------------------------------------------------------------------------------------


@pytest.fixture
def scored(notice, officer, manager, queue, at):
    """Two reviewers, two criteria that weigh 3 to 1."""
    panel = plan(
        at,
        method="scoring",
        waiting_places=0,
        criteria=[("수출 역량", 3), ("계획", 1)],
        reviewers=[officer, manager],
    )
    return services.set_up_selection(notice=notice, plan=panel, by=officer, at=at)


def score(selection, application, by, at, first=0, second=0, has_conflict=False):
    one, two = selection.criteria.all()
    services.give_scores(
        selection=selection,
        application=application,
        points={one.pk: first, two.pk: second},
        has_conflict=has_conflict,
        by=by,
        at=at,
    )


def test_scores_stay_blind_until_all_are_in(scored, officer, manager, queue, at):
    """Issue D.2: no mean for anybody while one reviewer is missing; then the weighted order."""
    for place, row in enumerate(queue):
        score(scored, row, officer, at, first=place * 10, second=50)
    assert standings.is_blind(scored)
    assert {standing.mean for standing in standings.standings_of(scored)} == {None}
    with pytest.raises(services.NotReadyError, match="아직 심사하지 않은"):
        services.propose_results(selection=scored, by=officer, at=at)

    for place, row in enumerate(queue):
        score(scored, row, manager, at, first=place * 10, second=50, has_conflict=place == 4)

    ordered = standings.standings_of(scored)
    assert [standing.application for standing in ordered] == queue[::-1]
    assert ordered[0].mean == (40 * 3 + 50) / 4
    made = services.propose_results(selection=scored, by=officer, at=at)
    assert [proposal.result for proposal in made] == ["selected"] * 2 + ["not_selected"] * 3


def test_a_conflict_takes_the_points_away(scored, officer, queue, at):
    """Issue D.2: conflict of interest marked; the reviewer counts as done for it."""
    score(scored, queue[0], officer, at, first=100, second=100)
    score(scored, queue[0], officer, at, has_conflict=True)

    assert not scored.reviewers.get(person=officer).scores.exists()
    assert standings.progress_of(scored)[0].done == 1
    assert standings.means_of(scored) == {}


def test_only_named_reviewers_score_and_the_panel_stays(scored, notice, two_agencies, queue, at):
    """Issue D.2: a colleague who is not named, and a late change of the panel, are refused."""
    colleague = StaffFactory(agency=two_agencies.a)
    with pytest.raises(services.NotAReviewerError):
        score(scored, queue[0], colleague, at)

    reviewer = scored.reviewers.first().person
    score(scored, queue[0], reviewer, at, first=1, second=1)
    with pytest.raises(services.NotReadyError, match="바꿀 수 없습니다"):
        services.set_up_selection(
            notice=notice, plan=plan(at, criteria=[("새 항목", 1)]), by=reviewer, at=at
        )


# --- screens ------------------------------------------------------------------------------------


def test_the_whole_way_on_screens(log_in, notice, officer, manager, queue):
    """S65: set up, propose as officer, decide as manager, announced by the job."""
    desk, code = log_in(officer), [notice.code]
    overview = reverse("applications_admin:selection", args=code)
    given = {
        "method": "first_come",
        "waiting_places": "1",
        "refusal_reason": "순위 밖",
        "announce_at": "2020-01-01 09:00",
        "appeal_until": "2020-01-08 18:00",
    }
    assert "아직 선정 방법을 정하지" in desk.get(overview).content.decode()
    desk.post(reverse("applications_admin:selection_setup", args=code), given)
    desk.post(reverse("applications_admin:selection_propose", args=code))
    assert "기관 책임자가 결정합니다." in desk.get(overview).content.decode()
    desk.post(reverse("applications_admin:selection_decide", args=code))
    assert Selection.objects.get().decided_at is None

    log_in(manager).post(reverse("applications_admin:selection_decide", args=code))
    call_command("announce_results", verbosity=0)

    assert states(queue)[:3] == ["selected", "selected", "waiting"]
    assert "결과를 발표했습니다" in desk.get(overview).content.decode()
    assert notice.title in desk.get(reverse("applications_admin:selections")).content.decode()


def test_a_reviewer_scores_on_a_screen(log_in, scored, officer, queue):
    """Issue D.2: all points or a conflict; what is missing is told."""
    address = reverse(
        "applications_admin:selection_score", args=[scored.notice.code, queue[0].receipt_number]
    )
    desk = log_in(officer)
    one, two = scored.criteria.all()

    assert "모든 항목의 점수" in desk.post(address, {f"points-{one.pk}": "5"}).content.decode()
    desk.post(address, {f"points-{one.pk}": "5", f"points-{two.pk}": "7"})

    assert scored.reviewers.get(person=officer).scores.count() == 2


@pytest.mark.parametrize("name", ["", "_setup", "_propose", "_decide"])
def test_another_agency_finds_no_selection(log_in, two_agencies, first_come, name):
    """S63: 404 for a manager of agency B, whatever is asked."""
    stranger = log_in(StaffFactory(agency=two_agencies.b, manager=True))
    address = reverse(f"applications_admin:selection{name}", args=[first_come.notice.code])

    assert stranger.post(address).status_code in {404, 405}
    assert stranger.get(address).status_code in {404, 405}
    listed = stranger.get(reverse("applications_admin:selections")).content.decode()
    assert first_come.notice.title not in listed
