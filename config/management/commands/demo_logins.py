"""Print the demo's log-ins after a start."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.demo.people import PASSWORD, SHOWN_LOGINS
from members.models import User


class Command(BaseCommand):
    help = "시연용 로그인 아이디를 보여 줍니다."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.ALLOW_DEMO_NUMBERS:
            return
        names = [username for _, username in SHOWN_LOGINS]
        present = set(User.objects.filter(username__in=names).values_list("username", flat=True))
        if not present:
            return
        self.stdout.write(f"시연용 로그인 (비밀번호는 모두 {PASSWORD})")
        for label, username in SHOWN_LOGINS:
            if username in present:
                self.stdout.write(f"  {username:<18} {label}")
