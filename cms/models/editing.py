"""The forms in which pages are written: what an editor may put into which page."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.models import get_all_child_relations
from wagtail.admin.forms.pages import CopyForm, WagtailAdminPageForm
from wagtail.documents import get_document_model
from wagtail.fields import StreamField
from wagtail.images import get_image_model
from wagtail.permissions import policy_registry

USING_FILES = ("add", "change", "choose")


class PlainCopyForm(CopyForm):
    """Copying without aliases: an alias would repeat a page's identity (ADR 11)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("alias", None)


class PortalPageForm(WagtailAdminPageForm):
    """A page's form that refuses files of another agency.

    Wagtail's choosers offer only what a person may choose, but the form behind them takes any
    number; a file put in by its number would be published with the page.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.files_before = set(files_of(self.instance)) if self.instance.pk else set()
        if "slug" in self.fields and hasattr(self.instance, "take_agency_of_parent"):
            self.fields["slug"].required = False

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.for_user is None:
            return
        used = {*files_of(self.instance), *self.files_in_rows()} - self.files_before
        if any(not may_use(self.for_user, model, pk) for model, pk in used):
            self.add_error(
                None,
                ValidationError("다른 기관의 파일은 쓸 수 없습니다. 파일을 다시 골라 주십시오."),
            )

    def files_in_rows(self) -> Iterator[tuple[type[models.Model], Any]]:
        """Yield the files that the posted child rows point at."""
        for formset in self.formsets.values():
            for form in formset.forms:
                if form.is_valid() and not form.cleaned_data.get("DELETE"):
                    for value in form.cleaned_data.values():
                        if isinstance(value, get_document_model() | get_image_model()):
                            yield type(value), value.pk


def files_of(page: Any) -> Iterator[tuple[type[models.Model], Any]]:
    """Yield (model, key) of every document and picture that a page or its rows point at."""
    file_models = (get_document_model(), get_image_model())
    owners = [page]
    for relation in get_all_child_relations(page):
        owners.extend(getattr(page, relation.get_accessor_name()).all())
    for owner in owners:
        for field in owner._meta.concrete_fields:
            if field.related_model in file_models and getattr(owner, field.attname):
                yield field.related_model, getattr(owner, field.attname)
    for field in page._meta.concrete_fields:
        if isinstance(field, StreamField):
            body = getattr(page, field.name)
            for model, key, _, _ in body.stream_block.extract_references(body):
                if model in file_models:
                    yield model, int(key)


def may_use(person: Any, model: type[models.Model], key: Any) -> bool:
    """Tell whether a person may put a document or picture into a page."""
    policy = policy_registry.get_by_type(model)
    allowed = policy.instances_user_has_any_permission_for(person, USING_FILES)
    return bool(allowed.filter(pk=key).exists())
