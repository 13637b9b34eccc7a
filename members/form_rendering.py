"""What the form components must know about a form and cannot compute in a template."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from django.forms import BaseForm, BoundField
from django.utils.safestring import SafeString

from members.formatting import format_size


@runtime_checkable
class FormBundle(Protocol):
    """Several forms sent together: a formset, or an object of ours of the same shape."""

    forms: Any

    def non_form_errors(self) -> Any:
        """Errors of the whole rather than of one form."""


@dataclass(frozen=True)
class ErrorLink:
    """One error on a page; `target` is the id of its control, empty for one of the whole form."""

    target: str
    label: str
    message: str


@dataclass(frozen=True)
class UploadLimits:
    """What a file field takes; an unknown limit is empty or None. Sizes in bytes, each file."""

    types: tuple[str, ...]
    max_bytes: int | None
    max_count: int | None

    @property
    def text(self) -> str:
        """The limits in words, to stand beside the control before anything is chosen."""
        parts = [
            f"파일 형식: {', '.join(kind.upper() for kind in self.types)}" if self.types else "",
            f"파일당 {format_size(self.max_bytes)} 이하" if self.max_bytes else "",
            f"최대 {self.max_count}개" if self.max_count else "",
        ]
        return " · ".join(part for part in parts if part)


def field_kind(field: BoundField) -> str:
    """What a field's control is: hidden, checkbox, file, group (of several), hs_code or input."""
    widget = field.field.widget
    if own_kind := getattr(widget, "kind", ""):
        return str(own_kind)
    if widget.is_hidden:
        return "hidden"
    input_type = getattr(widget, "input_type", "")
    if input_type == "file":
        return "file"
    if widget.use_fieldset:
        return "group"
    return "checkbox" if input_type == "checkbox" else "input"


def widget_described_by(field: BoundField, ids: Iterable[str]) -> SafeString:
    """Draw a control tied to `ids` and to its own help text and errors.

    A group's fieldset carries the ids instead of its controls.
    """
    described_by = [*ids, field.aria_describedby or ""]
    text = " ".join(part for part in described_by if part)
    if not text or field_kind(field) == "group":
        return field.as_widget()
    return field.as_widget(attrs={"aria-describedby": text})


def upload_limits(field: BoundField) -> UploadLimits:
    """Read a file field's attributes `allowed_types`, `max_bytes` and `max_count`."""
    return UploadLimits(
        types=tuple(str(kind).lower() for kind in getattr(field.field, "allowed_types", ())),
        max_bytes=getattr(field.field, "max_bytes", None),
        max_count=getattr(field.field, "max_count", None),
    )


def error_links(form: BaseForm | FormBundle) -> Iterator[ErrorLink]:
    """Walk the errors of a form, or of a bundle and then of its forms, in the order of the page."""
    if isinstance(form, FormBundle):
        for message in form.non_form_errors():
            yield ErrorLink("", "", str(message))
        for row in form.forms:
            yield from error_links(row)
        return
    for message in form.non_field_errors():
        yield ErrorLink("", "", str(message))
    for field in form:
        for message in field.errors:
            yield ErrorLink(first_control_id(field), str(field.label), str(message))


def first_control_id(field: BoundField) -> str:
    """The id of the element that takes the focus: the first option of a group."""
    if field.id_for_label:
        return str(field.id_for_label)
    return f"{field.auto_id}_0" if field.use_fieldset else str(field.auto_id)
