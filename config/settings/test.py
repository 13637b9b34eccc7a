"""The suite: the shipped database settings, a file database, fast hashing, mail in memory."""

import os
import tempfile
from pathlib import Path

from config.settings.base import DATABASE_URL, DATABASES, REDIS_URL
from config.settings.dev import *  # noqa: F403  (settings are composed by star import)

DEBUG = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

# Every worker has its own folder, so that parallel runs never meet in a file.
TEST_DIR = Path(tempfile.mkdtemp(prefix="portal-test-"))
VAR_DIR = TEST_DIR
MAINTENANCE_FILE = TEST_DIR / "maintenance.json"
MEDIA_ROOT = TEST_DIR / "media"
PRIVATE_ROOT = TEST_DIR / "private"
TRUST_DIR = TEST_DIR / "trust"
STORAGES["private"]["OPTIONS"] = {"location": PRIVATE_ROOT}  # noqa: F405  (from dev)
CERTIFICATE_SIGNING_KEYSTORE = ""

if not DATABASE_URL:
    # A file, not memory: locks and pragmas are then the ones users get.
    DATABASES["default"]["TEST"] = {"NAME": str(TEST_DIR / "test.sqlite3")}
if REDIS_URL:
    # Clearing the cache empties a whole Redis database, so that every worker takes one of its own.
    server, _, first = REDIS_URL.rpartition("/")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    REDIS_URL = f"{server}/{int(first) + int(worker)}"
    CACHES["default"]["LOCATION"] = REDIS_URL  # noqa: F405  (from base)
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# What these libraries tell at INFO fills the report of a failing test without explaining it.
LOGGING["loggers"] = {  # noqa: F405  (from base)
    name: {"level": "WARNING"} for name in ("wagtail", "django_tasks", "modelsearch")
}
