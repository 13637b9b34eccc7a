"""Many at once, on a real database: threads with connections of their own."""

import inspect
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from certificates import services
from certificates.models import Certificate, IssueCounter
from certificates.services import issue as issuing
from members.models import StoredFile
from members.services.files import read_file
from tests.factories.applications import master_of
from tests.factories.certificates import CertificateFactory
from tests.factories.cms import NoticePageFactory, home
from tests.factories.members import CompanyFactory, StaffFactory

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


def test_fifty_issues_each_asked_twice_give_fifty_gapless_numbers():
    """S61, issue A 6.4: distinct gapless numbers, one paper each, the same to both askers."""
    home()
    notice, at = NoticePageFactory(external=True), timezone.now()
    people = [master_of(company) for company in CompanyFactory.create_batch(COMPANIES)]

    def issue(person):
        return services.issue_certificate(
            notice=notice, company=person.company, by=person, at=at
        ).number

    numbers = at_once(issue, people * 2)

    year = timezone.localtime(at).year
    expected = [f"{year}-{notice.code}-{order:04d}" for order in range(1, COMPANIES + 1)]
    assert sorted(set(numbers)) == expected
    assert numbers[:COMPANIES] == numbers[COMPANIES:]
    assert IssueCounter.objects.get(notice=notice).last_number == COMPANIES
    papers = [certificate.pdf for certificate in Certificate.objects.select_related("pdf")]
    assert all(read_file(paper).startswith(b"%PDF") for paper in papers)
    assert StoredFile.objects.count() == COMPANIES


def test_without_the_lock_two_would_get_one_number(monkeypatch):
    """S61: the witness: read the counter outside any lock, and the race is lost at once."""
    home()
    notice, at = NoticePageFactory(external=True), timezone.now()
    IssueCounter.objects.create(notice=notice, year=timezone.localtime(at).year)
    people = [master_of(company) for company in CompanyFactory.create_batch(2)]
    both_have_read = Barrier(2, timeout=60)

    def read_unlocked(*, notice, at):
        counter = IssueCounter.objects.get(notice=notice)
        both_have_read.wait()
        return counter

    monkeypatch.setattr(issuing, "lock_intake", lambda notice: notice)
    monkeypatch.setattr(issuing, "_lock_counter", read_unlocked)
    monkeypatch.setattr(issuing, "_number_once", inspect.unwrap(issuing._number_once))

    def issue(person):
        try:
            services.issue_certificate(notice=notice, company=person.company, by=person, at=at)
        except IntegrityError:
            return "lost"
        return "won"

    assert sorted(at_once(issue, people, workers=2)) == ["lost", "won"]


def test_the_counter_is_read_under_a_lock():
    """S61: FOR UPDATE where rows can be locked, else a transaction that locks from its start."""
    home()
    notice, person = NoticePageFactory(external=True), master_of(CompanyFactory())

    with CaptureQueriesContext(connection) as asked:
        services.issue_certificate(
            notice=notice, company=person.company, by=person, at=timezone.now()
        )

    said = [query["sql"] for query in asked]
    if connection.features.has_select_for_update:
        assert any("issuecounter" in sql and "FOR UPDATE" in sql for sql in said)
    else:
        begun = next(place for place, sql in enumerate(said) if sql.startswith("BEGIN IMMEDIATE"))
        assert begun < next(place for place, sql in enumerate(said) if "issuecounter" in sql)


def test_one_company_at_the_turn_of_the_year_gets_one_certificate():
    """S61: two counters, one company: one valid certificate."""
    home()
    opened = datetime(2026, 1, 1, tzinfo=UTC)
    notice = NoticePageFactory(external=True, rolling=True, intake_opens_at=opened)
    person = master_of(CompanyFactory())
    turn = datetime(2026, 12, 31, 15, 0, tzinfo=UTC)
    moments = [turn - timedelta(microseconds=1), turn] * 4

    def issue(at):
        return services.issue_certificate(
            notice=notice, company=person.company, by=person, at=at
        ).pk

    assert len(set(at_once(issue, moments, workers=8))) == 1
    assert sum(IssueCounter.objects.values_list("last_number", flat=True)) == 1


def test_many_makers_of_one_paper_store_one_file():
    """S61: the paper is made once; later makers find the first one's bytes."""
    home()
    certificate = CertificateFactory(without_paper=True, pdf_sha256="")

    def make(_):
        row = Certificate.objects.select_related("notice", "paper").get(pk=certificate.pk)
        return services.ensure_paper(certificate=row, at=timezone.now()).pdf_sha256

    assert len(set(at_once(make, range(8), workers=8))) == 1
    assert StoredFile.objects.count() == 1


def test_of_many_officers_one_revokes():
    """S61, security.md 2, row 17: one revocation wins, the others are told."""
    home()
    certificate = CertificateFactory()
    officers = StaffFactory.create_batch(6, agency=certificate.notice.agency)

    def revoke(officer):
        try:
            services.revoke_certificate(
                certificate=certificate, reason="오류", by=officer, at=timezone.now()
            )
        except services.RevokeRefusedError:
            return False
        return True

    assert sum(at_once(revoke, officers, workers=6)) == 1


def test_reissue_and_revoke_at_once_end_it_once():
    """S61: a certificate ends once, whoever is first."""
    home()
    certificate = CertificateFactory()
    officer = StaffFactory(agency=certificate.notice.agency)
    company = certificate.company
    company.name = "새이름"
    company.save()

    def end(way):
        at = timezone.now()
        try:
            if way == "revoke":
                services.revoke_certificate(
                    certificate=certificate, reason="오류", by=officer, at=at
                )
            else:
                services.reissue_certificate(
                    certificate=certificate, reason="상호", by=certificate.issued_by, at=at
                )
        except (services.RevokeRefusedError, services.IssueRefusedError):
            return ""
        return way

    winners = [way for way in at_once(end, ["revoke", "reissue"] * 3, workers=6) if way]

    assert len(winners) == 1
    assert Certificate.objects.valid().count() == (1 if winners == ["reissue"] else 0)
