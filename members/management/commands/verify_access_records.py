"""Recompute every seal; fails when a record was changed, added or taken away."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from members.models import AccessSeal
from members.services.access_records import verify_access_records


class Command(BaseCommand):
    help = "Verify the seals of the access records; exits with an error when one is broken."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = verify_access_records(at=timezone.now())
        for fault in broken:
            self.stderr.write(f"seal {fault.seal.pk} ({fault.seal}): {fault.problem}")
        if broken:
            raise CommandError(f"{len(broken)} seals are broken.")
        self.stdout.write(f"{AccessSeal.objects.count()} seals verified")
