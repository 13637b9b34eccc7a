"""Restore a backup set into an empty place (docs/backup.md)."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.backup.ledger import LedgerError
from config.backup.sets import BackupError, restore_set


class Command(BaseCommand):
    help = "Put a backup set into an empty database and empty stores, and check every file."
    # The database has no tables yet: nothing may ask it.
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--ledger", type=Path, help="the newest ledger: numbers and destructions since the set"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = restore_set(folder=options["folder"], ledger_path=options["ledger"])
        except (BackupError, LedgerError, OSError) as error:
            raise CommandError(str(error)) from error
        lifted = sum(replay.lifted for replay in done.replays)
        destroyed = sum(replay.destroyed for replay in done.replays)
        unknown = done.replays[-1].unknown
        self.stdout.write(
            f"{done.files} files put back, {done.checked} compared with their rows, "
            f"{len(done.damaged)} damaged; {lifted} counters lifted, "
            f"{destroyed} files destroyed again, {unknown} entries of the ledger unknown here."
        )
        # The set may be older than this release.
        call_command("migrate", verbosity=0)
        if done.damaged:
            raise CommandError(f"Damaged: {', '.join(done.damaged)}")
