"""Taking a new encryption key into use: everything under an older key is sealed anew."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models.functions import Cast

from members.encryption import (
    EncryptedJSONField,
    EncryptedTextField,
    current_key_id,
    key_id_of_bytes,
    key_id_of_text,
)
from members.models import StoredFile
from members.models.files import private_storage
from members.services.files import read_file, seal_for

EncryptedField = EncryptedTextField | EncryptedJSONField


@dataclass(frozen=True)
class Rotation:
    """How many values and files were (or, dry, would be) sealed under the current key."""

    values: int
    files: int


def rotate_keys(*, dry_run: bool = False) -> Rotation:
    """Seal every value and file that lies under another key anew under the current one.

    May run while the portal works and any number of times: a value that changes meanwhile is
    under the current key already. Raises `members.encryption.DecryptionError` where a key that is
    still needed is missing from the settings; what was done before stays.
    """
    return Rotation(
        values=sum(_rotate_field(model, field, dry_run) for model, field in encrypted_fields()),
        files=_rotate_files(dry_run),
    )


def encrypted_fields() -> Iterator[tuple[type[models.Model], EncryptedField]]:
    """Yield every encrypted column of every room."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, (EncryptedTextField, EncryptedJSONField)):
                yield model, field


def _rotate_field(model: type[models.Model], field: EncryptedField, dry_run: bool) -> int:
    rows: Any = model._base_manager.annotate(sealed_text=Cast(field.name, models.TextField()))
    count = 0
    old = rows.exclude(**{f"{field.name}__isnull": True}).values_list("pk", "sealed_text")
    for key, sealed in old.iterator():
        if not sealed or key_id_of_text(sealed) == current_key_id():
            continue
        count += 1
        if dry_run:
            continue
        value = model._base_manager.values_list(field.name, flat=True).get(pk=key)
        # Only while nobody changed it meanwhile.
        rows.filter(pk=key, sealed_text=sealed).update(**{field.name: value})
    return count


def _rotate_files(dry_run: bool) -> int:
    count = 0
    sealed = StoredFile.objects.filter(is_encrypted=True, destroyed_at__isnull=True)
    for stored in sealed.order_by("pk").iterator():
        with stored.content.storage.open(stored.content.name or "", "rb") as file:
            if key_id_of_bytes(file.read(256)) == current_key_id():
                continue
        count += 1
        if not dry_run:
            _rotate_file(stored)
    return count


@transaction.atomic
def _rotate_file(stored: StoredFile) -> None:
    """Write the file anew under another name; the old bytes go after the commit."""
    stored = StoredFile.objects.select_for_update(of=("self",)).get(pk=stored.pk)
    if stored.destroyed_at is not None:
        return
    old = stored.content.name or ""
    stored.content.save(
        "", ContentFile(seal_for(stored=stored, data=read_file(stored))), save=False
    )
    stored.save(update_fields=["content"])
    transaction.on_commit(partial(private_storage().delete, old), robust=True)
