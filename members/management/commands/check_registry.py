"""Ask the tax office's register about new companies, and about every company once a year."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from members.registry import RegistryDownError, RegistryRefusedError, is_registry_on
from members.services.registry_checks import check_due_companies


class Command(BaseCommand):
    help = "Ask the business register about new companies and those not asked about for a year."

    def handle(self, *args: Any, **options: Any) -> None:
        if not is_registry_on():
            raise CommandError("No key is set (PORTAL_NTS_SERVICE_KEY).")
        try:
            asked = check_due_companies(at=timezone.now())
        except RegistryDownError as error:
            raise CommandError("The register does not answer; run again later.") from error
        except RegistryRefusedError as error:
            raise CommandError(f"The register refused the request: {error}") from error
        self.stdout.write(f"{asked} companies checked")
