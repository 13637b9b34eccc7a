"""The API under /api/v1/: each room's router, mounted here (domain.md section 4).

Views of the API say for themselves who may ask; none of them looks at the browser's session.
"""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from certificates.api import router as certificates_router

PROBLEM = "application/problem+json"

api = NinjaAPI(
    title="수출지원사업 관리시스템 API",
    version="1",
    urls_namespace="api",
    docs_url=None,  # its page loads inline scripts, which our policy forbids
    openapi_url="/openapi.json",
)
api.add_router("/certificates", certificates_router)


@api.exception_handler(ValidationError)
def say_what_is_wrong(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer a malformed request as RFC 9457 says, naming each field."""
    problem = {"title": "Malformed request", "status": 422, "errors": error.errors}
    return api.create_response(request, problem, status=422)


def open_patterns() -> list[Any]:
    """Return the API's patterns, open to callers without a log-in."""
    patterns, _, _ = api.urls
    for pattern in patterns:
        if pattern.callback is not None:
            pattern.callback = login_not_required(pattern.callback)
    return list(patterns)


urlpatterns = open_patterns()
app_name = "api"
