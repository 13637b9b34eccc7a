"""Alive and ready, without details for the outside."""

import logging
import uuid
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from certificates import pdf
from certificates.signing_keys import signing_key

logger = logging.getLogger(__name__)


def database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def migrations_are_applied() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def cache_answers() -> bool:
    cache.set("readyz", "1", 10)
    return cache.get("readyz") == "1"


def storage_answers() -> bool:
    """Write, read and remove a small private file."""
    storage = storages["private"]
    name = storage.save(f"probe/{uuid.uuid4().hex}", ContentFile(b"ready"))
    with storage.open(name) as stored:
        is_whole = stored.read() == b"ready"
    storage.delete(name)
    return bool(is_whole)


def signing_key_is_usable() -> bool:
    """Open the key that papers are signed with; where none is set nothing is signed."""
    signing_key(at=timezone.now())
    return True


CHECKS: dict[str, Callable[[], bool]] = {
    "database": database_answers,
    "migrations": migrations_are_applied,
    "cache": cache_answers,
    "storage": storage_answers,
    "fonts": lambda: not pdf.missing_fonts(),
    "pango": lambda: not pdf.missing_libraries(),
    "signing": signing_key_is_usable,
}


def holds(name: str) -> bool:
    """Run one check; whatever it raises means no."""
    try:
        return CHECKS[name]()
    except Exception:
        logger.exception("readiness check %s failed", name)
        return False


@login_not_required
def alive(request: HttpRequest) -> JsonResponse:
    """Answer that the process serves requests."""
    return JsonResponse({"status": "ok"})


@login_not_required
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when everything the portal needs is there, else 503; details only inside."""
    results = {name: holds(name) for name in CHECKS}
    is_ready = all(results.values())
    body: dict[str, object] = {"status": "ok" if is_ready else "unavailable"}
    if request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"} and settings.TRUSTED_PROXIES == 0:
        body["checks"] = results
    return JsonResponse(body, status=200 if is_ready else 503)
