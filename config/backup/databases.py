"""One database file out and in: SQLite by its own backup, PostgreSQL by pg_dump and pg_restore."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.db import connection, connections

DUMP_NAMES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}


class DatabaseToolError(Exception):
    """The program of the dump is missing or failed; the text is what it said."""


def dump(folder: Path) -> Path:
    """Write a snapshot of one moment into `folder` and return its path, while others go on writing.

    Raises DatabaseToolError.
    """
    target = folder / DUMP_NAMES[connection.vendor]
    if connection.vendor == "sqlite":
        source = sqlite3.connect(f"file:{connection.settings_dict['NAME']}?mode=ro", uri=True)
        with closing(source), closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
            # A set of files must not need a journal beside it.
            copy.execute("PRAGMA journal_mode=DELETE")
    else:
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
    return target


def load(dumped: Path) -> None:
    """Put a snapshot into the empty database of the settings. Raises DatabaseToolError."""
    connections.close_all()
    if dumped.name == DUMP_NAMES["sqlite"]:
        target = Path(connection.settings_dict["NAME"])
        target.parent.mkdir(parents=True, exist_ok=True)
        for suffix in ("", "-wal", "-shm"):
            Path(f"{target}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(dumped, target)
    else:
        _run(
            "pg_restore",
            "--no-owner",
            "--no-privileges",
            "--exit-on-error",
            "--single-transaction",
            f"--dbname={connection.settings_dict['NAME']}",
            str(dumped),
        )


def is_empty() -> bool:
    """Tell whether the database of the settings holds no table of anybody."""
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        if not path.is_file() or path.stat().st_size == 0:
            return True
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)


def _run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; the password travels in the environment only."""
    given = connection.settings_dict
    environment = {
        **os.environ,
        "PGHOST": given["HOST"],
        "PGPORT": str(given["PORT"] or 5432),
        "PGUSER": given["USER"],
        "PGPASSWORD": given["PASSWORD"],
        "PGDATABASE": given["NAME"],
    }
    try:
        done = subprocess.run(  # noqa: S603  (a fixed program and the settings' own names)
            [program, *arguments], env=environment, capture_output=True, text=True
        )
    except OSError as error:
        raise DatabaseToolError(f"{program}: {error.strerror}") from error
    if done.returncode:
        raise DatabaseToolError(f"{program}: {done.stderr.strip()[-2000:]}")
