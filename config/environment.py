"""Read settings from the environment, and refuse what is missing or misspelt.

Every variable of ours begins with ``PORTAL_`` but for the ones the whole world spells alike
(``DATABASE_URL``, ``REDIS_URL``, ``SECRET_KEY`` …). An unknown ``PORTAL_`` name stops the start:
a typing slip must not switch a protection off in silence.
"""

import os
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

KNOWN_PORTAL_NAMES = frozenset(
    {
        "PORTAL_ALLOW_LOAD_DATA",
        "PORTAL_CERTIFICATE_BY_WORKER",
        "PORTAL_CLAMAV_SOCKET",
        "PORTAL_NTS_SERVICE_KEY",
        "PORTAL_NTS_URL",
        "PORTAL_CSRF_TRUSTED_ORIGINS",
        "PORTAL_ENCRYPTION_KEYS",
        "PORTAL_LOOKUP_KEY",
        "PORTAL_MAIL_FROM",
        "PORTAL_S3_ACCESS_KEY",
        "PORTAL_S3_BUCKET_PRIVATE",
        "PORTAL_S3_BUCKET_PUBLIC",
        "PORTAL_S3_ENDPOINT_URL",
        "PORTAL_S3_REGION",
        "PORTAL_S3_SECRET_KEY",
        "PORTAL_SIGNING_DEVICE",
        "PORTAL_SIGNING_KEYSTORE",
        "PORTAL_SIGNING_LABEL",
        "PORTAL_SIGNING_PASSWORD",
        "PORTAL_SIGNING_TOKEN",
        "PORTAL_SITE_URL",
        "PORTAL_TIMESTAMP_URL",
        "PORTAL_TRUSTED_PROXIES",
        "PORTAL_TRUST_DIR",
        "PORTAL_TRUST_PLAIN_LOOPBACK",
        "PORTAL_VAR",
    }
)

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"", "0", "false", "no", "off"})


def refuse_unknown_names() -> None:
    """Raise ImproperlyConfigured when a ``PORTAL_`` variable is not one of ours."""
    unknown = sorted(
        name for name in os.environ if name.startswith("PORTAL_") and name not in KNOWN_PORTAL_NAMES
    )
    if unknown:
        raise ImproperlyConfigured(f"Unknown environment variable: {', '.join(unknown)}")


def text(name: str, default: str = "") -> str:
    """Return the variable's text, or `default`."""
    return os.environ.get(name, default)


def secret(name: str) -> str:
    """Return a variable that production cannot start without."""
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set; production does not start without it.")
    return value


def flag(name: str) -> bool:
    """Return a yes-or-no variable; anything else than the usual words is an error."""
    value = os.environ.get(name, "").strip().lower()
    if value in TRUE_WORDS:
        return True
    if value in FALSE_WORDS:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def number(name: str, default: int) -> int:
    """Return a whole-number variable."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number.") from error


def words(name: str) -> list[str]:
    """Return a comma-separated variable as a list without empty entries."""
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def postgres_from_url(url: str) -> dict[str, object]:
    """Return Django's DATABASES entry of a ``postgres://user:word@host:port/name`` address."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// (or be left out).")
    options: dict[str, object] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 60,
        "OPTIONS": options,
    }
