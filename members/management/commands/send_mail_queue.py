"""Send what waits in the outbox; run every minute."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from members.services.outbox import send_waiting


class Command(BaseCommand):
    help = "Send the mails whose time has come. Safe to run twice at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, default=100, help="at most so many mails")

    def handle(self, *args: Any, **options: Any) -> None:
        sent = send_waiting(at=timezone.now(), limit=options["limit"])
        self.stdout.write(f"{sent} sent")
