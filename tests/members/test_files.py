"""Private files: taken in, read back, destroyed (domain.md section 1, security.md section 5)."""

import hashlib
import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404

from members.enums import AccessAction, ScanState
from members.models import AccessRecord, StoredFile
from members.services import files
from members.uploads import JOINING_FORMATS, UploadRefusedError
from members.views.downloads import private_file_response
from tests.factories import uploads as made
from tests.factories.members import CompanyFactory, MemberFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def private_root(settings):
    """Empty this worker's private storage."""
    root = Path(settings.PRIVATE_ROOT)
    shutil.rmtree(root, ignore_errors=True)
    return root


def stored_paths(root):
    return [path for path in Path(root).rglob("*") if path.is_file()]


def take_in(at, data=None, **words):
    words = {"formats": JOINING_FORMATS, "by": None, "company": None, "at": at, **words}
    return files.store_upload(upload=made.upload_of("등록증.pdf", data or made.pdf()), **words)


def age(path, hours):
    moment = path.stat().st_mtime - hours * 3600
    os.utime(path, (moment, moment))


def test_an_upload_is_kept_under_a_random_key(at, private_root):
    """security.md ASVS 5.3.2: the path holds nothing of the user's name."""
    person = MemberFactory()

    stored = take_in(at, by=person, company=person.company)

    (path,) = stored_paths(private_root)
    assert path.read_bytes() == made.pdf()
    assert "등록증" not in str(path)
    assert stored.sha256 == hashlib.sha256(made.pdf()).hexdigest()
    assert (stored.size, stored.kind, stored.display_name) == (len(made.pdf()), "pdf", "등록증.pdf")
    assert (stored.company, stored.uploaded_by, stored.created_at) == (person.company, person, at)
    assert stored.scan_state == ScanState.UNSCANNED
    assert files.read_file(stored) == made.pdf()


def test_a_refused_upload_stores_nothing(at, private_root):
    """security.md 5: on refusal nothing is stored."""
    with pytest.raises(UploadRefusedError):
        take_in(at, data=b"<html>")

    assert stored_paths(private_root) == []
    assert not StoredFile.objects.exists()


def test_a_sensitive_file_is_encrypted_at_rest(at, private_root):
    """Decision A17, domain.md 5.8: a seal certificate may show a resident number."""
    stored = take_in(at, sensitive=True)

    (path,) = stored_paths(private_root)
    assert b"Catalog" not in path.read_bytes()
    assert stored.is_encrypted
    assert stored.sha256 == hashlib.sha256(made.pdf()).hexdigest()
    assert files.read_file(stored) == made.pdf()


def test_an_encrypted_file_opens_only_for_its_own_row(at, private_root):
    """domain.md 5.8: a value is bound to its place."""
    one, other = take_in(at, sensitive=True), take_in(at, sensitive=True)
    other.content = one.content

    with pytest.raises(files.FileDamagedError):
        files.read_file(other)


def test_altered_and_lost_bytes_are_noticed(at, private_root):
    """security.md 4: every download is the file that was taken in."""
    stored = take_in(at)
    (path,) = stored_paths(private_root)
    path.write_bytes(made.pdf() + b" ")
    with pytest.raises(files.FileDamagedError):
        files.read_file(stored)

    path.unlink()
    with pytest.raises(files.FileDamagedError):
        files.read_file(stored)


def test_own_bytes_are_kept_as_they_are(at):
    """S60: a certificate's PDF bytes are stored once and hashed."""
    company = CompanyFactory()

    stored = files.store_bytes(
        data=b"%PDF-own", display_name="확인증.pdf", kind="pdf", by=None, company=company, at=at
    )

    assert files.read_file(stored) == b"%PDF-own"
    assert stored.scan_state == ScanState.CLEAN


def test_a_destroyed_file_keeps_its_row_and_loses_its_bytes(
    at, private_root, django_capture_on_commit_callbacks
):
    """security.md 1: destruction is recorded with its reason."""
    officer = StaffFactory()
    stored = take_in(at, company=CompanyFactory())

    with django_capture_on_commit_callbacks(execute=True):
        files.destroy_file(stored=stored, by=officer, reason="보존 기간 경과", at=at)

    stored.refresh_from_db()
    assert stored_paths(private_root) == []
    assert (stored.destroyed_at, stored.destroyed_reason) == (at, "보존 기간 경과")
    assert AccessRecord.objects.get().action == AccessAction.DESTROY
    with pytest.raises(Http404):
        private_file_response(stored)


def test_destroying_twice_changes_nothing(at, django_capture_on_commit_callbacks):
    """security.md 2.50: a job that runs twice."""
    stored = take_in(at)
    with django_capture_on_commit_callbacks(execute=True):
        files.destroy_file(stored=stored, by=None, reason="처음", at=at)
        files.destroy_file(stored=stored, by=None, reason="다시", at=at + timedelta(days=1))

    stored.refresh_from_db()
    assert stored.destroyed_reason == "처음"


def test_a_rolled_back_upload_leaves_an_orphan_that_is_reaped(at, private_root):
    """security.md 0.9: a reaper for orphans is a duty."""
    kept = take_in(at)
    with transaction.atomic():
        take_in(at)
        transaction.set_rollback(True)
    assert len(stored_paths(private_root)) == 2
    for path in stored_paths(private_root):
        age(path, hours=2)

    assert files.reap_orphans(at=at) == 1

    assert files.read_file(kept) == made.pdf()
    assert len(stored_paths(private_root)) == 1


def test_young_orphans_wait(at, private_root):
    """security.md 0.9: their transaction may still be open."""
    with transaction.atomic():
        take_in(at)
        transaction.set_rollback(True)

    assert files.reap_orphans(at=at) == 0


def test_bytes_of_destroyed_files_are_reaped(at, private_root):
    """security.md 1: a crash between commit and deletion leaves nothing for long."""
    stored = take_in(at)
    files.destroy_file(stored=stored, by=None, reason="탈퇴", at=at)
    for path in stored_paths(private_root):
        age(path, hours=2)

    assert files.reap_orphans(at=at) == 1


def test_an_empty_storage_has_no_orphans(at, private_root):
    """A fresh installation has no folder yet."""
    assert not private_root.exists()

    assert files.reap_orphans(at=at) == 0


def test_a_download_is_an_attachment_that_nothing_runs(at):
    """security.md ASVS 3.2.1, 5.4.1: attachment, nosniff, sandbox, no-store."""
    response = private_file_response(take_in(at))

    assert response.content == made.pdf()
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''%EB%93%B1%EB%A1%9D%EC%A6%9D.pdf"
    )
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("state", [ScanState.HELD, ScanState.INFECTED])
def test_files_under_suspicion_are_held(at, state):
    """security.md ASVS 5.4.3: scanner down means held, not served."""
    stored = take_in(at)
    stored.scan_state = state

    with pytest.raises(PermissionDenied):
        private_file_response(stored)
