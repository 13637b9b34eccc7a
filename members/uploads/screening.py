"""The one door of every upload: name, size, type by content, what lies inside."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile

from members.uploads.archives import (
    UnpackBudget,
    check_entry,
    open_zip,
    refuse_hidden_archive,
    unpack,
)
from members.uploads.documents import check_hwpx, check_office
from members.uploads.errors import ContentRefusedError, UploadRefusedError
from members.uploads.hwp import check_hwp
from members.uploads.images import SIZE_READERS, check_image
from members.uploads.names import (
    clean_display_name,
    clean_member_name,
    decode_member_name,
    extension_of,
)
from members.uploads.pdfs import check_pdf
from members.uploads.policy import (
    FORMATS,
    KIND_OF_EXTENSION,
    MAX_FILE_BYTES,
    MAX_ZIP_MEMBERS,
    MAX_ZIP_RATIO,
    MAX_ZIP_UNPACKED_BYTES,
    format_labels,
)

CHUNK = 64 * 1024
IGNORED_FOLDER = "__MACOSX/"
IGNORED_NAMES = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


@dataclass(frozen=True)
class ScreenedUpload:
    """What the screening learnt: sizes in bytes, the SHA-256 in hex, names inside a zip."""

    kind: str
    display_name: str
    size: int
    sha256: str
    member_names: list[str]


def screen(
    upload: "UploadedFile[Any]", *, formats: Collection[str], max_bytes: int = MAX_FILE_BYTES
) -> ScreenedUpload:
    """Judge one upload by its content and return what it is.

    Raises UploadRefusedError with a code and a Korean sentence that names the file, the member
    where one is to blame, and the reason. Leaves the file at its beginning.
    """
    name = clean_display_name(upload.name or "")
    try:
        kind = _kind_by_name(name, formats)
        size = upload.size or 0
        if not size:
            raise ContentRefusedError("empty")  # noqa: TRY301  (one place adds the names)
        if size > max_bytes:
            raise ContentRefusedError("too_large")  # noqa: TRY301
        file = cast(BinaryIO, upload.file)
        member_names = check_content(file, kind, formats)
        digest = _digest(file)
    except ContentRefusedError as refusal:
        raise UploadRefusedError(
            refusal.code, file_name=name, member=refusal.member, **refusal.words
        ) from refusal
    return ScreenedUpload(kind, name, size, digest, member_names)


def _kind_by_name(name: str, formats: Collection[str], *, member: str = "") -> str:
    kind = KIND_OF_EXTENSION.get(extension_of(name), "")
    if kind not in formats:
        raise ContentRefusedError("extension", member=member, formats=format_labels(formats))
    return kind


def check_content(file: BinaryIO, kind: str, formats: Collection[str]) -> list[str]:
    """Refuse content that is not `kind`; return the names inside an archive."""
    file.seek(0)
    try:
        if kind == "zip":
            return _check_archive(file, [entry for entry in formats if entry != "zip"])
        _check_single(file, kind)
    except ContentRefusedError as refusal:
        refusal.words.setdefault("label", FORMATS[kind].label)
        raise
    return []


def _check_single(file: BinaryIO, kind: str) -> None:
    if kind in SIZE_READERS:
        check_image(file, kind)
        refuse_hidden_archive(file)
    elif kind == "pdf":
        check_pdf(file)
        refuse_hidden_archive(file)
    elif kind == "hwp":
        check_hwp(file)
        refuse_hidden_archive(file)
    elif kind == "hwpx":
        check_hwpx(file)
    else:
        check_office(file, kind)


def _check_archive(file: BinaryIO, formats: Collection[str]) -> list[str]:
    """Check a zip's listing, then every member's own content; return the members' names."""
    with open_zip(file) as archive:
        entries = [(info, decode_member_name(info)) for info in archive.infolist()]
        for info, name in entries:
            check_entry(info, name)
            _check_path(name)
        if len(entries) > MAX_ZIP_MEMBERS:
            raise ContentRefusedError("zip_members")
        _check_declared_sizes([info.file_size for info, _ in entries], archive_size(file))
        wanted = [(info, name) for info, name in entries if not _is_ignored(name)]
        if not wanted:
            raise ContentRefusedError("zip_empty")
        _check_doubles([name for _, name in wanted])
        budget = UnpackBudget(MAX_ZIP_UNPACKED_BYTES)
        for info, name in wanted:
            _check_member_type(name, formats)
            with unpack(archive, info, budget) as member:
                _check_member(cast(BinaryIO, member), name, formats)
    return [clean_member_name(name) for _, name in wanted]


def archive_size(file: BinaryIO) -> int:
    """Return the length of a file in bytes."""
    return file.seek(0, 2)


def _check_declared_sizes(sizes: list[int], packed: int) -> None:
    if sum(sizes) > MAX_ZIP_UNPACKED_BYTES:
        raise ContentRefusedError("zip_size")
    if sum(sizes) > packed * MAX_ZIP_RATIO:
        raise ContentRefusedError("zip_ratio")


def _check_doubles(names: list[str]) -> None:
    seen = set()
    for name in names:
        same = name.replace("\\", "/").casefold()
        if same in seen:
            raise ContentRefusedError("zip_duplicate", member=clean_display_name(name))
        seen.add(same)


def _check_path(name: str) -> None:
    """Refuse a member that would land outside the folder it is unpacked into."""
    path = name.replace("\\", "/")
    has_drive = len(path) > 1 and path[1] == ":"
    has_control = any(ord(character) < 32 or ord(character) == 127 for character in path)
    if path.startswith("/") or has_drive or has_control or ".." in path.split("/"):
        raise ContentRefusedError("zip_path", member=clean_display_name(name))


def _is_ignored(name: str) -> bool:
    path = name.replace("\\", "/")
    last = path.rsplit("/", 1)[-1].lower()
    return path.endswith("/") or path.startswith(IGNORED_FOLDER) or last in IGNORED_NAMES


def _check_member_type(name: str, formats: Collection[str]) -> None:
    if extension_of(name) in {"zip", "7z", "rar", "alz", "egg", "tar", "gz", "tgz"}:
        raise ContentRefusedError("zip_nested", member=clean_display_name(name))
    _kind_by_name(name, formats, member=clean_display_name(name))


def _check_member(file: BinaryIO, name: str, formats: Collection[str]) -> None:
    """Judge one member as if it had been uploaded alone."""
    try:
        if not file.seek(0, 2):
            raise ContentRefusedError("empty")  # noqa: TRY301  (one place adds the name)
        check_content(file, _kind_by_name(name, formats), formats)
    except ContentRefusedError as refusal:
        refusal.member = clean_display_name(name)
        raise


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
