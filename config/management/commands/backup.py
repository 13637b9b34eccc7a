"""Make a backup set; run daily, and `write_ledger` every few minutes (docs/backup.md)."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.backup.sets import BackupError, make_set


class Command(BaseCommand):
    help = "Write the database and all files into a new folder, with a hash of each."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder that is not there yet")
        parser.add_argument("--previous", type=Path, help="an earlier set to link files from")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = make_set(
                folder=options["folder"], previous=options["previous"], at=timezone.now()
            )
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        counts = ", ".join(f"{store} {len(files)}" for store, files in manifest["files"].items())
        keys = ", ".join(manifest["keys"])
        self.stdout.write(
            f"{options['folder']}: {manifest['database']['name']}, files: {counts}. "
            f"Keep the secrets apart from it; it needs the encryption keys {keys}."
        )
