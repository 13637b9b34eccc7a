"""Remind companies of their originals and mark overdue ones; run daily."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from members.services.originals_reminders import mind_originals


class Command(BaseCommand):
    help = "Remind provisional members of missing originals; mark them when overdue."

    def handle(self, *args: Any, **options: Any) -> None:
        reminded, marked = mind_originals(at=timezone.now())
        self.stdout.write(f"{reminded} reminded, {marked} marked as overdue")
