"""The maintenance page: everybody but staff waits; the database may be away meanwhile."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

GetResponse = Callable[[HttpRequest], HttpResponse]

# Where staff come in, and what machines ask.
OPEN_PREFIXES = ("/admin/", "/login/", "/logout/", "/static/", "/healthz", "/readyz", "/metrics")
RETRY_SECONDS = 600
USUAL_TEXT = "더 나은 이용을 위해 시스템을 점검하고 있습니다."


@dataclass(frozen=True)
class Maintenance:
    """What visitors are told, and until when where that is known."""

    text: str
    until_at: datetime | None

    def retry_after(self, at: datetime) -> int:
        """Return the seconds after which it is worth asking again."""
        if self.until_at is None or self.until_at <= at:
            return RETRY_SECONDS
        return max(int((self.until_at - at).total_seconds()), 1)


def begin(*, text: str, until_at: datetime | None) -> None:
    """Shut the site for everybody but staff, on this machine."""
    state = {"text": text or USUAL_TEXT, "until": until_at.isoformat() if until_at else None}
    settings.MAINTENANCE_FILE.parent.mkdir(parents=True, exist_ok=True)
    made = settings.MAINTENANCE_FILE.with_suffix(".new")
    made.write_text(json.dumps(state, ensure_ascii=False), encoding="utf-8")
    made.replace(settings.MAINTENANCE_FILE)


def end() -> bool:
    """Open the site again; tell whether it was shut."""
    was_shut = settings.MAINTENANCE_FILE.exists()
    settings.MAINTENANCE_FILE.unlink(missing_ok=True)
    return bool(was_shut)


def present() -> Maintenance | None:
    """Return what is going on, or None; a damaged file counts as maintenance."""
    try:
        state: dict[str, Any] = json.loads(settings.MAINTENANCE_FILE.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:
        return Maintenance(USUAL_TEXT, None)
    until = state.get("until")
    return Maintenance(str(state["text"]), datetime.fromisoformat(until) if until else None)


def maintenance_gate(get_response: GetResponse) -> GetResponse:
    """Answer 503 while the site is being worked on; staff who are logged in get through."""

    def middleware(request: HttpRequest) -> HttpResponse:
        state = present()
        if state is None or request.path.startswith(OPEN_PREFIXES) or is_staff_request(request):
            return get_response(request)
        return answer(request, state)

    return middleware


def is_staff_request(request: HttpRequest) -> bool:
    """Tell whether a staff member asks; without a session cookie nobody is looked up."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    try:
        return bool(request.user.is_authenticated and request.user.is_staff_account)
    except DatabaseError:
        return False


def answer(request: HttpRequest, state: Maintenance) -> HttpResponse:
    """Return the page, or problem+json for programs."""
    if request.path.startswith("/api/"):
        problem = {"type": "about:blank", "title": "점검 중입니다.", "status": 503}
        response: HttpResponse = JsonResponse(
            {**problem, "code": "maintenance", "detail": state.text},
            status=503,
            content_type="application/problem+json",
            json_dumps_params={"ensure_ascii": False},
        )
    else:
        response = render(None, "maintenance.html", {"maintenance": state}, status=503)
    response["Retry-After"] = str(state.retry_after(timezone.now()))
    response["Cache-Control"] = "no-store"
    return response
