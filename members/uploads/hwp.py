"""HWP 5: an OLE file whose header names it, without password, living script or foreign program."""

import re
import struct
import zlib
from typing import BinaryIO

import olefile

from members.uploads.errors import ContentRefusedError
from members.uploads.policy import MAX_HWP_UNPACKED_BYTES, MAX_SCRIPT_BYTES

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_ERRORS = (
    OSError, ValueError, IndexError, TypeError, AttributeError, KeyError, RecursionError,
    struct.error,
)  # fmt: skip
SIGNATURE = b"HWP Document File"
HEADER_BYTES = 256
COMPRESSED = 0x1
# Password, document rights (DRM), certificate encryption, certificate rights.
LOCKED = 0x2 | 0x10 | 0x100 | 0x400
MACRO_STORAGES = frozenset({"macros", "vba", "_vba_project", "_vba_project_cur", "objectpool"})
# Objects of other programs and what runs by itself, by ending or by first bytes.
PROGRAM_ENDINGS = (
    ".ole", ".eps", ".ps", ".exe", ".dll", ".scr", ".com", ".bat", ".cmd", ".js", ".vbs", ".lnk",
    ".hta", ".jar", ".msi", ".ps1",
)  # fmt: skip
PROGRAM_STARTS = (b"MZ", b"%!PS", b"\xc5\xd0\xd3\xc6", b"\x7fELF", OLE_MAGIC, b"#!")
# What the word processor writes into every document: two names and empty functions.
COMMENT = re.compile(r"//[^\r\n]*|/\*.*?\*/", re.DOTALL)
IDLE_SCRIPT = re.compile(r"var\s+\w+\s*=\s*[\w.]+\s*;|function\s+\w+\s*\(\s*\)\s*\{\s*\}|[\s\0;]+")


def check_hwp(file: BinaryIO) -> None:
    """Refuse what is not HWP 5, needs a password, or holds a script, macro or program."""
    if file.read(len(OLE_MAGIC)) != OLE_MAGIC:
        raise ContentRefusedError("type_mismatch")
    file.seek(0)
    try:
        with olefile.OleFileIO(file.read()) as document:
            flags = _flags(document)
            _check_streams(document, is_packed=bool(flags & COMPRESSED))
    except OLE_ERRORS as error:
        raise ContentRefusedError("damaged") from error


def ole_holds(file: BinaryIO, name: str) -> bool:
    """Tell whether an OLE file has a stream of this name. Raises ContentRefusedError."""
    try:
        with olefile.OleFileIO(file.read()) as document:
            return bool(document.exists(name))
    except OLE_ERRORS as error:
        raise ContentRefusedError("damaged") from error


def is_idle_script(text: str) -> bool:
    """Tell whether a script does nothing: the empty one that the word processor writes."""
    return not IDLE_SCRIPT.sub("", COMMENT.sub("", text))


def is_program(name: str, start: bytes) -> bool:
    """Tell whether an embedded part is a program or another program's object."""
    return name.lower().endswith(PROGRAM_ENDINGS) or start.startswith(PROGRAM_STARTS)


def _flags(document: "olefile.OleFileIO") -> int:
    """Return the header's flags, or refuse a file that is no HWP 5 or is locked."""
    if not document.exists("FileHeader"):
        raise ContentRefusedError("type_mismatch")
    with document.openstream("FileHeader") as stream:
        header = stream.read(HEADER_BYTES)
    if not header.startswith(SIGNATURE):
        raise ContentRefusedError("type_mismatch")
    if len(header) < 40 or not document.exists("DocInfo"):
        raise ContentRefusedError("damaged")
    flags = int.from_bytes(header[36:40], "little")
    if flags & LOCKED:
        raise ContentRefusedError("password")
    return flags


def _check_streams(document: "olefile.OleFileIO", *, is_packed: bool) -> None:
    """Refuse by the names of storages, and look into scripts and embedded parts."""
    left = MAX_HWP_UNPACKED_BYTES
    for path in document.listdir(streams=True, storages=True):
        if path[0].lower() in MACRO_STORAGES:
            raise ContentRefusedError("active_content")
        if len(path) < 2 or document.get_type(path) != olefile.STGTY_STREAM:
            continue
        folder = path[0].lower()
        if folder == "scripts":
            size = MAX_SCRIPT_BYTES
        elif folder == "bindata":
            size = min(64, left)
        else:
            continue
        with document.openstream(path) as stream:
            data = _opened(stream.read(), size, is_packed=is_packed)
        left -= len(data)
        # An object of another program stands behind four bytes of its length.
        if folder == "bindata" and (is_program(path[-1], data) or data[4:12] == OLE_MAGIC):
            raise ContentRefusedError("active_content")
        if path[-1].lower() == "defaultjscript" and not all(map(is_idle_script, _texts(data))):
            raise ContentRefusedError("active_content")


def _opened(data: bytes, size: int, *, is_packed: bool) -> bytes:
    """Return the first bytes of a stream; embedded parts may be packed or plain."""
    if not is_packed:
        return data[:size]
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, size)
    except zlib.error:
        return data[:size]


def _texts(data: bytes) -> list[str]:
    """Return the four texts of the script stream: each its length in characters, then UTF-16.

    A stream of another shape cannot be judged and is refused.
    """
    texts: list[str] = []
    place = 0
    while len(texts) < 4 and place + 4 <= len(data):
        (length,) = struct.unpack_from("<I", data, place)
        place += 4
        if place + 2 * length > len(data):
            raise ContentRefusedError("active_content")
        texts.append(data[place : place + 2 * length].decode("utf-16-le", errors="replace"))
        place += 2 * length
    return texts
