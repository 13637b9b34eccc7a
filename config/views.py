"""Pages about the portal itself: the description of its API."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from config.api import api
from config.api_description import METHODS


@login_not_required
@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """Show every operation of the API; a page of ours, which loads nothing from outside."""
    schema = api.get_openapi_schema()
    context = {"groups": groups_of(schema), "schema_url": reverse("api:openapi-json")}
    return render(request, "config/api_docs.html", context)


def groups_of(schema: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the operations by their tag, as the page lists them."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in schema["paths"].items():
        for method in METHODS:
            if method in operations:
                operation = operations[method]
                tag = (operation.get("tags") or ["api"])[0]
                groups.setdefault(tag, []).append(shown(operation, path=path, method=method))
    return sorted(groups.items())


def shown(operation: dict[str, Any], *, path: str, method: str) -> dict[str, Any]:
    """Return one operation for the page: its parameters and the answers it may give."""
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": operation.get("summary", ""),
        "needs_token": "security" in operation,
        "parameters": [
            {
                "name": parameter["name"],
                "place": parameter["in"],
                "is_required": parameter.get("required", False),
                "description": parameter.get("description")
                or parameter["schema"].get("description", ""),
            }
            for parameter in operation.get("parameters", [])
        ],
        "has_body": "requestBody" in operation,
        "answers": ", ".join(sorted(operation["responses"])),
    }
