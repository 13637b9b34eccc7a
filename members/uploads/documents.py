"""Zip-based documents by what they hold: HWPX, DOCX, XLSX."""

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO, cast
from zipfile import ZipFile, ZipInfo

from members.uploads.archives import (
    UnpackBudget,
    check_entry,
    open_zip,
    read_chunks,
    read_part,
    unpack,
)
from members.uploads.errors import ContentRefusedError
from members.uploads.hwp import OLE_MAGIC, is_idle_script, is_program, ole_holds
from members.uploads.policy import (
    MAX_OFFICE_PARTS,
    MAX_OFFICE_RELATIONS_BYTES,
    MAX_OFFICE_UNPACKED_BYTES,
    MAX_SCRIPT_BYTES,
)

HWPX_MIMETYPE = b"application/hwp+zip"
HWPX_SCRIPT = re.compile(r"^scripts/(headerscripts|sourcescripts)$", re.IGNORECASE)
OFFICE_MAIN_PARTS = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
}
OFFICE_TYPES = "[Content_Types].xml"
# Content types of macros and of sheets that act, whatever the part is called.
ACTIVE_TYPES = re.compile(rb"macroEnabled|vbaProject|macrosheet|activeX|oleObject", re.IGNORECASE)
# What a plain letter or table never holds: macros, controls, other programs' objects.
ACTIVE_PART = re.compile(
    r"(vbaproject[^/]*\.bin|vbadata\.xml|(^|/)activex/|(^|/)embeddings/|oleobject|"
    r"(^|/)macrosheets/|^scripts/)",
    re.IGNORECASE,
)
# The table behind a chart is a document of its own and judged as one.
EMBEDDED_DOCUMENT = re.compile(r"(^|/)embeddings/[^/]+\.(docx|xlsx|pptx)$", re.IGNORECASE)
RELATION = re.compile(rb"(?:[\w.-]{1,100}:)?Relationship\b", re.IGNORECASE)
OUTSIDE = re.compile(rb"TargetMode\s*=\s*[\"']\s*External", re.IGNORECASE)
# A link waits for a click; a linked picture shows nothing but itself.
HARMLESS_OUTSIDE = re.compile(rb"Type\s*=\s*[\"'][^\"']*/(?:hyperlink|image)[\"']", re.IGNORECASE)
HWPX_ITEM = re.compile(rb"(?:[\w.-]{1,100}:)?item\b")
HWPX_OUTSIDE = re.compile(rb"\bhref\s*=\s*[\"'](?:\w{2,20}:|\\\\|//)", re.IGNORECASE)
XML_ENDINGS = (".xml", ".hpf", ".vml", ".rels", ".rdf")
DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# Fields that run another program when the document opens.
RUNS_PROGRAM = re.compile(rb"DDEAUTO|ddeLink\b")
LONGEST_MARK = 32


def check_hwpx(file: BinaryIO) -> None:
    """Refuse what is not HWPX: first part `mimetype`, stored, with its own word in it."""
    with open_zip(file) as archive:
        budget = UnpackBudget(MAX_OFFICE_UNPACKED_BYTES)
        parts = _parts(archive)
        first = archive.infolist()[0]
        if (
            first.filename != "mimetype"
            or read_part(archive, first, budget).strip() != HWPX_MIMETYPE
        ):
            raise ContentRefusedError("type_mismatch")
        if "Contents/content.hpf" not in parts:
            raise ContentRefusedError("damaged")
        if b"encryption-data" in _read(archive, parts, "META-INF/manifest.xml", budget):
            raise ContentRefusedError("password")
        listing = _as_utf8(_read(archive, parts, "Contents/content.hpf", budget))
        if any(HWPX_OUTSIDE.search(item) for item in _tags(listing, HWPX_ITEM)):
            raise ContentRefusedError("external_content")
        for info in archive.infolist():
            if HWPX_SCRIPT.search(info.filename):
                _check_script(archive, info, budget)
            else:
                _check_part(archive, info, budget)


def check_office(file: BinaryIO, kind: str, *, may_embed: bool = True) -> None:
    """Refuse what is not DOCX or XLSX, has a password, macros, programs or outside templates.

    `may_embed`: whether tables and letters may lie inside, as they do behind charts.
    """
    if file.read(len(OLE_MAGIC)) == OLE_MAGIC:
        file.seek(0)
        is_locked = ole_holds(file, "EncryptedPackage")
        raise ContentRefusedError("password" if is_locked else "type_mismatch")
    with open_zip(file) as archive:
        budget = UnpackBudget(MAX_OFFICE_UNPACKED_BYTES)
        parts = _parts(archive)
        if OFFICE_TYPES not in parts or OFFICE_MAIN_PARTS[kind] not in parts:
            raise ContentRefusedError("type_mismatch")
        if ACTIVE_TYPES.search(_as_utf8(_read(archive, parts, OFFICE_TYPES, budget))):
            raise ContentRefusedError("active_content")
        for info in archive.infolist():
            embedded = EMBEDDED_DOCUMENT.search(info.filename)
            if embedded and may_embed:
                with unpack(archive, info, budget) as inner:
                    check_office(cast(BinaryIO, inner), embedded[2].lower(), may_embed=False)
            else:
                _check_part(archive, info, budget)


def _parts(archive: ZipFile) -> dict[str, ZipInfo]:
    """Return the parts by name after the checks that need no unpacking."""
    entries = archive.infolist()
    if not entries:
        raise ContentRefusedError("damaged")
    if len(entries) > MAX_OFFICE_PARTS:
        raise ContentRefusedError("zip_members")
    for info in entries:
        check_entry(info, "")
    if sum(info.file_size for info in entries) > MAX_OFFICE_UNPACKED_BYTES:
        raise ContentRefusedError("zip_size")
    parts = {info.filename: info for info in entries}
    if len({name.lower() for name in parts}) != len(entries):
        raise ContentRefusedError("zip_duplicate")
    return parts


def _read(archive: ZipFile, parts: dict[str, ZipInfo], name: str, budget: UnpackBudget) -> bytes:
    """Return one of the small parts that are judged whole, or nothing."""
    if name not in parts:
        return b""
    if parts[name].file_size > MAX_OFFICE_RELATIONS_BYTES:
        raise ContentRefusedError("too_complex")
    return read_part(archive, parts[name], budget)


def _check_part(archive: ZipFile, info: ZipInfo, budget: UnpackBudget) -> None:
    """Read a part once (its bytes are counted) and look for what a document must not hold."""
    name = info.filename
    if ACTIVE_PART.search(name):
        raise ContentRefusedError("active_content")
    if name.endswith(".rels"):
        _check_relations(archive, info, budget)
    else:
        chunks = read_chunks(archive, info, budget)
        _check_stream(name, chunks, is_xml=name.lower().endswith(XML_ENDINGS))


def _check_script(archive: ZipFile, info: ZipInfo, budget: UnpackBudget) -> None:
    """Refuse an HWPX script that does anything."""
    if info.file_size > MAX_SCRIPT_BYTES:
        raise ContentRefusedError("active_content")
    text = _as_utf8(read_part(archive, info, budget)).decode(errors="replace")
    if not is_idle_script(text):
        raise ContentRefusedError("active_content")


def _check_relations(archive: ZipFile, info: ZipInfo, budget: UnpackBudget) -> None:
    """Refuse relations that fetch a template, a frame or an object from elsewhere."""
    if info.file_size > MAX_OFFICE_RELATIONS_BYTES:
        raise ContentRefusedError("too_complex")
    data = _as_utf8(read_part(archive, info, budget))
    if DOCTYPE.search(data):
        raise ContentRefusedError("active_content")
    for relation in _tags(data, RELATION):
        if OUTSIDE.search(relation) and not HARMLESS_OUTSIDE.search(relation):
            raise ContentRefusedError("external_content")


def _tags(data: bytes, name: "re.Pattern[bytes]") -> Iterator[bytes]:
    """Yield the tags of one name; each byte is read once, whatever stands there."""
    for part in data.split(b"<"):
        if name.match(part):
            yield part.partition(b">")[0]


def _check_stream(name: str, chunks: Iterable[bytes], *, is_xml: bool) -> None:
    """Read a part through without keeping it; no XML of ours may define a document type."""
    tail, is_first = b"", True
    for chunk in chunks:
        if is_first and is_program(name, chunk):
            raise ContentRefusedError("active_content")
        is_first = False
        if is_xml:
            # Every character of these marks is ASCII, so UTF-16 is found without its zero bytes.
            text = tail + chunk
            if b"\0" in text:
                text = text.replace(b"\0", b"")
            if (b"<!" in text and DOCTYPE.search(text)) or RUNS_PROGRAM.search(text):
                raise ContentRefusedError("active_content")
            tail = text[-LONGEST_MARK:]


def _as_utf8(data: bytes) -> bytes:
    """Return XML that may be written in UTF-16 as UTF-8."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace").encode()
    if b"\0" in data[:4]:
        order = "le" if data[:1] != b"\0" else "be"
        return data.decode(f"utf-16-{order}", errors="replace").encode()
    return data
