"""Destroy what is older than it may be; run daily, look first with --dry-run."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from members.services.retention import apply_retention


class Command(BaseCommand):
    help = "Destroy personal data that is older than its retention."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count only")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        counts = apply_retention(at=timezone.now(), dry_run=dry_run)
        for name, count in counts.items():
            self.stdout.write(f"{count} {name}{' (dry run)' if dry_run else ''}")
