"""The paper's fixed texts and seal: versions, written once, put in force once (N2)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from certificates.models import PaperVersion
from certificates.printing import one_line
from members.models import User
from members.services.files import store_upload

SEAL_FORMATS = ("png",)
MAX_SEAL_BYTES = 1024 * 1024


class AlreadyInForceError(Exception):
    """A version that took effect is followed, never changed."""


@transaction.atomic
def draft_paper_version(
    *,
    texts: Mapping[str, Any],
    seal: UploadedFile | None,  # type: ignore[type-arg]  # not generic at run time
    keeps_seal: bool,
    by: User,
    at: datetime,
) -> PaperVersion:
    """Write the next version; it prints nothing until it is put in force.

    `texts`: ``heading``, ``sentence``, ``issuer_name``. Without a new `seal`, `keeps_seal` takes
    the one in force. Raises `members.uploads.UploadRefusedError`.
    """
    versions = PaperVersion.objects.select_for_update()
    last = versions.order_by("-version").first()
    stored = None
    if seal is not None:
        stored = store_upload(
            upload=seal, formats=SEAL_FORMATS, by=by, company=None, at=at, max_bytes=MAX_SEAL_BYTES
        )
    elif keeps_seal and (current := PaperVersion.objects.in_force_at(at).first()):
        stored = current.seal
    return PaperVersion.objects.create(
        version=last.version + 1 if last else 1,
        seal=stored,
        created_at=at,
        created_by=by,
        **{name: one_line(str(texts[name])) for name in ("heading", "sentence", "issuer_name")},
    )


@transaction.atomic
def put_in_force(*, version: PaperVersion, by: User, at: datetime) -> PaperVersion:
    """Have papers issued from now on carry this version. Raises AlreadyInForceError."""
    row = PaperVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if row.effective_at is not None:
        raise AlreadyInForceError
    row.effective_at = at
    row.save(update_fields=["effective_at"])
    return row
