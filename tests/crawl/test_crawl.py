"""The canary crawl (security.md 0.3): every URL of the resolver as every role, read in full."""

import pytest

from applications.models.applications import ApplicationQuerySet
from certificates.models import CertificateQuerySet
from members.viewsets import ScopedModelAdmin
from tests.addresses import walk
from tests.crawl.canaries import MARK
from tests.crawl.crawler import OWNERS, Crawler, TokenCrawler
from tests.crawl.fillings import Filler, MissingRuleError, urls_of

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of a rendition to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

ROLES = [
    "anonymous", "member_1", "member_2", "waiting", "officer_a", "officer_b", "manager_a", "comms",
    "operator", "half_logged_in",
]  # fmt: skip


def test_every_pattern_can_be_filled(world):
    """A new screen is in the crawl from the day it has an address."""
    fillers = [Filler(world, letter=letter, company=name) for letter, name in OWNERS]

    missing = [fault for address in walk() if (fault := lack_of(address, fillers))]

    assert not missing, "\n".join(missing)


def lack_of(address, fillers):
    """Return why a pattern cannot be asked for, or None."""
    try:
        return None if list(urls_of(address, fillers)) else f"{address}: no URL"
    except MissingRuleError as error:
        return str(error)


@pytest.mark.parametrize("role", ROLES)
def test_no_role_sees_what_is_not_its_own(world, role, record_property):
    """S63: agencies and companies are apart on every screen, list, search, export and file."""
    report = Crawler(world, role).walk()

    record_property("crawl", str(report))
    print(report)  # noqa: T201  (the count is asked for in the summary)
    assert not report.faults, "\n".join(report.faults)


@pytest.mark.parametrize("letter", ["a", "b"])
def test_no_token_reaches_what_is_not_its_agencys(world, letter):
    """S63: tokens see, and change, exactly what an officer of their agency could."""
    crawler = TokenCrawler(world, letter)

    report = crawler.walk([a for a in walk() if a.route.startswith("api/v1/")])

    print(report)  # noqa: T201  (the count is asked for in the summary)
    assert not report.faults, "\n".join(report.faults)
    assert report.statuses[200] > 20


@pytest.mark.long
@pytest.mark.parametrize(
    "role",
    [pytest.param(role, marks=pytest.mark.ci if role == "officer_a" else ()) for role in ROLES],
)
def test_no_role_sees_what_is_not_its_own_thoroughly(world, role):
    """S63: the same with every owner's ids, exports, searches and an unsafe request each."""
    report = Crawler(world, role, thorough=True).walk()

    print(report)  # noqa: T201  (the count is asked for in the summary)
    assert not report.faults, "\n".join(report.faults)


def test_half_logged_in_staff_get_no_page_at_all(world):
    """S63, ASVS 6.3.3: every address leads to the code; nothing is read, nothing is done."""
    answers = set()
    crawler = Crawler(world, "half_logged_in")
    crawler.judge = lambda address, asked, response, body: answers.add(
        (response.status_code, response.headers.get("Location", "").partition("?")[0])
    )
    own = {"members:second_factor", "members:second_factor_setup"}

    crawler.walk([address for address in walk() if str(address) not in own])

    assert answers == {(302, "/login/code/")}


def test_crawl_goes_red_without_the_second_factor_gate(world, monkeypatch):
    """The witness: with the gate out, a password alone shows the agency's drafts."""
    monkeypatch.setattr("members.sessions.is_half_logged_in", lambda session, user: False)
    addresses = [address for address in walk() if address.room == "cms" or not address.is_ours]

    report = Crawler(world, "half_logged_in").walk(addresses)

    assert any("draft" in leak for leak in report.leaks)


def test_crawl_goes_red_without_the_owner_filter(world, monkeypatch):
    """The witness: with `owned_by` taken out, the crawl finds the other company's things."""
    monkeypatch.setattr(ApplicationQuerySet, "owned_by", lambda rows, company: rows.all())
    monkeypatch.setattr(CertificateQuerySet, "owned_by", lambda rows, company: rows.all())
    addresses = [address for address in walk() if address.room in {"applications", "certificates"}]

    report = Crawler(world, "member_2", thorough=True).walk(addresses)

    assert any("of member_1" in leak for leak in report.leaks)


def test_crawl_goes_red_without_the_scope_of_staff(world, monkeypatch):
    """The witness: with the one gate of the staff's lists out, an officer meets other agencies."""
    monkeypatch.setattr(ScopedModelAdmin, "scoped", lambda lists, rows, user: rows)
    addresses = [address for address in walk() if "_modeladmin_" in str(address)]

    report = Crawler(world, "officer_a").walk(addresses)

    assert report.leaks


def test_canaries_are_found_in_what_their_owner_sees(world):
    """The crawl reads what it should: owners do meet their own canaries."""
    seen = []
    crawler = Crawler(world, "member_1")
    crawler.judge = lambda address, asked, response, body: seen.append(MARK in body.lower())

    crawler.walk([address for address in walk() if address.is_ours])

    assert sum(seen) >= 3
