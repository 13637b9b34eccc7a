"""Chain the new access records by hash; run every minute."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from members.services.access_records import seal_access_records


class Command(BaseCommand):
    help = "Seal the access records that are two minutes old. Does nothing when there are none."

    def handle(self, *args: Any, **options: Any) -> None:
        sealed = 0
        while seal := seal_access_records(at=timezone.now()):
            sealed += seal.count
        self.stdout.write(f"{sealed} sealed")
