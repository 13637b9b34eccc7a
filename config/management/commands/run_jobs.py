"""The scheduler: one process of it is enough, two do no harm."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections
from django.utils import timezone

from config import jobs

PAUSE = 10.0


class Command(BaseCommand):
    help = "예약 작업 가운데 차례가 된 것을 실행합니다. --forever는 끝내라는 신호까지 계속합니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--forever", action="store_true", help="until SIGTERM")

    def handle(self, *args: Any, **options: Any) -> None:
        jobs.register(at=timezone.now())
        if not options["forever"]:
            self.report(jobs.run_due(clock=timezone.now))
            return
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        while not stopped.is_set():
            close_old_connections()
            self.report(jobs.run_due(clock=timezone.now))
            stopped.wait(PAUSE)

    def report(self, done: list[str]) -> None:
        if done:
            self.stdout.write(", ".join(done))
