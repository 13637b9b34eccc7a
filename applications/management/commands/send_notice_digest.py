"""Write the daily mail of new notices to members who agreed to mail; run it every hour."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from applications.services.digests import send_notice_digest


class Command(BaseCommand):
    help = "메일 수신에 동의한 회원에게 새 공고를 하루 한 번 안내합니다."

    def handle(self, *args: Any, **options: Any) -> None:
        written = send_notice_digest(at=timezone.now())
        self.stdout.write(f"새 공고 안내 메일 {written}통을 준비했습니다.")
