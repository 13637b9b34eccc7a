"""The scanner port: off by default, refused when infected, held while it is down."""

import threading
from io import BytesIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from members import scanning
from members.enums import PaperSlot, ScanState
from members.models import Paper, StoredFile
from members.services import files
from members.services.papers import store_proof
from members.uploads import JOINING_FORMATS, UploadRefusedError
from tests.factories import uploads as made
from tests.factories.members import AgencyFactory, MemberFactory, StaffFactory
from tests.factories.scanner import SIGNATURE, running_scanner, scanner_down

pytestmark = pytest.mark.django_db


def take_in(at, data=None, **words):
    words = {"formats": JOINING_FORMATS, "by": None, "company": None, "at": at, **words}
    return files.store_upload(upload=made.upload_of("등록증.pdf", data or made.pdf()), **words)


def test_the_whole_file_is_sent_and_a_clean_one_is_taken(at, settings):
    """S36, security.md 5: the scanner is a port; the real protocol is spoken."""
    data = made.pdf(b"x" * 200_000)

    with running_scanner(settings) as seen:
        stored = take_in(at, data)

    assert seen == [data]
    assert stored.scan_state == ScanState.CLEAN
    assert files.read_file(stored) == data


def test_an_infected_file_is_refused_and_not_kept(at, settings):
    """S36, security.md 2.28: EICAR is refused."""
    with running_scanner(settings), pytest.raises(UploadRefusedError) as caught:
        take_in(at, made.pdf(SIGNATURE))

    assert caught.value.code == "infected"
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("answer", [b"", b"stream: INSTREAM size limit exceeded. ERROR\0", b"OK"])
def test_an_odd_answer_holds_the_file(at, settings, answer):
    """S36, security.md 2.28: never fail open."""
    with running_scanner(settings, lambda body: answer):
        assert take_in(at).scan_state == ScanState.HELD


def test_a_stalled_scanner_is_not_waited_for(at, settings, monkeypatch):
    """S36, security.md 2.28: scanner slow: a time limit, then held."""
    monkeypatch.setattr(scanning, "ANSWER_SECONDS", 0.01)

    released = threading.Event()
    with running_scanner(settings, lambda body: released.wait(5) and b"stream: OK\0"):
        stored = take_in(at)
        released.set()

    assert stored.scan_state == ScanState.HELD


def test_while_the_scanner_is_down_nobody_downloads(at, settings, log_in):
    """S36, security.md 2.28: down means held; the company sees it."""
    scanner_down(settings)
    desk = AgencyFactory()
    member = MemberFactory(company__originals_agency=desk)
    upload = made.upload_of("매출.pdf", made.pdf())
    paper = store_proof(
        company=member.company, slot=PaperSlot.SALES_PROOF, product=None, upload=upload,
        by=member, at=at,
    )  # fmt: skip
    officer = StaffFactory(officer=True, agency=desk)

    page = log_in(member).get(reverse("members:papers"))
    by_company = log_in(member).get(reverse("members:paper_download", args=[paper.uuid]))
    by_staff = log_in(officer).get(reverse("members_admin:paper", args=[paper.uuid]))

    assert "매출.pdf (검사 중)" in page.content.decode()
    assert (by_company.status_code, by_staff.status_code) == (403, 302)


def test_the_job_sees_to_what_was_held(at, settings, capsys):
    """S36, security.md 5: a job scans the held ones, encrypted ones by their plain bytes."""
    scanner_down(settings)
    good = take_in(at, sensitive=True)
    bad = take_in(at, made.pdf(SIGNATURE))

    with running_scanner(settings) as seen:
        call_command("scan_held_files")
        call_command("scan_held_files")

    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.scan_state, bad.scan_state) == (ScanState.CLEAN, ScanState.INFECTED)
    assert seen == [made.pdf(), made.pdf(SIGNATURE)]
    assert capsys.readouterr().out == "1 clean, 1 infected\n0 clean, 0 infected\n"


def test_the_job_leaves_all_held_while_the_scanner_stays_down(at, settings):
    """S36, security.md 5: down means held."""
    scanner_down(settings)
    stored = take_in(at)

    assert files.scan_held_files(at=at) == (0, 0)

    stored.refresh_from_db()
    assert stored.scan_state == ScanState.HELD


def test_without_a_scanner_files_carry_the_mark(at):
    """S36, security.md 5: off by default with a visible mark 미검사."""
    assert take_in(at).get_scan_state_display() == "미검사"
    with pytest.raises(CommandError):
        call_command("scan_held_files")


def test_the_socket_may_be_a_path(settings, tmp_path):
    """Operations: clamd's own socket is a path."""
    settings.CLAMAV_SOCKET = str(tmp_path / "clamd.sock")

    with pytest.raises(scanning.ScannerDownError):
        scanning.scan(BytesIO(b"x"))
    assert not Paper.objects.exists()
