"""Answers of the API: public ones may be stored and compared, an agency's own ones never."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from members.formatting import in_seoul

JSON = "application/json; charset=utf-8"
PUBLIC = "public, max-age=60"


def moment(value: datetime | None) -> str | None:
    """Write a moment as Seoul reads it, to the second: 2026-03-11T18:00:00+09:00."""
    return None if value is None else in_seoul(value).isoformat(timespec="seconds")


def as_json(data: Any) -> bytes:
    return json.dumps(
        data, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":")
    ).encode()


def public_answer(
    request: HttpRequest, data: Any, *, changed_at: datetime | None = None
) -> HttpResponse:
    """Return published data with its ETag; 304 where the caller has it already.

    `changed_at` becomes Last-Modified: of a single thing only, because a list also changes by what
    leaves it.
    """
    body = as_json(data)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    seconds = int(changed_at.timestamp()) if changed_at else None
    response = HttpResponse(body, content_type=JSON)
    response["Cache-Control"] = PUBLIC
    response["ETag"] = etag
    if seconds is not None:
        response["Last-Modified"] = http_date(seconds)
    found = get_conditional_response(request, etag, seconds, response)
    if found is not None and found.status_code == 304:
        found["Cache-Control"] = PUBLIC
        return found
    return response


def own_answer(
    data: Any, *, status: int = 200, etag: str = "", headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """Return what belongs to one agency; nothing on the way may keep it."""
    response = HttpResponse(as_json(data), content_type=JSON, status=status)
    response["Cache-Control"] = "private, no-store"
    if etag:
        response["ETag"] = etag
    for name, value in (headers or {}).items():
        response[name] = value
    return response
