"""Delete private bytes that no row names; run daily."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from members.services.files import reap_orphans


class Command(BaseCommand):
    help = "Delete private files that no row names and that are older than an hour."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{reap_orphans(at=timezone.now())} deleted")
