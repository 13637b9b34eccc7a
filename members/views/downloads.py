"""The one way in which a private file leaves the house."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from members.models import StoredFile
from members.services.files import FileDestroyedError, read_file

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
POLICY = "sandbox; default-src 'none'"


def private_file_response(stored: StoredFile) -> HttpResponse:
    """Return the file as an attachment that no browser shows, runs, guesses at or keeps.

    The caller has found `stored` within what the person may see and has recorded staff access.
    Raises PermissionDenied while a file is held by the scanner or infected, Http404 after its
    destruction, FileDamagedError when the bytes are not those that were taken in.
    """
    if stored.is_withheld:
        raise PermissionDenied("악성코드 검사가 끝나지 않아 내려받을 수 없습니다.")
    try:
        data = read_file(stored)
    except FileDestroyedError as error:
        raise Http404("파기된 파일입니다.") from error
    return attachment_response(data, filename=stored.display_name, kind=stored.kind)


def attachment_response(data: bytes, *, filename: str, kind: str) -> HttpResponse:
    """Return bytes as a download under a Korean name (RFC 6266)."""
    response = HttpResponse(data, content_type=CONTENT_TYPES.get(kind, "application/octet-stream"))
    disposition = content_disposition_header(as_attachment=True, filename=filename)
    response["Content-Disposition"] = disposition or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = POLICY
    response["Cache-Control"] = "private, no-store"
    return response
