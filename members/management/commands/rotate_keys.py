"""Seal everything under the newest encryption key; then the old one may be taken away."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from members.encryption import DecryptionError
from members.services.key_rotation import rotate_keys


class Command(BaseCommand):
    help = "Seal values and files that lie under an older key anew under the current one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count only")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        try:
            done = rotate_keys(dry_run=dry_run)
        except DecryptionError as error:
            raise CommandError(f"A key that is still needed is missing: {error}") from error
        word = "to be sealed anew" if dry_run else "sealed anew"
        self.stdout.write(f"{done.values} values, {done.files} files {word}")
