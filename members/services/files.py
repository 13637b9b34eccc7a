"""Private files: take in, read back, destroy, and clear away what no row names."""

import hashlib
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast
from uuid import uuid4

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from members.encryption import DecryptionError, decrypt_bytes, encrypt_bytes
from members.enums import AccessAction, ScanState
from members.models import Company, StoredFile, User
from members.models.files import private_storage
from members.scanning import ScannerDownError, is_scanner_on, scan
from members.services.access_records import record_access
from members.uploads import MAX_FILE_BYTES, UploadRefusedError, clean_display_name, screen

# A transaction that is still open may have written a file whose row nobody can see yet.
ORPHAN_AGE = timedelta(hours=1)
BLOCK_BYTES = 1024 * 1024


class FileDamagedError(Exception):
    """The stored bytes are missing or are not the ones that were taken in."""


class FileDestroyedError(FileDamagedError):
    """The file was destroyed on purpose."""


def store_upload(
    *,
    upload: "UploadedFile[Any]",
    formats: Collection[str],
    by: User | None,
    company: Company | None,
    at: datetime,
    max_bytes: int = MAX_FILE_BYTES,
    sensitive: bool = False,
) -> StoredFile:
    """Screen an upload and keep it (security.md section 5); `max_bytes` counts bytes.

    The bytes are on disk before the row commits; a `sensitive` file is encrypted at rest.
    Raises `members.uploads.UploadRefusedError`; nothing is stored then.
    """
    screened = screen(upload, formats=formats, max_bytes=max_bytes)
    scan_state = _first_scan(upload)
    if scan_state == ScanState.INFECTED:
        raise UploadRefusedError("infected", file_name=screened.display_name)
    stored = StoredFile(
        scan_state=scan_state,
        uuid=uuid4(),
        sha256=screened.sha256,
        size=screened.size,
        display_name=screened.display_name,
        kind=screened.kind,
        member_names=screened.member_names,
        company=company,
        uploaded_by=by,
        created_at=at,
    )
    if sensitive:
        _attach_encrypted(stored, upload.read())
    else:
        stored.content.save("", File(upload.file), save=False)
    stored.save()
    return stored


def store_bytes(
    *,
    data: bytes,
    display_name: str,
    kind: str,
    by: User | None,
    company: Company | None,
    at: datetime,
    sensitive: bool = False,
) -> StoredFile:
    """Keep bytes that we made ourselves (a certificate's PDF, an export); they are not screened."""
    stored = StoredFile(
        uuid=uuid4(),
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        display_name=clean_display_name(display_name),
        kind=kind,
        scan_state=ScanState.CLEAN,
        company=company,
        uploaded_by=by,
        created_at=at,
    )
    if sensitive:
        _attach_encrypted(stored, data)
    else:
        stored.content.save("", ContentFile(data), save=False)
    stored.save()
    return stored


def store_path(
    *, path: Path, display_name: str, kind: str, by: User | None, at: datetime
) -> StoredFile:
    """Keep a large file that we made ourselves; a block at a time, never as a whole in memory."""
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while block := source.read(BLOCK_BYTES):
            digest.update(block)
    stored = StoredFile(
        uuid=uuid4(),
        sha256=digest.hexdigest(),
        size=path.stat().st_size,
        display_name=clean_display_name(display_name),
        kind=kind,
        scan_state=ScanState.CLEAN,
        uploaded_by=by,
        created_at=at,
    )
    with path.open("rb") as source:
        stored.content.save("", File(source), save=False)
    stored.save()
    return stored


def read_file(stored: StoredFile) -> bytes:
    """Return the plain bytes. Raises FileDamagedError when they are not those of `sha256`."""
    if stored.destroyed_at is not None:
        raise FileDestroyedError(str(stored.uuid))
    try:
        with stored.content.storage.open(stored.content.name or "", "rb") as file:
            data: bytes = file.read()
        if stored.is_encrypted:
            data = decrypt_bytes(data, context=_encryption_context(stored))
    except (OSError, DecryptionError) as error:
        raise FileDamagedError(str(stored.uuid)) from error
    if hashlib.sha256(data).hexdigest() != stored.sha256:
        raise FileDamagedError(str(stored.uuid))
    return data


@transaction.atomic
def destroy_file(*, stored: StoredFile, by: User | None, reason: str, at: datetime) -> StoredFile:
    """Destroy the bytes and keep the row as the record of it; a second call changes nothing."""
    stored = StoredFile.objects.select_for_update(of=("self",)).get(pk=stored.pk)
    if stored.destroyed_at is not None:
        return stored
    stored.destroyed_at = at
    stored.destroyed_reason = reason
    stored.save(update_fields=["destroyed_at", "destroyed_reason"])
    if by is not None:
        record_access(
            actor=by,
            action=AccessAction.DESTROY,
            subjects=[stored.company] if stored.company else [],
            what=f"파일 {stored.uuid}",
            at=at,
            address=None,
            reason=reason,
        )
    # Only after the commit: a rolled-back destruction must leave the bytes. `reap_orphans`
    # finishes what a crash in between leaves behind.
    name = stored.content.name or ""
    transaction.on_commit(lambda: private_storage().delete(name), robust=True)
    return stored


def reap_orphans(*, at: datetime) -> int:
    """Delete stored bytes that no living row names and that are older than an hour.

    They come from rolled-back transactions and killed workers (security.md section 0.9).
    Returns how many files were deleted.
    """
    storage = private_storage()
    deleted = 0
    for names in _batches(stored_names(storage=storage)):
        living = set(
            StoredFile.objects.filter(content__in=names, destroyed_at__isnull=True).values_list(
                "content", flat=True
            )
        )
        for name in names:
            if name not in living and _is_old(storage, name, at):
                storage.delete(name)
                deleted += 1
    return deleted


def scan_held_files(*, at: datetime) -> tuple[int, int]:
    """Scan what the scanner could not see when it came in, and what came before it was switched on.

    Returns how many files are clean now and how many are infected; stops quietly when the scanner
    is down, so that everything not yet seen stays held.
    """
    clean = infected = 0
    waiting = StoredFile.objects.filter(
        scan_state__in=[ScanState.HELD, ScanState.UNSCANNED], destroyed_at__isnull=True
    )
    for stored in waiting.order_by("-scan_state", "pk").iterator():
        try:
            result = scan(BytesIO(read_file(stored)))
        except ScannerDownError:
            break
        except FileDamagedError:
            continue
        state = ScanState.CLEAN if result.is_clean else ScanState.INFECTED
        # Only what nobody judged meanwhile; a second runner changes nothing.
        waiting.filter(pk=stored.pk).update(scan_state=state)
        clean, infected = clean + result.is_clean, infected + (not result.is_clean)
    return clean, infected


def _first_scan(upload: "UploadedFile[Any]") -> ScanState:
    """Return what the scanner says of an upload: held while it is down, 미검사 without one."""
    if not is_scanner_on():
        return ScanState.UNSCANNED
    try:
        result = scan(cast(BinaryIO, upload.file))
    except ScannerDownError:
        return ScanState.HELD
    return ScanState.CLEAN if result.is_clean else ScanState.INFECTED


def _attach_encrypted(stored: StoredFile, data: bytes) -> None:
    stored.is_encrypted = True
    stored.content.save("", ContentFile(seal_for(stored=stored, data=data)), save=False)


def seal_for(*, stored: StoredFile, data: bytes) -> bytes:
    """Return plain bytes encrypted under the current key, for this row alone."""
    return encrypt_bytes(data, context=_encryption_context(stored))


def _encryption_context(stored: StoredFile) -> str:
    """Bind the bytes to this row, so that another row's file does not open in its place."""
    return f"{StoredFile._meta.db_table}.content.{stored.uuid}"


def stored_names(*, storage: Storage, folder: str = "") -> Iterator[str]:
    """Yield every name in the private storage, folder by folder."""
    try:
        folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        yield str(PurePosixPath(folder, name))
    for name in folders:
        yield from stored_names(storage=storage, folder=str(PurePosixPath(folder, name)))


def _batches(names: Iterator[str], size: int = 500) -> Iterator[list[str]]:
    batch: list[str] = []
    for name in names:
        batch.append(name)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _is_old(storage: Storage, name: str, at: datetime) -> bool:
    with suppress(FileNotFoundError):
        return at - storage.get_modified_time(name) >= ORPHAN_AGE
    return False
