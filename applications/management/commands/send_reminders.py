"""Write the reminders that are due; run it every hour."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from applications.services.reminders import send_reminders


class Command(BaseCommand):
    help = "Remind by mail, with consent: drafts before closing, changed periods, corrections due."

    def handle(self, *args: Any, **options: Any) -> None:
        written = send_reminders(at=timezone.now())
        self.stdout.write(f"reminders written: {written}")
