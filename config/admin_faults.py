"""What Wagtail's own forms stumble over, told in plain Korean instead of as an error of ours."""

import logging
from collections.abc import Callable

from django.db import connection, transaction
from django.db.models import ProtectedError, RestrictedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.datastructures import MultiValueDictKeyError

from config.middleware import ADMIN_PREFIX, SAFE_METHODS

logger = logging.getLogger(__name__)

IN_USE = (
    "다른 곳에서 쓰고 있어 지울 수 없습니다",
    "공고나 안내에서 먼저 빼고 다시 지워 주십시오. 지우려던 것은 그대로 남아 있습니다.",
)
INCOMPLETE = (
    "보낸 내용이 온전하지 않습니다",
    "앞 화면으로 돌아가 새로 고친 뒤 다시 시도해 주십시오. 바뀐 것은 없습니다.",
)


class AdminFaultMiddleware:
    """Answer 409 where something in use is deleted, 400 where a form of Wagtail's came empty."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not request.path.startswith(ADMIN_PREFIX) or request.method in SAFE_METHODS:
            return None
        if isinstance(exception, (ProtectedError, RestrictedError)):
            return fault(IN_USE, status=409)
        if isinstance(exception, MultiValueDictKeyError) or is_empty(request):
            logger.warning("incomplete form at %s: %r", request.path, exception)
            return fault(INCOMPLETE, status=400)
        return None


def is_empty(request: HttpRequest) -> bool:
    """Tell whether nothing was sent but the token against forged requests."""
    return not request.FILES and not set(request.POST) - {"csrfmiddlewaretoken"}


def fault(words: tuple[str, str], *, status: int) -> HttpResponse:
    """Say what happened; nothing of the request is kept, and the page needs no database."""
    if connection.in_atomic_block:
        transaction.set_rollback(True)
    title, advice = words
    context = {"title": title, "advice": advice, "status": status}
    return render(None, "admin_fault.html", context, status=status)
