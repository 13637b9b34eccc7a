"""What every form of ours does: polite errors, and the typed values as they were typed."""

from typing import Any

from django import forms

from members.wording import with_object_particle


class PortalForm(forms.Form):
    """A form whose required errors name the field and say what to do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = required_message(field)

    def typed_values(self) -> dict[str, Any]:
        """Return what was typed, unchecked, by field name; no files and no passwords."""
        return {
            bound.name: bound.data
            for bound in self
            if not isinstance(bound.field, forms.FileField)
            and not isinstance(bound.field.widget, forms.PasswordInput)
        }


def required_message(field: forms.Field) -> str:
    """Return what to say when a field was left empty: enter, choose or attach it."""
    named = with_object_particle(str(field.label))
    if isinstance(field, forms.FileField):
        return f"{named} 첨부해 주십시오."
    if isinstance(field, forms.BooleanField):
        return f"‘{field.label}’에 표시해 주십시오."
    if isinstance(field, forms.ChoiceField):
        return f"{named} 선택해 주십시오."
    return f"{named} 입력해 주십시오."
