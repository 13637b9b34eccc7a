"""Columns of our own."""

from typing import Any

from django import forms
from django.db import models


class ChoiceListField(models.JSONField):
    """Several values of one TextChoices, kept as a JSON list and ticked as checkboxes.

    `choice_class` is only for forms; what is stored is a plain list of strings.
    """

    def __init__(self, *args: Any, choice_class: Any = None, **kwargs: Any) -> None:
        self.choice_class = choice_class
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> forms.Field:
        """Return tick boxes; JSONField's own text box would ask editors for JSON."""
        return forms.MultipleChoiceField(
            choices=self.choice_class.choices if self.choice_class else (),
            widget=forms.CheckboxSelectMultiple,
            label=kwargs.get("label", self.verbose_name),
            help_text=kwargs.get("help_text", self.help_text),
            required=not self.blank,
        )
