"""kill -9 of a worker during submissions: what was acknowledged is stored (issue D.5.3)."""

import os
import select
import signal
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone

from applications.models import Application
from applications.services.drafts import attach_document
from members.models import OutboxMail
from members.models.files import private_storage
from members.services.files import read_file, reap_orphans
from tests.applications.conftest import confirm, hand_in, pdf
from tests.factories.applications import ApplicationFactory
from tests.factories.cms import NoticePageFactory, RequiredDocumentFactory, home
from tests.factories.members import CompanyFactory, legal_texts_in_force

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

COMPANIES = 40
LIFE = 0.5
MAX_WORKERS = 120


def drafts_of(count):
    """Return so many drafts of one notice that lack nothing but the one paper."""
    home()
    legal_texts_in_force()
    notice = NoticePageFactory()
    row = RequiredDocumentFactory(page=notice, label="사업계획서")
    drafts = [
        ApplicationFactory(company=company, notice=notice)
        for company in CompanyFactory.create_batch(count)
    ]
    for draft in drafts:
        confirm(draft)
    return drafts, row


def work(pks, row, ledger):
    """Upload and hand in whatever is still a draft, each acknowledged by a synced line."""
    for pk in pks:
        draft = Application.objects.get(pk=pk)
        if draft.is_draft and not draft.documents.current().exists():
            upload = pdf(f"{pk}.pdf")
            attach_document(
                application=draft,
                key=row.key,
                upload=upload,
                seen=None,
                by=draft.created_by,
                at=timezone.now(),
            )
        done = hand_in(Application.objects.get(pk=pk))
        ledger.write(f"{pk} {done.receipt_number} {done.content_hash}\n")
        ledger.flush()
        os.fsync(ledger.fileno())


def start_worker(pks, row, path):
    """Fork a worker with connections of its own and return its process number."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        with path.open("a", encoding="utf-8") as ledger:
            work(pks, row, ledger)
        os._exit(0)
    return child


def ends_by_itself(child, within):
    """Tell whether a worker finished in time; kill it with -9 when not."""
    handle = os.pidfd_open(child)
    try:
        ended, _, _ = select.select([handle], [], [], within)
    finally:
        os.close(handle)
    if not ended:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return bool(ended) and os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0


def stored_names():
    root = Path(private_storage().location)
    return [path for path in root.rglob("*") if path.is_file()]


def test_acknowledged_is_stored_under_kills(tmp_path):
    """S55, issue D.5.3: a worker killed every 0.5 s loses nothing it acknowledged; no orphan."""
    drafts, row = drafts_of(COMPANIES)
    pks = [draft.pk for draft in drafts]
    path = tmp_path / "acknowledged"
    path.touch()

    kills = 0
    while not ends_by_itself(start_worker(pks, row, path), LIFE + kills * 0.02):
        kills += 1
        assert kills < MAX_WORKERS

    told = {line.split()[0]: line.split()[1:] for line in path.read_text().splitlines()}
    stored = {str(app.pk): app for app in Application.objects.submitted()}
    assert kills > 0
    assert len(stored) == COMPANIES == len(told)
    for pk, (number, content_hash) in told.items():
        assert (stored[pk].receipt_number, stored[pk].content_hash) == (number, content_hash)
    numbers = sorted(app.receipt_number for app in stored.values())
    assert numbers == [f"{drafts[0].notice.code}-R{n:04d}" for n in range(1, COMPANIES + 1)]
    assert OutboxMail.objects.filter(kind="application_receipt").count() == COMPANIES
    for app in stored.values():
        document = app.documents.current().select_related("file").get()
        read_file(document.file)
        assert app.snapshot["documents"][0]["sha256"] == document.file.sha256

    reap_orphans(at=timezone.now() + timedelta(hours=2))

    assert len(stored_names()) == COMPANIES
