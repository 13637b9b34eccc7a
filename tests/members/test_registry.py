"""The tax office's register: states, its five errors, time-out and a wrong key (S28, S64)."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from members import registry
from members.enums import RegistryReason, RegistryState
from members.models import RegistryCheck
from members.services import registry_checks as services
from tests.factories.members import AgencyFactory, CompanyFactory, StaffFactory
from tests.factories.registry import (
    CLOSED,
    ERRORS,
    PAUSED,
    RUNNING,
    running_registry,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(settings):
    with running_registry(settings) as found:
        yield found


def state_of(company):
    company.refresh_from_db()
    return company.registry_state


def test_a_new_company_is_asked_about_with_its_facts(at, book):
    """S64, data.md 3.1: used at joining; opening day and representative are compared."""
    company = CompanyFactory()
    book.rows[company.business_number] = RUNNING
    book.facts[company.business_number] = (
        f"{company.founded_date:%Y%m%d}", company.representative,
    )  # fmt: skip

    assert services.check_due_companies(at=at) == 1

    check = RegistryCheck.objects.get()
    assert (check.reason, check.state, check.matches) == (
        RegistryReason.JOINING,
        RegistryState.RUNNING,
        True,
    )
    assert [path for path, _ in book.seen] == ["/v1/status", "/v1/validate"]
    assert services.check_due_companies(at=at + timedelta(days=364)) == 0


def test_a_year_later_a_closed_business_is_marked(at, book):
    """S64, data.md 3.1: yearly; closed businesses marked with their day."""
    company = CompanyFactory(registry_state=RegistryState.RUNNING, registry_checked_at=at)
    book.rows[company.business_number] = CLOSED

    services.check_due_companies(at=at + services.CHECK_AGAIN_AFTER)

    check = RegistryCheck.objects.get()
    assert state_of(company) == RegistryState.CLOSED
    assert (check.reason, check.ended_date) == (RegistryReason.YEARLY, date(2026, 3, 1))
    assert check.matches is None


def test_an_unknown_number_and_a_wrong_name_are_told_apart(at, book):
    """data.md 3.1: empty state means not registered; «확인할 수 없습니다» means no match."""
    unknown, known = CompanyFactory(), CompanyFactory()
    book.rows[known.business_number] = PAUSED

    services.check_due_companies(at=at)

    assert (state_of(unknown), state_of(known)) == (
        RegistryState.UNREGISTERED,
        RegistryState.PAUSED,
    )
    assert set(RegistryCheck.objects.values_list("matches", flat=True)) == {False}


def test_more_than_a_hundred_are_asked_in_parts(at, book):
    """data.md 3.1: at most 100 a call."""
    companies = [
        CompanyFactory.build(business_number=f"{number:010d}") for number in range(101, 252)
    ]

    answers = [
        registry.ask_states([company.business_number for company in companies[start : start + 100]])
        for start in (0, 100)
    ]

    assert [len(part) for part in answers] == [100, 51]


@pytest.mark.parametrize("word", ERRORS)
def test_its_five_errors_change_nothing(at, book, word):
    """data.md 3.1: the five errors; a fault of theirs is tried again, ours is told."""
    company = CompanyFactory()
    book.error = word
    expected = (
        registry.RegistryDownError if word == "INTERNAL_ERROR" else registry.RegistryRefusedError
    )

    with pytest.raises(expected):
        services.check_due_companies(at=at)

    assert state_of(company) == RegistryState.UNKNOWN
    assert not RegistryCheck.objects.exists()


def test_a_wrong_key_is_named_to_the_operator(settings):
    """data.md 3.1: HTTP 401 with code -4."""
    CompanyFactory()
    with running_registry(settings, key="wrong"), pytest.raises(CommandError, match="-4"):
        call_command("check_registry")


def test_a_silent_register_is_not_waited_for(at, book, monkeypatch):
    """data.md 3.1: delay; the time-out."""
    CompanyFactory()
    monkeypatch.setattr(registry, "SECONDS", 0.05)
    book.released.clear()

    with pytest.raises(registry.RegistryDownError):
        services.check_due_companies(at=at)


def test_no_number_or_name_is_logged(at, book, caplog):
    """Security: no names to logs."""
    company = CompanyFactory()
    book.error = "REQUEST_DATA_MALFORMED"

    with pytest.raises(registry.RegistryRefusedError):
        services.check_due_companies(at=at)

    assert company.business_number not in caplog.text
    assert company.representative not in caplog.text
    assert "REQUEST_DATA_MALFORMED" in caplog.text


def test_demonstration_numbers_never_leave(at, book, settings):
    """data.md 2.1: the adapter refuses to send 000 numbers out."""
    settings.ALLOW_DEMO_NUMBERS = False
    company = CompanyFactory(business_number="0000000101")

    assert services.check_due_companies(at=at) == 0
    assert (book.seen, state_of(company)) == ([], RegistryState.UNKNOWN)


def test_it_is_off_by_default(at):
    """Issue C, 2: off by default."""
    CompanyFactory()

    assert services.check_due_companies(at=at) == 0
    with pytest.raises(CommandError, match="PORTAL_NTS_SERVICE_KEY"):
        call_command("check_registry")


def test_before_a_selection_doubtful_companies_are_named(at, book, capsys):
    """S64: before selection; running ones pass, while it is down what is known counts."""
    running, closed, was_closed = (
        CompanyFactory(), CompanyFactory(), CompanyFactory(registry_state=RegistryState.CLOSED),
    )  # fmt: skip
    book.rows |= {
        running.business_number: RUNNING,
        closed.business_number: CLOSED,
        was_closed.business_number: RUNNING,
    }
    everyone = [running, closed, was_closed]

    asked = services.doubtful_before_selection(companies=everyone, at=at)
    book.error = "INTERNAL_ERROR"
    known = services.doubtful_before_selection(companies=everyone, at=at)

    assert asked == known == {closed: RegistryState.CLOSED}


def test_staff_see_changes_of_their_own_companies_only(at, book, log_in):
    """S64, S27: the screen of registry changes; an agency sees its own companies."""
    ours, theirs = AgencyFactory(), AgencyFactory()
    mine = CompanyFactory(originals_agency=ours, name="우리 기업")
    other = CompanyFactory(originals_agency=theirs, name="남의 기업")
    book.rows |= {mine.business_number: CLOSED, other.business_number: CLOSED}
    services.check_due_companies(at=at)
    officer = log_in(StaffFactory(officer=True, agency=ours))

    page = officer.get(reverse("registry-changes_modeladmin_index")).content.decode()

    assert "우리 기업" in page
    assert "남의 기업" not in page
    assert "폐업" in page
