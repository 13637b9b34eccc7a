"""Backup and restore: one set, an empty place, nothing lost, nothing that comes back (drill)."""

import json
import os
import subprocess
import sys
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from certificates.services import issue_certificate
from config.backup import ledger
from members.models import StoredFile
from members.services.files import destroy_file, store_bytes
from tests.factories.applications import master_of
from tests.factories.cms import NoticePageFactory, home
from tests.factories.members import CompanyFactory

pytestmark = pytest.mark.django_db(transaction=True)

ISSUE_NEXT = """
from django.utils import timezone
from certificates.services import issue_certificate
from cms.models import NoticePage
from members.models import Company
company = Company.objects.get(name="나중기업")
notice = NoticePage.objects.get()
person = company.people.get()
issued = issue_certificate(notice=notice, company=company, by=person, at=timezone.now())
print("NEXT", issued.number)
"""
LOOK = """
import json
from members.models import StoredFile
print("LOOK", json.dumps([
    [str(row.uuid), row.sha256, row.destroyed_at is None] for row in StoredFile.objects.all()
]))
"""


@pytest.fixture
def elsewhere(tmp_path):
    """An installation of its own without anything: its environment, and a way to run commands."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")
    }
    environment |= {
        "PORTAL_VAR": str(tmp_path / "var"),
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
    }
    database = ""
    if connection.vendor == "postgresql":
        database = f"{connection.settings_dict['NAME']}_drill"
        given = connection.settings_dict
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{database}"')
            cursor.execute(f'CREATE DATABASE "{database}"')
        environment["DATABASE_URL"] = (
            f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{database}"
        )

    def run(*words):
        done = subprocess.run(  # noqa: S603  (our own command)
            [sys.executable, settings.BASE_DIR / "manage.py", *map(str, words)],
            env=environment,
            capture_output=True,
            text=True,
            cwd=tmp_path,
        )
        return done.returncode, done.stdout + done.stderr

    yield run
    if database:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{database}"')


@pytest.fixture
def world(at):
    """A notice, a company with a certificate, a sensitive file and a plain one."""
    home()
    notice = NoticePageFactory(external=True)
    first, second, later = (CompanyFactory(name=name) for name in ("가", "나", "나중기업"))
    for company in (first, second, later):
        master_of(company)
    issue_certificate(notice=notice, company=first, by=master_of(first), at=at)
    keep = {"kind": "pdf", "by": None, "company": first, "at": at}
    sensitive = store_bytes(data=b"seal" * 99, display_name="seal.pdf", sensitive=True, **keep)
    store_bytes(data=b"plain" * 99, display_name="plain.pdf", **keep)
    return notice, second, sensitive


def backed_up(tmp_path, **options):
    folder = tmp_path / options.pop("name", "set")
    call_command("backup", folder, stdout=StringIO(), **options)
    return folder


def found(pattern, text):
    return next(line.split(maxsplit=1)[1] for line in text.splitlines() if line.startswith(pattern))


def test_drill(world, elsewhere, tmp_path, at):
    """S61: after a restore every hash agrees, numbers go on, destroyed files stay destroyed."""
    notice, second, sensitive = world
    folder = backed_up(tmp_path)
    lost = issue_certificate(notice=notice, company=second, by=master_of(second), at=at)
    destroy_file(stored=sensitive, by=None, reason="확인을 마쳤습니다.", at=at)
    call_command("write_ledger", tmp_path / "ledger", stdout=StringIO())

    status, told = elsewhere("restore", folder, "--ledger", tmp_path / "ledger")

    assert status == 0, told
    assert "3 files put back, 2 compared with their rows, 0 damaged" in told
    assert "1 counters lifted, 1 files destroyed again" in told
    rows = {row[0]: row[1:] for row in json.loads(found("LOOK", elsewhere("shell", "-c", LOOK)[1]))}
    assert rows[str(sensitive.uuid)][1] is False
    assert {uuid: row[0] for uuid, row in rows.items()} == {
        str(uuid): sha256
        for uuid, sha256 in StoredFile.objects.exclude(pk=lost.pdf_id).values_list("uuid", "sha256")
    }
    next_number = found("NEXT", elsewhere("shell", "-c", ISSUE_NEXT)[1])
    assert next_number == f"{lost.number[:-4]}0003"


def restore_here(folder, **options):
    """Ask for a restore into this suite's own place, which is not empty."""
    call_command("restore", folder, stdout=StringIO(), **options)


def test_restore_refuses_a_place_that_is_not_empty(world, tmp_path):
    """Nothing that is there already is written over."""
    folder = backed_up(tmp_path)

    with pytest.raises(CommandError, match="not empty"):
        restore_here(folder)


def test_restore_refuses_a_changed_set(world, tmp_path):
    """One byte of one file is enough."""
    folder = backed_up(tmp_path)
    file = next(path for path in (folder / "private").rglob("*") if path.is_file())
    file.write_bytes(file.read_bytes()[:-1] + b"?")

    with pytest.raises(CommandError, match="missing or changed"):
        restore_here(folder)


def test_restore_refuses_a_set_without_its_keys(world, tmp_path):
    """A set that could not be read afterwards is refused before anything is written."""
    folder = backed_up(tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["keys"].append("lost-key")
    (folder / "manifest.json").write_text(json.dumps(manifest))

    with pytest.raises(CommandError, match="lost-key"):
        restore_here(folder)


def test_unfinished_set_is_no_set(world, tmp_path):
    """A backup that was cut off leaves a folder that no restore takes."""
    folder = backed_up(tmp_path)
    (folder / "manifest.json").unlink()

    with pytest.raises(CommandError, match="no whole set"):
        restore_here(folder)


def test_backup_holds_no_secret(world, tmp_path):
    """Keys stay apart: none of them is in any file of the set."""
    folder = backed_up(tmp_path)

    secrets = [*settings.ENCRYPTION_KEYS.values(), settings.SECRET_KEY]
    text = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert not [secret for secret in secrets if secret.encode() in text]


def test_backup_links_what_the_last_one_holds(world, tmp_path):
    """A second set takes no room for the files of the first."""
    first = backed_up(tmp_path)
    second = backed_up(tmp_path, name="second", previous=first)

    links = [path.stat().st_nlink for path in (second / "private").rglob("*") if path.is_file()]
    assert links == [2, 2, 2]


def test_backup_never_writes_over_a_set(world, tmp_path):
    """The folder of a set is new."""
    backed_up(tmp_path)

    with pytest.raises(CommandError, match="already"):
        backed_up(tmp_path)


@pytest.mark.parametrize(
    ("line", "told"),
    [("no JSON", "Line 1 is not an entry"), ('{"kind": "counter"}', "Line 1 lacks")],
)
def test_ledger_names_its_bad_line(line, told, tmp_path):
    """A broken ledger changes nothing and says where it is broken."""
    path = tmp_path / "ledger"
    path.write_text(f"{line}\n", encoding="utf-8")

    with pytest.raises(ledger.LedgerError, match=told):
        ledger.replay(path)
