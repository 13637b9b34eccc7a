"""Versions of legal texts: written as drafts, published once, never edited afterwards (S22)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from members.enums import AccessAction
from members.models import LegalText, User
from members.services.access_records import record_access


class PublishedTextError(Exception):
    """A published version is never edited, only followed by another."""


class VersionTakenError(Exception):
    """This kind of text has a version of that name already."""


@transaction.atomic
def draft_text(*, values: Mapping[str, Any], by: User, at: datetime) -> LegalText:
    """Write a new version as a draft; `values` are columns of LegalText.

    Raises VersionTakenError.
    """
    if LegalText.objects.filter(kind=values["kind"], version=values["version"]).exists():
        raise VersionTakenError
    return LegalText.objects.create(**values, is_published=False, created_by=by)


@transaction.atomic
def change_draft(
    *, text: LegalText, values: Mapping[str, Any], by: User, at: datetime
) -> LegalText:
    """Change a version that nobody has seen. Raises PublishedTextError, VersionTakenError."""
    text = LegalText.objects.select_for_update(of=("self",)).get(pk=text.pk)
    if text.is_published:
        raise PublishedTextError
    same_name = LegalText.objects.filter(kind=values["kind"], version=values["version"])
    if same_name.exclude(pk=text.pk).exists():
        raise VersionTakenError
    for name, value in values.items():
        setattr(text, name, value)
    text.save()
    return text


@transaction.atomic
def publish_text(*, text: LegalText, by: User, at: datetime) -> LegalText:
    """Publish a version: in force from its date, but never before now.

    Whoever agreed to the version before is asked again where the text is asked next.
    Raises PublishedTextError.
    """
    text = LegalText.objects.select_for_update(of=("self",)).get(pk=text.pk)
    if text.is_published:
        raise PublishedTextError
    text.is_published = True
    text.effective_at = max(text.effective_at, at)
    text.save(update_fields=["is_published", "effective_at"])
    record_access(
        actor=by,
        action=AccessAction.CHANGE,
        subjects=[],
        what=f"약관·동의문 게시: {text}",
        at=at,
        address=None,
    )
    return text
