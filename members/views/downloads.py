"""The one way in which a private file leaves the house."""

import logging
import re
from collections.abc import Iterable, Iterator
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header

from members.models import StoredFile
from members.services.files import (
    BLOCK_BYTES,
    FileDamagedError,
    FileDestroyedError,
    read_file,
)

logger = logging.getLogger(__name__)

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "hwp": "application/x-hwp",
    "hwpx": "application/hwp+zip",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "zip": "application/zip",
    "csv": "text/csv; charset=utf-8",
}
Response = TypeVar("Response", bound=HttpResponseBase)
ONE_RANGE = re.compile(r"bytes=(?P<first>\d*)-(?P<last>\d*)")
POLICY = "sandbox; default-src 'none'"


def private_file_response(stored: StoredFile) -> HttpResponse:
    """Return the file as an attachment that no browser shows, runs, guesses at or keeps.

    The caller has found `stored` within what the person may see and has recorded staff access.
    Raises PermissionDenied while a file is held by the scanner or infected, Http404 after its
    destruction. Bytes that are not those that were taken in are not sent: a page says so (503).
    """
    if stored.is_withheld:
        raise PermissionDenied("악성코드 검사가 끝나지 않아 내려받을 수 없습니다.")
    try:
        data = read_file(stored)
    except FileDestroyedError as error:
        raise Http404("파기된 파일입니다.") from error
    except FileDamagedError:
        logger.exception("file %s is damaged", stored.uuid)
        return HttpResponse(render_to_string("members/file_damaged.html"), status=503)
    return attachment_response(data, filename=stored.display_name, kind=stored.kind)


def attachment_response(data: bytes, *, filename: str, kind: str) -> HttpResponse:
    """Return bytes as a download under a Korean name (RFC 6266)."""
    response = HttpResponse(data, content_type=CONTENT_TYPES.get(kind, "application/octet-stream"))
    return _as_attachment(response, filename)


def attachment_stream(
    chunks: Iterable[bytes], *, filename: str, kind: str
) -> StreamingHttpResponse:
    """Return chunks as a download; they are made while they are sent, after the view is done."""
    response = StreamingHttpResponse(
        chunks, content_type=CONTENT_TYPES.get(kind, "application/octet-stream")
    )
    return _as_attachment(response, filename)


def _as_attachment(response: Response, filename: str) -> Response:
    disposition = content_disposition_header(as_attachment=True, filename=filename)
    response["Content-Disposition"] = disposition or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = POLICY
    response["Cache-Control"] = "private, no-store"
    return response


def ranged_file_response(stored: StoredFile, *, asked: str) -> StreamingHttpResponse:
    """Return a large file of our own making, or the range of it that `asked` (Range) names.

    Only one range of bytes is given; anything else gets the whole. A range beyond the end is 416.
    """
    start, end = range_of(asked, size=stored.size)
    response = attachment_stream(
        blocks_of(stored, start, end), filename=stored.display_name, kind=stored.kind
    )
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = f'"{stored.sha256}"'
    response["Content-Length"] = str(max(end - start, 0))
    if start >= end:
        response.status_code = 416
        response["Content-Range"] = f"bytes */{stored.size}"
    elif (start, end) != (0, stored.size):
        response.status_code = 206
        response["Content-Range"] = f"bytes {start}-{end - 1}/{stored.size}"
    return response


def range_of(asked: str, *, size: int) -> tuple[int, int]:
    """Return first byte and the one after the last; the whole where nothing plain was asked."""
    found = ONE_RANGE.fullmatch(asked.strip())
    if found is None or not (found["first"] or found["last"]):
        return 0, size
    if not found["first"]:
        return max(size - int(found["last"]), 0), size
    last = int(found["last"]) + 1 if found["last"] else size
    return int(found["first"]), min(last, size)


def blocks_of(stored: StoredFile, start: int, end: int) -> Iterator[bytes]:
    """Yield the bytes of a range, a block at a time."""
    with stored.content.storage.open(stored.content.name or "", "rb") as file:
        file.seek(start)
        left = end - start
        while left > 0 and (block := file.read(min(left, BLOCK_BYTES))):
            left -= len(block)
            yield block
