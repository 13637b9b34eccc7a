"""Send files to the scanner that it has not seen yet; run every five minutes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from members.scanning import is_scanner_on
from members.services.files import scan_held_files


class Command(BaseCommand):
    help = "Scan files that are held or were never scanned."

    def handle(self, *args: Any, **options: Any) -> None:
        if not is_scanner_on():
            raise CommandError("No scanner is set (PORTAL_CLAMAV_SOCKET).")
        clean, infected = scan_held_files(at=timezone.now())
        self.stdout.write(f"{clean} clean, {infected} infected")
