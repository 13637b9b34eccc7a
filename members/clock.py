"""One clock decides (security.md section 6): the database's."""

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils import timezone


def database_now() -> datetime:
    """Return the database server's present moment, aware.

    An embedded SQLite has no clock but this process's, so that one is read.
    """
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment.astimezone(UTC)


def moment_of_intake(*, waited: timedelta) -> datetime:
    """Return when a request reached us: the database's clock less the time it `waited` here."""
    return database_now() - waited
