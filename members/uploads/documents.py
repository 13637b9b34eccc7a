"""Documents by what they hold: PDF, HWP 5, HWPX, DOCX, XLSX."""

import re
from collections.abc import Iterator
from typing import BinaryIO
from zipfile import ZipFile, ZipInfo

import olefile

from members.uploads.archives import UnpackBudget, check_entry, open_zip, read_chunks, read_part
from members.uploads.errors import ContentRefusedError
from members.uploads.policy import (
    MAX_OFFICE_PARTS,
    MAX_OFFICE_RELATIONS_BYTES,
    MAX_OFFICE_UNPACKED_BYTES,
)

PDF_MAGIC = b"%PDF-"
PDF_END = b"%%EOF"
PDF_TAIL_BYTES = 2048
PDF_ACTIONS = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles|RichMedia)[\s/(<\[]")
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HWP_SIGNATURE = b"HWP Document File"
HWP_HEADER_BYTES = 256
HWP_PASSWORD_FLAGS = 0x2 | 0x10
HWPX_MIMETYPE = b"application/hwp+zip"
OFFICE_MAIN_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
OFFICE_TYPES = "[Content_Types].xml"
# What a plain letter or table never holds: macros, controls, embedded programs.
ACTIVE_PART = re.compile(
    r"(vbaproject\.bin|vbadata\.xml|/activex/|/embeddings/|oleobject|/macrosheets/|^scripts/)",
    re.IGNORECASE,
)
EXTERNAL_TEMPLATE = re.compile(
    rb"<Relationship\b[^>]*(?:attachedTemplate|externalLinkPath|oleObject|/frame)[^>]*"
    rb"TargetMode\s*=\s*[\"']External",
    re.IGNORECASE,
)
DOCTYPE_BYTES = len(b"<!DOCTYPE")
XML_ENDINGS = (".xml", ".hpf", ".vml")
DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def check_pdf(file: BinaryIO) -> None:
    """Refuse what does not begin and end as a PDF, and plainly visible active content."""
    data = file.read()
    if not data.startswith(PDF_MAGIC):
        raise ContentRefusedError("type_mismatch")
    if PDF_END not in data[-PDF_TAIL_BYTES:]:
        raise ContentRefusedError("damaged")
    if PDF_ACTIONS.search(data):
        raise ContentRefusedError("active_content")


def check_hwp(file: BinaryIO) -> None:
    """Refuse what is not HWP 5 by its inner header, or needs a password."""
    if file.read(len(OLE_MAGIC)) != OLE_MAGIC:
        raise ContentRefusedError("type_mismatch")
    file.seek(0)
    try:
        with olefile.OleFileIO(file.read()) as document:
            if not document.exists("FileHeader"):
                raise ContentRefusedError("type_mismatch")
            with document.openstream("FileHeader") as stream:
                header = stream.read(HWP_HEADER_BYTES)
            has_body = document.exists("DocInfo")
    except (OSError, ValueError, IndexError, TypeError, AttributeError) as error:
        raise ContentRefusedError("damaged") from error
    if not header.startswith(HWP_SIGNATURE):
        raise ContentRefusedError("type_mismatch")
    if len(header) < 40 or not has_body:
        raise ContentRefusedError("damaged")
    if int.from_bytes(header[36:40], "little") & HWP_PASSWORD_FLAGS:
        raise ContentRefusedError("password")


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
        _check_parts(
            archive, budget, allowed=re.compile(r"^scripts/(headerscripts|sourcescripts)$", re.I)
        )


def check_office(file: BinaryIO, kind: str) -> None:
    """Refuse what is not DOCX or XLSX, has a password, macros, programs or outside templates."""
    if file.read(len(OLE_MAGIC)) == OLE_MAGIC:
        file.seek(0)
        raise ContentRefusedError(_code_of_ole(file))
    with open_zip(file) as archive:
        budget = UnpackBudget(MAX_OFFICE_UNPACKED_BYTES)
        parts = _parts(archive)
        if OFFICE_TYPES not in parts or OFFICE_MAIN_PARTS[kind] not in parts:
            raise ContentRefusedError("type_mismatch")
        if b"macroEnabled" in _read(archive, parts, OFFICE_TYPES, budget):
            raise ContentRefusedError("active_content")
        _check_parts(archive, budget, allowed=None)


def _code_of_ole(file: BinaryIO) -> str:
    """Tell a password-protected DOCX or XLSX (kept in an OLE wrapper) from another format."""
    try:
        with olefile.OleFileIO(file.read()) as document:
            return "password" if document.exists("EncryptedPackage") else "type_mismatch"
    except (OSError, ValueError, IndexError, TypeError, AttributeError):
        return "damaged"


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
    return {info.filename: info for info in entries}


def _read(archive: ZipFile, parts: dict[str, ZipInfo], name: str, budget: UnpackBudget) -> bytes:
    return read_part(archive, parts[name], budget) if name in parts else b""


def _check_parts(
    archive: ZipFile, budget: UnpackBudget, *, allowed: "re.Pattern[str] | None"
) -> None:
    """Read every part once (the bytes are counted) and look for what a document must not hold."""
    for info in archive.infolist():
        name = info.filename
        if ACTIVE_PART.search(name) and not (allowed and allowed.search(name)):
            raise ContentRefusedError("active_content")
        if name.endswith(".rels"):
            _check_relations(archive, info, budget)
        else:
            _check_stream(read_chunks(archive, info, budget), is_xml=name.endswith(XML_ENDINGS))


def _check_relations(archive: ZipFile, info: ZipInfo, budget: UnpackBudget) -> None:
    """Refuse relations that fetch a template, a frame or an object from elsewhere."""
    if info.file_size > MAX_OFFICE_RELATIONS_BYTES:
        raise ContentRefusedError("damaged")
    data = read_part(archive, info, budget)
    if DOCTYPE.search(data):
        raise ContentRefusedError("active_content")
    if EXTERNAL_TEMPLATE.search(data):
        raise ContentRefusedError("external_content")


def _check_stream(chunks: Iterator[bytes], *, is_xml: bool) -> None:
    """Read a part through without keeping it; no XML of ours may define a document type."""
    tail = b""
    for chunk in chunks:
        if is_xml and DOCTYPE.search(tail + chunk):
            raise ContentRefusedError("active_content")
        tail = chunk[-DOCTYPE_BYTES:]
