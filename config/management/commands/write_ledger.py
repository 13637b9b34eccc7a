"""Write down what a restore must not forget; run every few minutes, to a place of its own."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.backup.ledger import write


class Command(BaseCommand):
    help = "Write the highest numbers and the destroyed files as JSON lines (docs/backup.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{write(options['path'])} entries")
