"""Make joint certificates to try the real thing with (S28)."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.demo.certificates import (
    CERTIFICATE_PASSWORD,
    INDEX,
    are_lists_loaded,
    is_fresh,
    load_demo_lists,
    make_demo_certificates,
)
from members.formatting import format_business_number
from members.pki.trust import TRUST_FILE, TrustStoreError, is_demonstration, load_trust_store


class Command(BaseCommand):
    help = "시연용 공동인증서를 var/ 아래에 만듭니다(DEBUG에서만)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-missing", action="store_true", help="이미 있으면 그대로 둡니다.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("시연용 인증서는 DEBUG가 켜진 곳에서만 만들 수 있습니다.")
        folder, trust_folder = Path(settings.DEMO_CERTS_DIR), Path(settings.TRUST_DIR)
        refuse_real_trust(trust_folder)
        now = timezone.now()
        places = {"folder": folder, "trust_folder": trust_folder}
        if not options["if_missing"] or not is_fresh(**places, at=now):
            make_demo_certificates(**places, at=now)
        if not are_lists_loaded(folder=folder):
            load_demo_lists(**places, at=timezone.now())
        self.show(folder)

    def show(self, folder: Path) -> None:
        """Say where everything lies and how to open it."""
        self.stdout.write(f"시연용 공동인증서: {folder}")
        self.stdout.write(f"인증서 비밀번호는 모두 {CERTIFICATE_PASSWORD}")
        for slug, label, number in json.loads((folder / INDEX).read_text("utf-8")):
            self.stdout.write(f"  {slug:<24} {format_business_number(number)}  {label}")


def refuse_real_trust(folder: Path) -> None:
    """Never touch a trust store that somebody set up for real."""
    if not (folder / TRUST_FILE).exists():
        return
    try:
        store = load_trust_store(folder)
    except TrustStoreError as error:
        raise CommandError(f"{folder}: {error}") from error
    if not all(map(is_demonstration, store.roots)):
        raise CommandError(f"{folder}에 실제 신뢰 저장소가 있어 그대로 둡니다.")
