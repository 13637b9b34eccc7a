"""kill -9 in the middle of an issue: the number is kept, or was never given (security.md row 6)."""

import os
import signal
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from certificates import papers, services
from certificates.models import Certificate, IssueCounter
from certificates.services import issue as issuing
from members.models import StoredFile
from members.models.files import private_storage
from members.services.files import read_file, reap_orphans
from tests.factories.applications import master_of
from tests.factories.cms import NoticePageFactory, home
from tests.factories.members import CompanyFactory

pytestmark = pytest.mark.django_db(transaction=True)

# Where the process dies, and whether the number was committed by then.
POINTS = {
    "row written, not committed": (issuing, "_create", False),
    "number committed": (issuing, "ensure_paper", True),
    "paper rendered": (papers, "render_certificate", True),
    "bytes stored, not attached": (papers, "store_bytes", True),
    "paper attached": (issuing, "make_paper", True),
}


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def issue(notice, person):
    return services.issue_certificate(
        notice=notice, company=person.company, by=person, at=timezone.now()
    )


def issue_and_die(notice, person, module, name):
    """Issue in a process of its own that is killed right after one step."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        step = getattr(module, name)

        def step_and_die(*args, **kwargs):
            if name != "ensure_paper":
                step(*args, **kwargs)
            die()

        setattr(module, name, step_and_die)
        issue(notice, person)
        os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL


def stored_names():
    folders = private_storage()
    found = []
    for root, _, names in os.walk(folders.location):
        found += [f"{root}/{name}" for name in names]
    return found


@pytest.mark.parametrize("point", POINTS)
def test_number_survives_a_kill_and_its_paper_is_made_later(point):
    """S61: kill -9 at five points: one number, one paper under it, no number lost or doubled."""
    module, name, is_numbered = POINTS[point]
    home()
    notice, person = NoticePageFactory(external=True), master_of(CompanyFactory())

    issue_and_die(notice, person, module, name)
    numbers = list(Certificate.objects.values_list("number", flat=True))
    services.make_missing_papers(at=timezone.now())
    certificate = issue(notice, person)

    assert len(numbers) == is_numbered
    assert certificate.number.endswith(f"{notice.code}-0001")
    assert numbers in ([], [certificate.number])
    assert IssueCounter.objects.get().last_number == 1
    assert read_file(certificate.pdf).startswith(b"%PDF")
    assert StoredFile.objects.count() == 1


def test_bytes_that_no_row_names_are_cleared_away():
    """S61: security.md 0.9: a killed worker's bytes stay for the reaper only."""
    home()
    notice, person = NoticePageFactory(external=True), master_of(CompanyFactory())
    issue_and_die(notice, person, papers, "store_bytes")
    certificate = issue(notice, person)

    cleared = reap_orphans(at=timezone.now() + timedelta(hours=2))

    assert cleared == 1
    assert len(stored_names()) == 1
    assert read_file(certificate.pdf).startswith(b"%PDF")
