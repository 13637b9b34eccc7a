"""Make the PDFs of certificates that have a number but no file. Run every minute."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from certificates.pdf import PaperUnavailableError
from certificates.services import make_missing_papers


class Command(BaseCommand):
    help = "Makes the PDFs of certificates that have their number but no file yet."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, default=100, help="at most so many in one run")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = make_missing_papers(at=timezone.now(), limit=options["limit"])
        except PaperUnavailableError as error:
            raise CommandError(f"No PDF can be made here, missing: {error}") from error
        self.stdout.write(f"{made} papers made")
