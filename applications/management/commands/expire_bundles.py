"""Destroy bundles of papers after a day, and make those whose task was lost; run it hourly."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from applications.services.bundles import destroy_expired_bundles, make_missing_bundles


class Command(BaseCommand):
    help = "24시간이 지난 서류 묶음을 파기하고, 만들다 만 묶음을 만듭니다."

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        gone, made = destroy_expired_bundles(at=at), make_missing_bundles(at=at)
        self.stdout.write(f"서류 묶음 {gone}건을 파기하고 {made}건을 만들었습니다.")
