"""The suite's databases: made once, copied for every worker, whole again after each flush.

What a test starts from is the migrated database with the site's frame in it (home page, lists,
first texts, rights of comms and operators), as `manage.py provision_site` makes it. Migrating
takes far longer than most test files, so on SQLite both steps are kept under var/ by the hash of
what made them. A transactional test ends with a flush; the rows of the start are then put back.
"""

import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections
from django.db.backends.sqlite3.creation import DatabaseCreation
from django.test import TransactionTestCase
from django.test.utils import setup_databases, teardown_databases

from cms.services.search import rebuild_search
from cms.services.site import provision_site

ROOT = Path(settings.BASE_DIR)
ROOMS = ("certificates", "applications", "cms", "members")
TEMPLATE_DIR = ROOT / "var" / "test-databases"
KEPT_COPIES = 12
SHAPING_PACKAGES = ("Django", "wagtail", "django-tasks")


def hash_of(*parts):
    """Return a short hash over texts and files."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.read_bytes() if isinstance(part, Path) else part.encode())
    return digest.hexdigest()[:24]


def migration_hashes():
    """Return everything that shapes an empty, migrated database, by name."""
    files = [path for room in ROOMS for path in sorted((ROOT / room).glob("migrations/*.py"))]
    packages = {name: version(name) for name in SHAPING_PACKAGES}
    apps = dict.fromkeys(settings.INSTALLED_APPS, "installed")
    return {**packages, **apps, **{str(path.relative_to(ROOT)): hash_of(path) for path in files}}


def migrations_key():
    """Return one hash over `migration_hashes`."""
    return hash_of(json.dumps(migration_hashes(), sort_keys=True))


def nearest_migrated():
    """Return a kept database in which only newer migrations of ours are missing, or None."""
    wanted = migration_hashes().items()
    best, most = None, 0
    for path in TEMPLATE_DIR.glob("migrated-*.json"):
        shaped_by = json.loads(path.read_text(encoding="utf-8"))
        database = path.with_suffix(".sqlite3")
        only_migrations = all("/migrations/" in name for name, _ in wanted - shaped_by.items())
        if database.exists() and shaped_by.items() <= wanted and only_migrations:
            best, most = (database, len(shaped_by)) if len(shaped_by) > most else (best, most)
    return best


def frame_key():
    """Return a hash over the code that makes the site's frame."""
    code = [path for room in ("cms", "members") for path in sorted((ROOT / room).rglob("*.py"))]
    return hash_of(migrations_key(), *code)


def template():
    """Return the path of the SQLite file every worker copies; whoever comes first makes it."""
    TEMPLATE_DIR.mkdir(parents=True, exist_ok=True)
    path = TEMPLATE_DIR / f"frame-{frame_key()}.sqlite3"
    with (TEMPLATE_DIR / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            make_template(path)
    return path


def make_template(path):
    """Migrate a new database, unless that was done before, and set the frame up in it."""
    migrated = TEMPLATE_DIR / f"migrated-{migrations_key()}.sqlite3"
    if not migrated.exists():
        nearest = nearest_migrated()
        if nearest:
            use_copy(nearest)
        configured = setup_databases(
            verbosity=0,
            interactive=False,
            aliases=["default"],
            serialized_aliases=[],
            keepdb=nearest is not None,
        )
        keep_copy(migrated, old="migrated-*")
        shaped_by = json.dumps(migration_hashes())
        migrated.with_suffix(".json").write_text(shaped_by, encoding="utf-8")
        teardown_databases(configured, verbosity=0)
    use_copy(migrated)
    provision_site()
    keep_copy(path, old="frame-*")


def keep_copy(path, *, old):
    """Keep the test database at `path`; of the older ones only the newest few stay."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    made = path.with_suffix(f".{os.getpid()}")
    shutil.copyfile(connection.settings_dict["NAME"], made)
    made.rename(path)
    by_age = sorted(TEMPLATE_DIR.glob(f"{old}.sqlite3"), key=lambda file: file.stat().st_mtime)
    for file in by_age[:-KEPT_COPIES]:
        file.unlink(missing_ok=True)
        file.with_suffix(".json").unlink(missing_ok=True)


def use_copy(source):
    """Point the default connection at a fresh copy of a database file."""
    name = DatabaseCreation(connection)._get_test_db_name()
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    remove_database(name)
    shutil.copyfile(source, name)
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name
    connection.ensure_connection()


def remove_database(name):
    """Delete a SQLite file with its journals."""
    connections.close_all()
    for suffix in ("", "-wal", "-shm"):
        Path(f"{name}{suffix}").unlink(missing_ok=True)


class EmbeddedFoundation:
    """SQLite: the template's pages are copied over the used database."""

    def __init__(self):
        self.template = template()
        use_copy(self.template)

    def restore(self):
        connection.ensure_connection()
        with closing(sqlite3.connect(self.template)) as source:
            source.backup(connection.connection)

    def discard(self):
        remove_database(connection.settings_dict["NAME"])


class ServerFoundation:
    """PostgreSQL: the rows of the start are kept as text and loaded again."""

    def __init__(self):
        self.configured = setup_databases(
            verbosity=0, interactive=False, aliases=["default"], serialized_aliases=[]
        )
        provision_site()
        self.rows = content_types_first(connection.creation.serialize_db_to_string())

    def restore(self):
        Permission.objects.all().delete()
        ContentType.objects.all().delete()
        ContentType.objects.clear_cache()
        connection.creation.deserialize_db_from_string(self.rows)
        ContentType.objects.clear_cache()
        # The tokens lie in a column that no model knows.
        rebuild_search()

    def discard(self):
        teardown_databases(self.configured, verbosity=0)


def content_types_first(rows):
    """Reorder serialised rows: saving a page makes the content types it misses by itself."""
    return json.dumps(
        sorted(json.loads(rows), key=lambda row: row["model"] != "contenttypes.contenttype")
    )


FOUNDATION = pytest.StashKey()


@pytest.fixture(scope="session")
def django_db_setup(
    request, django_test_environment, django_db_blocker, django_db_modify_db_settings
):
    """Replace pytest-django's set-up by one that migrates once for all workers and runs."""
    with django_db_blocker.unblock():
        is_embedded = connection.vendor == "sqlite"
        foundation = EmbeddedFoundation() if is_embedded else ServerFoundation()
    request.config.stash[FOUNDATION] = foundation
    yield
    with django_db_blocker.unblock():
        foundation.discard()
    # The last test's own end comes after this: there is nothing left to restore then.
    del request.config.stash[FOUNDATION]


def skip_the_flush(test_case):
    """Stand in for the flush on SQLite, where restoring replaces every row anyway."""


def flushes(item):
    """Tell whether a test commits for real, so that its end flushes every table."""
    marker = item.get_closest_marker("django_db")
    return {"transactional_db", "live_server"} & set(item.fixturenames) or (
        marker is not None and marker.kwargs.get("transaction", False)
    )


def restore_foundation(item, blocker):
    """Give the next test the rows of the start, if `item` has flushed them away."""
    foundation = item.config.stash.get(FOUNDATION, None)
    if foundation is not None and flushes(item):
        with blocker.unblock():
            foundation.restore()
        ContentType.objects.clear_cache()


def use_quick_flush():
    """Leave Django's flush out where the whole database is copied back afterwards."""
    if "sqlite3" in settings.DATABASES["default"]["ENGINE"]:
        TransactionTestCase._fixture_teardown = skip_the_flush
