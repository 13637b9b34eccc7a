"""File names: what is shown of them, and how the names inside Korean archives are read."""

import struct
import unicodedata
import zlib
from pathlib import PurePosixPath
from zipfile import ZipInfo

from members.uploads.policy import MAX_DISPLAY_NAME

UTF8_FLAG = 0x800
UNICODE_PATH_FIELD = 0x7075
EXTRA_HEADER_BYTES = 4
# Cc control, Cf format (bidi marks, zero width), Zl/Zp line and paragraph separators.
DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def clean_display_name(name: str) -> str:
    """Return a name fit for screens and download headers.

    NFC, last path part only, no control or bidirectional characters, at most 255 characters with
    the ending kept; never empty.
    """
    normal = unicodedata.normalize("NFC", name)
    kept = "".join(
        character
        for character in normal
        if unicodedata.category(character) not in DROPPED_CATEGORIES
    )
    last = kept.replace("\\", "/").rsplit("/", 1)[-1]
    tidy = " ".join(last.split()).lstrip(".")
    stem, dot, ending = tidy.rpartition(".")
    if not dot:
        return (tidy or "파일")[:MAX_DISPLAY_NAME]
    room = MAX_DISPLAY_NAME - len(ending) - 1
    if room < 1:
        return tidy[:MAX_DISPLAY_NAME]
    return f"{(stem or '파일')[:room]}.{ending}"


def clean_member_name(name: str) -> str:
    """Return a zip member's name with its folders, each part fit for screens."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in {"", "."}]
    return "/".join(clean_display_name(part) for part in parts)


def extension_of(name: str) -> str:
    """Return the ending in lower case without its dot."""
    return PurePosixPath(name).suffix.removeprefix(".").lower()


def has_hangul(text: str) -> bool:
    """Tell whether a text holds a Hangul syllable or letter."""
    return any(
        "가" <= character <= "힣" or "ᄀ" <= character <= "ᇿ" or "ㄱ" <= character <= "ㆎ"
        for character in text
    )


def decode_member_name(info: ZipInfo) -> str:
    """Return the name of one member of a zip, in NFC (data.md section 4).

    Bit 11 → UTF-8; else the Unicode path field; else UTF-8 only if Hangul results; else cp949;
    else as Python read it.
    """
    name = info.orig_filename
    if not info.flag_bits & UTF8_FLAG:
        raw = name.encode("cp437")
        name = _unicode_path(info.extra, raw) or _guess(raw) or name
    return unicodedata.normalize("NFC", name)


def _guess(raw: bytes) -> str | None:
    """Return the name in UTF-8 if that makes Hangul, else in cp949, else None."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if text and (text.isascii() or has_hangul(unicodedata.normalize("NFC", text))):
        return text
    try:
        return raw.decode("cp949")
    except UnicodeDecodeError:
        return None


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    """Return the name in Info-ZIP's Unicode path field when it belongs to this very name."""
    while len(extra) >= EXTRA_HEADER_BYTES:
        field, length = struct.unpack_from("<HH", extra)
        body = extra[EXTRA_HEADER_BYTES : EXTRA_HEADER_BYTES + length]
        if field == UNICODE_PATH_FIELD and len(body) > 5 and body[0] == 1:
            (checksum,) = struct.unpack_from("<I", body, 1)
            if checksum == zlib.crc32(raw):
                try:
                    return body[5:].decode("utf-8")
                except UnicodeDecodeError:
                    return None
        extra = extra[EXTRA_HEADER_BYTES + length :]
    return None
