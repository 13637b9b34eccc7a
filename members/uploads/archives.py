"""Zip structure: the same care for archives that people make and for zip-based documents."""

import stat
import struct
import zlib
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from members.uploads.errors import ContentRefusedError
from members.uploads.policy import MIB

LOCAL_MAGIC = b"PK\x03\x04"
LOCAL_HEADER_BYTES = 30
END_MAGIC = b"PK\x05\x06"
END_BYTES = 22
END_SEARCH_BYTES = END_BYTES + 0xFFFF
# A data descriptor follows its data: signature, checksum, two sizes (8 bytes each in ZIP64).
MAX_DESCRIPTOR_BYTES = 24
# Encrypted, strongly encrypted, headers hidden.
ENCRYPTED_FLAGS = 0x1 | 0x40 | 0x2000
UTF8_FLAG = 0x800
METHODS = frozenset({ZIP_STORED, ZIP_DEFLATED})
CHUNK = 64 * 1024
READ_ERRORS = (BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, zlib.error)


def open_zip(file: BinaryIO) -> ZipFile:
    """Open a zip that begins at byte 0 and ends with its own directory, or refuse it."""
    file.seek(0)
    magic = file.read(4)
    if magic == END_MAGIC:
        raise ContentRefusedError("zip_empty")
    if magic != LOCAL_MAGIC:
        raise ContentRefusedError("type_mismatch")
    _check_end(file)
    try:
        archive = ZipFile(file)
    except (*READ_ERRORS, UnicodeDecodeError, ValueError, struct.error) as error:
        raise ContentRefusedError("damaged") from error
    _check_layout(file, archive)
    return archive


def _check_end(file: BinaryIO) -> None:
    """Refuse bytes behind the archive's end record."""
    size = file.seek(0, 2)
    start = max(0, size - END_SEARCH_BYTES)
    file.seek(start)
    tail = file.read()
    place = tail.rfind(END_MAGIC)
    if place < 0 or len(tail) - place < END_BYTES:
        raise ContentRefusedError("damaged")
    comment_length = int.from_bytes(tail[place + 20 : place + 22], "little")
    if place + END_BYTES + comment_length != len(tail):
        raise ContentRefusedError("zip_extra_data")


def _check_layout(file: BinaryIO, archive: ZipFile) -> None:
    """Refuse data before, between and overlapping members: each byte belongs to one member."""
    position = 0
    for info in sorted(archive.infolist(), key=lambda entry: entry.header_offset):
        gap = info.header_offset - position
        if gap < 0:
            raise ContentRefusedError("damaged")
        if gap > (MAX_DESCRIPTOR_BYTES if position else 0):
            raise ContentRefusedError("zip_extra_data")
        file.seek(info.header_offset)
        header = file.read(LOCAL_HEADER_BYTES)
        if len(header) < LOCAL_HEADER_BYTES or not header.startswith(LOCAL_MAGIC):
            raise ContentRefusedError("damaged")
        name_length, extra_length = struct.unpack_from("<HH", header, 26)
        _check_local(info, header, file.read(name_length))
        position = info.header_offset + LOCAL_HEADER_BYTES + name_length + extra_length
        position += info.compress_size
    if not 0 <= archive.start_dir - position <= MAX_DESCRIPTOR_BYTES:
        raise ContentRefusedError("damaged")


def _check_local(info: ZipInfo, header: bytes, name: bytes) -> None:
    """Refuse a member whose two headers disagree: programs would read two different files."""
    flags, method = struct.unpack_from("<HH", header, 6)
    listed = info.orig_filename.encode("utf-8" if info.flag_bits & UTF8_FLAG else "cp437")
    if flags & ENCRYPTED_FLAGS:
        raise ContentRefusedError("password")
    if name != listed or method != info.compress_type:
        raise ContentRefusedError("damaged")


def check_entry(info: ZipInfo, name: str) -> None:
    """Refuse an encrypted, oddly packed or not ordinary member."""
    if info.flag_bits & ENCRYPTED_FLAGS:
        raise ContentRefusedError("password", member=name)
    if info.compress_type not in METHODS:
        raise ContentRefusedError("zip_method", member=name)
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ContentRefusedError("zip_entry", member=name)


def refuse_hidden_archive(file: BinaryIO) -> None:
    """Refuse a document or picture at whose end a whole zip hangs."""
    size = file.seek(0, 2)
    file.seek(max(0, size - END_SEARCH_BYTES))
    tail = file.read()
    place = tail.rfind(END_MAGIC)
    if 0 <= place <= len(tail) - END_BYTES:
        comment_length = int.from_bytes(tail[place + 20 : place + 22], "little")
        if place + END_BYTES + comment_length == len(tail):
            raise ContentRefusedError("hidden_archive")
    file.seek(0)


class UnpackBudget:
    """How many bytes may still come out of one upload, whatever its headers claim."""

    def __init__(self, limit: int) -> None:
        self.left = limit

    def spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise ContentRefusedError("zip_size")


def unpack(archive: ZipFile, info: ZipInfo, budget: UnpackBudget) -> "SpooledTemporaryFile[bytes]":
    """Return one member unpacked into a temporary file (on disk beyond 1 MiB)."""
    target: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(max_size=MIB)  # noqa: SIM115  (the caller closes it)
    try:
        for chunk in read_chunks(archive, info, budget):
            target.write(chunk)
    except ContentRefusedError:
        target.close()
        raise
    target.seek(0)
    return target


def read_chunks(archive: ZipFile, info: ZipInfo, budget: UnpackBudget) -> Iterator[bytes]:
    """Yield a member's bytes, counting the real ones; a broken member is refused."""
    try:
        with archive.open(info) as source:
            while chunk := source.read(CHUNK):
                budget.spend(len(chunk))
                yield chunk
    except READ_ERRORS as error:
        raise ContentRefusedError("damaged") from error


def read_part(archive: ZipFile, info: ZipInfo, budget: UnpackBudget) -> bytes:
    """Return a part's bytes whole."""
    return b"".join(read_chunks(archive, info, budget))
