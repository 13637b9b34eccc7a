"""Shut the site for everybody but staff, or open it again."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import maintenance
from members.formatting import in_seoul


class Command(BaseCommand):
    help = "점검 화면을 켜거나 끕니다. 켜면 담당자만 들어올 수 있습니다."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("state", choices=["on", "off"])
        parser.add_argument("--until", help='끝날 시각(서울), 예: "2026-12-01 06:00"')
        parser.add_argument("--text", default="", help="방문자에게 보일 문장")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["state"] == "off":
            was_shut = maintenance.end()
            self.stdout.write("점검을 끝냈습니다." if was_shut else "점검 중이 아니었습니다.")
            return
        until_at = moment(options["until"]) if options["until"] else None
        maintenance.begin(text=options["text"], until_at=until_at)
        self.stdout.write("점검 화면을 켰습니다. 끝나면 maintenance off를 실행해 주십시오.")


def moment(value: str) -> datetime:
    """Return a moment of Seoul's clock."""
    try:
        return in_seoul(datetime.fromisoformat(value))
    except ValueError as error:
        raise CommandError('시각은 "2026-12-01 06:00"처럼 적어 주십시오.') from error
