"""The API under /api/v1/: each room's router, mounted here (domain.md section 4).

Views of the API say for themselves who may ask; none of them looks at the browser's session.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import re_path
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from applications.api import router as applications_router
from certificates.api import own_router as own_certificates_router
from certificates.api import router as certificates_router
from cms.api import router as cms_router
from config.api_description import described
from members.api.hs import router as hs_router
from members.api.problems import ProblemError, problem_of


class PortalAPI(NinjaAPI):
    """Ninja's API whose description also says how its errors look."""

    def get_openapi_schema(self, **kwargs: Any) -> Any:
        return described(super().get_openapi_schema(**kwargs))


api = PortalAPI(
    title="수출지원사업 관리시스템 API",
    version="1",
    description="사업공고와 안내를 읽고, 기관의 시스템에서 공고와 신청을 다룹니다.",
    urls_namespace="api",
    docs_url=None,  # its page loads inline scripts, which our policy forbids
    openapi_url="/openapi.json",
)
api.add_router("", cms_router)
api.add_router("/agency/applications", applications_router)
api.add_router("/hs-codes", hs_router)
api.add_router("/certificates", certificates_router)
api.add_router("/agency/certificates", own_certificates_router)


@api.exception_handler(ProblemError)
def tell_problem(request: HttpRequest, error: ProblemError) -> HttpResponse:
    """Answer what one of our own operations refuses."""
    return problem_of(
        error.status, error.code, error.detail, errors=error.errors, headers=error.headers
    )


@api.exception_handler(ValidationError)
def say_what_is_wrong(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer a malformed request as RFC 9457 says, naming each field; 400 for the address."""
    places = {str(fault["loc"][0]) for fault in error.errors if fault.get("loc")}
    faults = [
        {
            "field": ".".join(str(part) for part in fault.get("loc", ())),
            "message": str(fault.get("msg", "")),
        }
        for fault in error.errors
    ]
    if places & {"path"}:
        return problem_of(404, "not_found", "찾으시는 것이 없습니다.", errors=faults)
    if places & {"query", "header"}:
        return problem_of(
            400, "invalid_parameter", "조건에 쓸 수 없는 값이 있습니다.", errors=faults
        )
    return problem_of(422, "invalid_body", "보내신 내용에 고칠 곳이 있습니다.", errors=faults)


@api.exception_handler(AuthenticationError)
def ask_for_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Say that this part of the API needs a token that holds."""
    return problem_of(
        401,
        "token_needed",
        "쓸 수 있는 접근 토큰이 필요합니다. 없거나, 기한이 지났거나, 회수된 토큰입니다.",
        headers={"WWW-Authenticate": 'Bearer realm="api"'},
    )


@api.exception_handler(HttpError)
def tell_malformed(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer what ninja itself refuses: bodies that are no JSON."""
    return problem_of(error.status_code, "malformed_body", "본문이 올바른 JSON이 아닙니다.")


@api.exception_handler(Http404)
def tell_missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem_of(404, "not_found", "찾으시는 것이 없습니다.")


def for_machines(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Wrap an operation's view: no log-in, HEAD like GET, reads open to every site's scripts."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            return allow_origins(HttpResponse(status=204))
        if request.method == "HEAD":
            request.method = "GET"
        response = view(request, *args, **kwargs)
        if response.status_code == 405:
            allowed = {"Allow": response.headers.get("Allow", "GET")}
            response = problem_of(
                405, "method_not_allowed", "이 주소에 쓸 수 없는 방법입니다.", headers=allowed
            )
        is_own = "Authorization" in request.headers
        return response if is_own else allow_origins(response)

    return login_not_required(wrapper)


def allow_origins(response: HttpResponse) -> HttpResponse:
    """Let scripts of any site read what is public; tokens are for servers and get no such word."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag, Last-Modified"
    if response.status_code == 204:
        response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since"
        response["Access-Control-Max-Age"] = "86400"
    return response


def unknown_address(request: HttpRequest) -> HttpResponse:
    """Answer every other address below /api/v1/ as the API does, not with a page."""
    return problem_of(404, "not_found", "이 주소에는 아무것도 없습니다.")


def open_patterns() -> list[Any]:
    """Return the API's patterns, open to callers without a log-in."""
    patterns, _, _ = api.urls
    for pattern in patterns:
        if pattern.callback is not None:
            pattern.callback = for_machines(pattern.callback)
    return list(patterns)


urlpatterns = [
    *open_patterns(),
    re_path(r"", for_machines(unknown_address), name="unknown"),
]
app_name = "api"
