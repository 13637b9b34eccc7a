"""Slow work behind a bundle: read every paper, write ZIP parts, keep them."""

import re
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction

from applications.enums import BundleState
from applications.models import BundlePart, PaperBundle, SubmittedDocument
from members.enums import ScanState
from members.services.files import FileDamagedError, read_file, store_path

MAX_PART_BYTES = 500 * 1024 * 1024
KEPT_FOR = timedelta(hours=24)
MAX_NAME = 120
# What a member's name and the ZIP's own directory need beside the bytes.
OVERHEAD = 2048
NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
LEFT_OUT = "빠진 서류.txt"


def clean_name(text: str) -> str:
    """Return a text that is one plain part of a path, in composed Hangul."""
    name = NOT_IN_NAMES.sub("_", unicodedata.normalize("NFC", text)).strip(". ")
    return name[:MAX_NAME] or "_"


def papers_of(bundle: PaperBundle) -> Iterator[SubmittedDocument]:
    """Yield the current papers of every handed-in application of the notice, by receipt."""
    rows = SubmittedDocument.objects.current().filter(
        application__notice=bundle.notice,
        application__submitted_at__isnull=False,
        file__destroyed_at__isnull=True,
    )
    rows = rows.select_related("file", "application__company").defer("application__snapshot")
    yield from rows.order_by("application__receipt_number", "label", "pk").iterator(chunk_size=200)


def name_of(paper: SubmittedDocument) -> str:
    """Return a paper's path in the ZIP: receipt and company, then label and file name."""
    application = paper.application
    folder = clean_name(f"{application.receipt_number}_{application.company.name}")
    name = paper.file.display_name
    stem, dot, ending = name.rpartition(".")
    file_name = clean_name(f"{paper.label}_{stem or name}")
    return f"{folder}/{file_name}{dot}{ending if dot else ''}"


class PartWriter:
    """Writes members into ZIP parts, a new one whenever the limit would be passed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.paths: list[Path] = []
        self.archive: zipfile.ZipFile | None = None
        self.size = 0
        self.names: set[str] = set()

    def add(self, name: str, data: bytes) -> None:
        if self.archive is None or self.size + len(data) + OVERHEAD > MAX_PART_BYTES:
            self.begin()
        assert self.archive is not None  # noqa: S101  (begin made it)
        number, unique = 1, name
        while unique in self.names:
            number += 1
            stem, dot, ending = name.rpartition(".")
            unique = f"{stem}({number}){dot}{ending}"
        self.names.add(unique)
        self.archive.writestr(zipfile.ZipInfo(unique), data)
        self.size += len(data) + OVERHEAD

    def begin(self) -> None:
        self.close()
        path = self.folder / f"{len(self.paths) + 1}.zip"
        self.paths.append(path)
        self.archive = zipfile.ZipFile(path, "w", zipfile.ZIP_STORED)
        self.size, self.names = 0, set()

    def close(self) -> None:
        if self.archive is not None:
            self.archive.close()


@contextmanager
def writer() -> Iterator[PartWriter]:
    """Give a writer over a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        made = PartWriter(Path(folder))
        try:
            yield made
        finally:
            made.close()


def make_bundle(*, bundle: PaperBundle, at: datetime) -> PaperBundle:
    """Write all papers of the bundle's notice into parts and keep them for a day.

    A damaged or held file is left out and named in a text file of the last part. Doing it twice
    changes nothing.
    """
    if bundle.state != BundleState.WAITING:
        return bundle
    count, left_out = 0, []
    with writer() as parts:
        for paper in papers_of(bundle):
            if paper.file.scan_state in {ScanState.HELD, ScanState.INFECTED}:
                left_out.append(f"{name_of(paper)}: 악성코드 검사에서 보류된 파일")
                continue
            try:
                parts.add(name_of(paper), read_file(paper.file))
            except FileDamagedError:
                left_out.append(f"{name_of(paper)}: 저장된 내용이 제출 때와 다른 파일")
            else:
                count += 1
        if left_out:
            parts.add(LEFT_OUT, "\n".join(left_out).encode())
        parts.close()
        parts.archive = None
        return keep(bundle, parts.paths, count=count, at=at)


@transaction.atomic
def keep(bundle: PaperBundle, paths: list[Path], *, count: int, at: datetime) -> PaperBundle:
    """Store the finished parts and mark the bundle as ready."""
    for number, path in enumerate(paths, start=1):
        stored = store_path(
            path=path,
            display_name=f"{bundle.notice.code}_제출서류_{number}.zip",
            kind="zip",
            by=bundle.requested_by,
            at=at,
        )
        BundlePart.objects.create(bundle=bundle, number=number, file=stored)
    bundle.state, bundle.paper_count = BundleState.READY, count
    bundle.finished_at, bundle.expires_at = at, at + KEPT_FOR
    bundle.save(update_fields=["state", "paper_count", "finished_at", "expires_at"])
    return bundle
