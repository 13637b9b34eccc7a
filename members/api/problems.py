"""Errors of the API as RFC 9457 writes them, with a Korean sentence and a code for programs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.http import JsonResponse
from ninja import Schema

from members.formatting import in_seoul
from members.services.throttle import ThrottledError

PROBLEM = "application/problem+json"
DOCUMENTATION = "/api/v1/docs"

TITLES: Mapping[int, str] = {
    400: "요청을 이해할 수 없습니다",
    401: "인증이 필요합니다",
    403: "권한이 없습니다",
    404: "찾을 수 없습니다",
    405: "쓸 수 없는 방법입니다",
    409: "지금 상태에서는 할 수 없습니다",
    412: "그사이 내용이 바뀌었습니다",
    413: "요청이 너무 큽니다",
    415: "받을 수 없는 형식입니다",
    422: "내용을 고쳐 주십시오",
    428: "필요한 조건이 빠졌습니다",
    429: "요청이 너무 많습니다",
    500: "처리하지 못했습니다",
}


class FieldFault(Schema):
    """One fault: where (dotted path into the request), what (Korean or the parser's words)."""

    field: str
    message: str


class Problem(Schema):
    """An error: `code` is stable and meant for programs, `detail` for people."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldFault] = []


class ProblemError(Exception):
    """Raised anywhere behind the API; becomes the answer. Its transaction is rolled back."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.errors, self.headers = list(errors), dict(headers or {})


def problem_of(
    status: int,
    code: str,
    detail: str,
    *,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> JsonResponse:
    """Return an error answer; it is never stored by caches."""
    body: dict[str, Any] = {
        "type": f"{DOCUMENTATION}#{code}",
        "title": TITLES.get(status, TITLES[500]),
        "status": status,
        "code": code,
        "detail": detail,
        "errors": [dict(error) for error in errors],
    }
    response = JsonResponse(
        body, status=status, content_type=PROBLEM, json_dumps_params={"ensure_ascii": False}
    )
    response["Cache-Control"] = "no-store"
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def not_there(detail: str = "찾으시는 것이 없거나 볼 수 없습니다.") -> ProblemError:
    """Return the error for what is not there, or not for this caller."""
    return ProblemError(404, "not_found", detail)


def throttled(error: ThrottledError, *, at: datetime) -> ProblemError:
    """Return the error for too many tries, with the moment from which it may be tried again."""
    again = in_seoul(error.retry_at).isoformat(timespec="seconds")
    seconds = max(1, int((error.retry_at - at).total_seconds()))
    return ProblemError(
        429,
        "too_many_requests",
        f"{again} 이후에 다시 시도해 주십시오.",
        headers={"Retry-After": str(seconds)},
    )


def documented(*statuses: int) -> dict[int, type[Problem]]:
    """Return the part of `response=` that names the errors an operation may answer with."""
    return dict.fromkeys(statuses, Problem)
