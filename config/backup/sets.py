"""A set: one folder with a snapshot of the database, every file, and a manifest of all hashes.

The snapshot comes first and the files after it: a file is written before its row commits and never
changed, so every living row of the snapshot finds its bytes. A file that is destroyed in between
is named in the manifest's ledger and destroyed again by the restore. Keys stay out of the set; its
manifest names the ids of those that it needs.
"""

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from config.backup import databases, ledger
from members.models import StoredFile
from members.services.files import FileDamagedError, read_file, stored_names

FORMAT = 1
MANIFEST = "manifest.json"
LEDGER = "ledger.jsonl"
STORES = {"private": "private", "media": "default"}
CHUNK = 1024 * 1024


class BackupError(Exception):
    """The set cannot be made or used; the text says why and what to do."""


@dataclass(frozen=True)
class Restored:
    """What a restore found: files put back, rows whose bytes agree, and the uuids that do not."""

    files: int
    checked: int
    damaged: list[str]
    replays: list[ledger.Replay]


def make_set(*, folder: Path, at: datetime, previous: Path | None = None) -> dict[str, Any]:
    """Write a whole set into the new folder `folder` and return its manifest.

    Files that `previous` holds already are linked instead of copied. The folder appears under its
    name only when everything is in it. Raises BackupError.
    """
    if folder.exists():
        raise BackupError(f"{folder} is there already.")
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True, mode=0o700)
    try:
        dumped = databases.dump(unfinished)
    except databases.DatabaseToolError as error:
        raise BackupError(str(error)) from error
    files = {
        store: _copy_out(storages[alias], unfinished / store, _linkable(previous, store))
        for store, alias in STORES.items()
    }
    ledger.write(unfinished / LEDGER)
    manifest = {
        "format": FORMAT,
        "made_at": at.isoformat(),
        "database": {"name": dumped.name, "sha256": _hash_of(dumped)},
        "ledger": _hash_of(unfinished / LEDGER),
        "keys": sorted(settings.ENCRYPTION_KEYS),
        "migrations": _migrations(),
        "files": files,
    }
    _write_last(unfinished / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    unfinished.rename(folder)
    return manifest


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a set whose every byte is what it says. Raises BackupError."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BackupError(f"{folder} holds no whole set: {MANIFEST} cannot be read.") from error
    if manifest["format"] != FORMAT:
        raise BackupError(f"The set has format {manifest['format']}, this release reads {FORMAT}.")
    promised = {manifest["database"]["name"]: manifest["database"]["sha256"]}
    promised[LEDGER] = manifest["ledger"]
    for store, files in manifest["files"].items():
        promised |= {f"{store}/{name}": sha256 for name, sha256 in files.items()}
    for name, sha256 in promised.items():
        path = folder / name
        if not path.is_file() or _hash_of(path) != sha256:
            raise BackupError(f"{name} of the set is missing or changed.")
    return manifest


def restore_set(*, folder: Path, ledger_path: Path | None = None) -> Restored:
    """Put a set into an empty database and empty stores, then compare every file with its row.

    The set's own ledger is replayed, then the newer one where it is given. Raises BackupError
    before anything is written when the place is not empty, the set is not whole, a key is missing
    or the database is of another kind.
    """
    manifest = read_manifest(folder)
    _refuse_unfit(manifest)
    try:
        databases.load(folder / manifest["database"]["name"])
    except databases.DatabaseToolError as error:
        raise BackupError(str(error)) from error
    for store, alias in STORES.items():
        for name in manifest["files"][store]:
            with (folder / store / name).open("rb") as source:
                storages[alias].save(name, File(source))
    newer = [ledger_path] if ledger_path else []
    replays = [ledger.replay(path) for path in [folder / LEDGER, *newer]]
    checked, damaged = check_files()
    return Restored(
        files=sum(len(names) for names in manifest["files"].values()),
        checked=checked,
        damaged=damaged,
        replays=replays,
    )


def check_files() -> tuple[int, list[str]]:
    """Compare every living private file with its row: how many there are, which are damaged."""
    checked, damaged = 0, []
    for stored in StoredFile.objects.filter(destroyed_at__isnull=True).order_by("pk").iterator():
        checked += 1
        try:
            read_file(stored)
        except FileDamagedError:
            damaged.append(str(stored.uuid))
    return checked, damaged


def _refuse_unfit(manifest: dict[str, Any]) -> None:
    missing = sorted(set(manifest["keys"]) - set(settings.ENCRYPTION_KEYS))
    if missing:
        raise BackupError(f"PORTAL_ENCRYPTION_KEYS lacks the keys {', '.join(missing)} of the set.")
    engine = connection.vendor
    if databases.DUMP_NAMES[engine] != manifest["database"]["name"]:
        raise BackupError(f"The set is of another kind of database than the settings ({engine}).")
    if not databases.is_empty():
        raise BackupError("The database is not empty; a set is restored into an empty place only.")
    for alias in STORES.values():
        if next(stored_names(storage=storages[alias]), None) is not None:
            raise BackupError(f"The store «{alias}» is not empty.")


def _copy_out(storage: Storage, folder: Path, earlier: Path | None) -> dict[str, str]:
    """Copy a whole store into `folder`; return the SHA-256 of each name."""
    hashes = {}
    for name in sorted(stored_names(storage=storage)):
        target = folder / PurePosixPath(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        if earlier and (earlier / name).is_file():
            # Names are random and bytes never change: the earlier set's file is this one.
            os.link(earlier / name, target)
        else:
            try:
                with storage.open(name, "rb") as source, target.open("wb") as copy:
                    shutil.copyfileobj(source, copy, CHUNK)
            except FileNotFoundError:
                target.unlink(missing_ok=True)  # destroyed since the list was read
                continue
        hashes[name] = _hash_of(target)
    return hashes


def _linkable(previous: Path | None, store: str) -> Path | None:
    """Return the folder to link from; public media may be replaced under their names."""
    return previous / store if previous and store == "private" else None


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_last(path: Path, text: str) -> None:
    """Write the file that makes the set whole, and have it on the disk before the renaming."""
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _migrations() -> list[str]:
    return sorted(
        f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()
    )
