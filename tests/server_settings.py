"""Production settings for a server that a test starts beside itself, on the test's own database."""

import os

from config.settings.production import *  # noqa: F403  (settings are composed by star import)
from config.settings.production import DATABASE_URL, DATABASES, STORAGES

if not DATABASE_URL:
    DATABASES["default"]["NAME"] = os.environ["SERVED_DATABASE"]
# Pages are asked for their answers; collecting and compressing files takes longer than the test.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# The test's database has no table of the queue; what is queued is done at once.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
