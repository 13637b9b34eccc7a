"""Writing by the API: each key once, nobody's change overwritten, all of a request or nothing."""

import hashlib
import json
from collections.abc import Callable
from typing import Annotated, Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Header, Schema
from pydantic import ConfigDict

from members.api.answers import own_answer
from members.api.problems import ProblemError
from members.api.tokens import token_of
from members.models import ApiReply
from members.services.api_tokens import claim_key

MAX_KEY = 100
REPEATED_HEADERS = ("ETag", "Location")

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=MAX_KEY,
        pattern=r"^[\x21-\x7e]+$",
        description="요청마다 새로 짓는 값. 같은 값으로 다시 보내면 처음의 응답을 받습니다.",
    ),
]
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match", max_length=200, description="읽을 때 받은 ETag. 그사이 바뀌면 412입니다."
    ),
]


class Written(Schema):
    """Base of what a body may hold: declared fields only, so that a misspelt one is told."""

    model_config = ConfigDict(extra="forbid")


def write_once(request: HttpRequest, key: str, work: Callable[[], HttpResponse]) -> HttpResponse:
    """Do a request's work once for its key, and give the same answer to every repetition.

    Work and answer are stored together or not at all; a refusal (ProblemError) leaves the key
    unused. The same key with another address or body is a mistake of the caller (422).
    """
    token, at = token_of(request), timezone.now()
    print_of_this = fingerprint(request)
    with transaction.atomic():
        reply, is_new = claim_key(token=token, key=key, fingerprint=print_of_this, at=at)
        if not is_new:
            if reply.fingerprint != print_of_this:
                raise ProblemError(
                    422,
                    "idempotency_key_reused",
                    "같은 Idempotency-Key로 다른 내용을 보냈습니다. 새 값을 쓰십시오.",
                )
            return repeated(reply)
        response = work()
        reply.status = response.status_code
        reply.headers = {
            name: response.headers[name] for name in REPEATED_HEADERS if name in response.headers
        }
        reply.body = response.content.decode()
        reply.save(update_fields=["status", "headers", "body"])
    return response


def repeated(reply: ApiReply) -> HttpResponse:
    """Return the answer that the first request with this key was given."""
    headers = {**reply.headers, "Idempotency-Replayed": "true"}
    data: Any = json.loads(reply.body) if reply.body else None
    response = own_answer(data, status=reply.status, headers=headers)
    if not reply.body:
        response.content = b""
    return response


def fingerprint(request: HttpRequest) -> str:
    """Return a hash of what is asked: method, address, and body with the files' bytes."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if (request.content_type or "").startswith("multipart/"):
        for name, value in sorted(request.POST.items()):
            digest.update(f"{name}={value}\n".encode())
        for name, file in sorted(request.FILES.items()):
            digest.update(f"{name}={getattr(file, 'name', '')}\n".encode())
            for chunk in file.chunks():  # type: ignore[union-attr]  # one file a field
                digest.update(chunk)
            file.seek(0)  # type: ignore[union-attr]
    else:
        digest.update(request.body)
    return digest.hexdigest()


def check_version(given: str | None, *, present: str) -> None:
    """Refuse a change of something that changed since the caller read it (If-Match)."""
    if given is None:
        raise ProblemError(
            428,
            "if_match_missing",
            "읽을 때 받은 ETag를 If-Match로 함께 보내 주십시오.",
        )
    versions = {part.strip() for part in given.split(",")}
    if "*" not in versions and present not in versions:
        raise ProblemError(
            412,
            "changed_meanwhile",
            "그사이 다른 사람이 바꾸었습니다. 다시 읽은 뒤 고쳐 주십시오.",
            headers={"ETag": present},
        )
