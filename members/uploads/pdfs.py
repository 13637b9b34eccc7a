"""PDF by what it holds: scripts, programs and attachments, also in compressed object streams.

Names may be written with escapes («/J#61vaScript») and objects may lie in compressed streams, so
neither the plain bytes nor a search for one spelling is enough. Streams of pages and pictures are
never unpacked; only object streams are, within a budget.
"""

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from members.uploads.errors import ContentRefusedError
from members.uploads.pdf_locks import unlock
from members.uploads.policy import MAX_PDF_ESCAPES, MAX_PDF_OBJECTS_BYTES, MAX_PDF_STREAMS

PDF_MAGIC = b"%PDF-"
PDF_END = b"%%EOF"
PDF_TAIL_BYTES = 2048
# How far before its `stream` a stream's own dictionary may begin.
DICTIONARY_BYTES = 4096
NAME_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
# Long enough never to come up by chance inside a picture's bytes.
ACTIVE_NAMES = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia(?:Content)?|XFA|ImportData|Rendition"
    rb"|FileAttachment)(?=[\s/(<\[>\]%]|$)"
)
SHORT_NAMES = re.compile(rb"/JS(?=[\s/(<\[>\]%]|$)")
OBJECT_MARK_BYTES = 20
STREAM = re.compile(rb"(?<!end)stream(?=\r?\n)")
OBJECT_START = re.compile(rb"(\d{1,10})\s+(\d{1,5})\s+$")
FILTERS = re.compile(rb"/Filter\s*(\[[^\]]*\]|/\w+)")
LOCK_MARK = re.compile(rb"/Encrypt(?=[\s/<])")
Opener = Callable[[bytes, int, int], bytes]


@dataclass(frozen=True)
class ObjectStream:
    """One compressed list of objects: its number, generation, dictionary and packed bytes."""

    number: int
    generation: int
    dictionary: bytes
    body: bytes


def check_pdf(file: BinaryIO) -> None:
    """Refuse what is no whole PDF, needs a password to open, or holds anything that acts."""
    data = file.read()
    if not data.startswith(PDF_MAGIC):
        raise ContentRefusedError("type_mismatch")
    end = data.rfind(PDF_END)
    if end < len(data) - PDF_TAIL_BYTES or end < 0:
        raise ContentRefusedError("damaged")
    plain = _without_escapes(data)
    if ACTIVE_NAMES.search(plain):
        raise ContentRefusedError("active_content")
    open_body = unlock(data) if LOCK_MARK.search(plain) else None
    budget = MAX_PDF_OBJECTS_BYTES
    for stream in object_streams(data):
        objects = _unpacked(stream, open_body, budget)
        budget -= len(objects)
        objects = _without_escapes(objects)
        if ACTIVE_NAMES.search(objects) or SHORT_NAMES.search(objects):
            raise ContentRefusedError("active_content")


def object_streams(data: bytes) -> Iterator[ObjectStream]:
    """Yield every stream that a reader may take objects from, whatever its /Type says."""
    place, count = 0, 0
    while found := STREAM.search(data, place):
        start = found.end() + (2 if data[found.end() : found.end() + 2] == b"\r\n" else 1)
        head = data[max(place, found.start() - DICTIONARY_BYTES) : found.start()]
        place = found.end()
        count += 1
        if count > MAX_PDF_STREAMS:
            raise ContentRefusedError("too_complex")
        begin = max(head.rfind(b"obj"), 0)
        dictionary = _without_escapes(head[begin:])
        if b"/ObjStm" not in dictionary and not (
            b"/First" in dictionary and re.search(rb"/N\s*\d", dictionary)
        ):
            continue
        end = data.find(b"endstream", start)
        body = data[start : end if end >= 0 else len(data)]
        opened = OBJECT_START.search(head[max(begin - OBJECT_MARK_BYTES, 0) : begin])
        number, generation = (int(opened[1]), int(opened[2])) if opened else (0, 0)
        yield ObjectStream(number, generation, dictionary, body)


def _unpacked(stream: ObjectStream, open_body: Opener | None, budget: int) -> bytes:
    """Return the objects' text; a filter that no writer uses here hides something."""
    body = stream.body
    if open_body is not None:
        body = open_body(_cut_to_length(stream), stream.number, stream.generation)
    named = FILTERS.search(stream.dictionary)
    names = re.findall(rb"/(\w+)", named[1]) if named else []
    if not names:
        return body
    if names not in ([b"FlateDecode"], [b"Fl"]) or b"/Predictor" in stream.dictionary:
        raise ContentRefusedError("too_complex")
    unpacker = zlib.decompressobj()
    try:
        objects = unpacker.decompress(body, budget + 1)
    except zlib.error as error:
        raise ContentRefusedError("damaged") from error
    if len(objects) > budget:
        raise ContentRefusedError("too_complex")
    return objects


def _cut_to_length(stream: ObjectStream) -> bytes:
    """Cut a locked stream to its stated length; its cipher's blocks must not carry a line end."""
    stated = re.search(rb"/Length\s+(\d{1,9})(?!\s+\d+\s+R)", stream.dictionary)
    if stated and int(stated[1]) <= len(stream.body):
        return stream.body[: int(stated[1])]
    return stream.body.rstrip(b"\r\n")


def _without_escapes(data: bytes) -> bytes:
    """Return the bytes with «#61» written as «a»."""
    if b"#" not in data:
        return data
    plain, count = NAME_ESCAPE.subn(
        lambda found: bytes.fromhex(found[1].decode()), data, count=MAX_PDF_ESCAPES + 1
    )
    if count > MAX_PDF_ESCAPES:
        raise ContentRefusedError("too_complex")
    return plain
