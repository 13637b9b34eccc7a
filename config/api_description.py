"""The API's own description (OpenAPI 3.1), completed by what ninja does not know."""

import json
from typing import Any

JSON, PROBLEM = "application/json", "application/problem+json"
METHODS = ("get", "post", "patch", "put", "delete")


def described(schema: Any) -> dict[str, Any]:
    """Return ninja's description with problems in their own media type and 304 on reads."""
    description: dict[str, Any] = json.loads(json.dumps(schema, default=str))
    for path, operations in description["paths"].items():
        for method in METHODS:
            if method in operations:
                complete(operations[method], path=path, method=method)
    return description


def complete(operation: dict[str, Any], *, path: str, method: str) -> None:
    """Add what every operation of a kind answers with."""
    answers = operation["responses"]
    for status, answer in answers.items():
        content = answer.get("content", {})
        if int(status) >= 400 and JSON in content:
            answer["content"] = {PROBLEM: content[JSON]}
    if method == "get" and "security" not in operation:
        answers["304"] = {"description": "바뀌지 않았습니다 (If-None-Match)"}
