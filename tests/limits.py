"""How docs/limits.md writes a value: «30 minutes», «20 MiB», «50,000,000»."""

from datetime import timedelta
from importlib import import_module

from django.conf import settings

MIB = 1024 * 1024
UNITS = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))


def constant(name):
    """Return the value of a dotted name; `settings.X` is Django's."""
    module, _, attribute = name.rpartition(".")
    return getattr(settings if module == "settings" else import_module(module), attribute)


def words_of(value):
    """Return a limit as the page writes it."""
    if isinstance(value, timedelta):
        return words_of_time(value)
    if value >= MIB and value % MIB == 0:
        return f"{value // MIB} MiB"
    return f"{value:,}"


def words_of_time(value):
    for unit, length in UNITS:
        if value % length == timedelta(0) and value // length >= (2 if unit == "day" else 1):
            number = value // length
            return f"{number:,} {unit}{'s' if number > 1 else ''}"
    return f"{value.total_seconds():.0f} seconds"
