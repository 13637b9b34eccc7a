"""Many at once, on a real database: threads with connections of their own."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.utils import timezone

from applications.enums import ApplicationState
from applications.models import Application, ApplicationEvent, ReceiptCounter
from applications.services.drafts import start_application
from applications.services.moves import MovedMeanwhileError, move_application
from members.models import OutboxMail
from tests.applications.conftest import hand_in, make_ready
from tests.factories.applications import ApplicationFactory, master_of
from tests.factories.cms import NoticePageFactory, home
from tests.factories.members import CompanyFactory, StaffFactory, legal_texts_in_force

pytestmark = pytest.mark.django_db(transaction=True)

COMPANIES = 50


def at_once(function, arguments, *, workers=16):
    """Call a function with each argument from several threads and return the answers."""

    def call(argument):
        try:
            return function(argument)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=workers) as pool:
        return list(pool.map(call, arguments))


def ready_drafts(notice, count):
    """Return ready drafts of so many companies."""
    drafts = []
    for company in CompanyFactory.create_batch(count):
        draft = ApplicationFactory(company=company, notice=notice)
        drafts.append(make_ready(draft))
    return drafts


def test_fifty_submissions_each_sent_twice_give_fifty_gapless_receipts():
    """S55, issue A 6.4: 50 applications, distinct gapless receipt numbers, one mail each."""
    home()
    legal_texts_in_force()
    notice = NoticePageFactory()
    drafts = ready_drafts(notice, COMPANIES)
    pks = [draft.pk for draft in drafts] * 2

    def send(pk):
        return hand_in(Application.objects.get(pk=pk)).receipt_number

    numbers = at_once(send, pks)

    expected = [f"{notice.code}-R{number:04d}" for number in range(1, COMPANIES + 1)]
    assert sorted(set(numbers)) == expected
    assert numbers[:COMPANIES] == numbers[COMPANIES:]
    assert Application.objects.filter(state=ApplicationState.SUBMITTED).count() == COMPANIES
    assert ReceiptCounter.objects.get(notice=notice).last_number == COMPANIES
    assert OutboxMail.objects.filter(kind="application_receipt").count() == COMPANIES


def test_a_start_pressed_by_many_makes_one_draft():
    """S55: one live application per company, notice and round, by constraint."""
    home()
    notice = NoticePageFactory()
    company = CompanyFactory()
    person = master_of(company)

    def start(_):
        draft = start_application(notice=notice, company=company, by=person, at=timezone.now())
        return draft.pk

    keys = at_once(start, range(8), workers=8)

    assert len(set(keys)) == 1
    assert ApplicationEvent.objects.count() == 1


def test_of_many_officers_one_moves_and_the_others_are_told():
    """S65, security.md 2, row 17: one transition wins, the other is told."""
    home()
    application = ApplicationFactory(submitted=True)
    officers = StaffFactory.create_batch(8, agency=application.notice.agency)

    def move(officer):
        try:
            move_application(
                application=application,
                to=ApplicationState.UNDER_CHECK,
                seen=ApplicationState.SUBMITTED,
                by=officer,
                at=timezone.now(),
            )
        except MovedMeanwhileError:
            return "told"
        return "moved"

    answers = at_once(move, officers, workers=8)

    assert sorted(answers) == ["moved"] + ["told"] * 7
    assert application.events.filter(to_state=ApplicationState.UNDER_CHECK).count() == 1


def test_the_test_database_is_a_real_one():
    """Issue A 6.4: these races run on a file or a server, never in memory."""
    assert "memory" not in str(connection.settings_dict["NAME"])
