"""Announce the results of decided selections on their day; run it every minute."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from applications.services.selection import announce_due


class Command(BaseCommand):
    help = "발표 시각이 된 선정 결과를 신청기업에 알립니다."

    def handle(self, *args: Any, **options: Any) -> None:
        count = announce_due(at=timezone.now())
        self.stdout.write(f"선정 결과 {count}건을 발표했습니다.")
