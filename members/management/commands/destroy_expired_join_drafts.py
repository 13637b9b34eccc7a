"""Destroy joinings that nobody finished within seven days; run it every night."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from members.services.join_drafts import destroy_expired


class Command(BaseCommand):
    help = "7일이 지난 가입 진행 자료와 그 파일을 파기합니다."

    def handle(self, *args: Any, **options: Any) -> None:
        count = destroy_expired(at=timezone.now())
        self.stdout.write(f"가입 진행 자료 {count}건을 파기했습니다.")
