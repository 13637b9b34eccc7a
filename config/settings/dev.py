"""One machine, no service to start: SQLite and files under var/."""

from config.settings.base import *  # noqa: F403  (settings are composed by star import)
from config.settings.base import (
    CERTIFICATE_SIGNING_DEVICE,
    CERTIFICATE_SIGNING_KEYSTORE,
    STORAGES,
    VAR_DIR,
)

DEBUG = True
SECRET_KEY = "development-only-not-a-secret"  # noqa: S105  (refused in production)
ENCRYPTION_KEYS = {"dev": "ZGV2ZWxvcG1lbnQtb25seS1ub3QtYS1zZWNyZXQtMTI="}
LOOKUP_KEY = "development-only-not-a-secret"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
INTERNAL_IPS: list[str] = []
ALLOW_DEMO_NUMBERS = True

# `make run` makes this key; production refuses it.
DEVELOPMENT_KEYSTORE = VAR_DIR / "keys" / "paper-development.p12"
DEVELOPMENT_KEY_PASSWORD = "development-only"  # noqa: S105  (the key itself is refused elsewhere)
CERTIFICATE_ALLOW_DEVELOPMENT_KEY = True
if not (CERTIFICATE_SIGNING_KEYSTORE or CERTIFICATE_SIGNING_DEVICE):
    CERTIFICATE_SIGNING_KEYSTORE = str(DEVELOPMENT_KEYSTORE)
    CERTIFICATE_SIGNING_PASSWORD = DEVELOPMENT_KEY_PASSWORD

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
