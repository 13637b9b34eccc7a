"""System checks of this room."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from certificates.numbers import pattern_problems


@register()
def number_pattern(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a pattern under which two certificates could get one number (decision A6)."""
    return [
        Error(problem, hint="See CERTIFICATE_NUMBER_PATTERN.", id="certificates.E001")
        for problem in pattern_problems(settings.CERTIFICATE_NUMBER_PATTERN)
    ]
