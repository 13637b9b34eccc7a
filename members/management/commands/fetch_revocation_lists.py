"""Fetch the lists of revoked certificates that the trust store names (pki.md section 6)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from members.pki.trust import TrustStoreError, trust_store
from members.services.business_proof import purge_challenges
from members.services.revocation_lists import ListRefusedError, purge_lists, take_list

SECONDS = 20
MAX_BYTES = 30 * 1024 * 1024


class Command(BaseCommand):
    help = "인증서 폐지 목록을 받아 저장합니다. 작업 스케줄러로 한 시간마다 실행합니다."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, help="주소 대신 읽을 파일(DER)")

    def handle(self, *args: Any, files: list[Path], **options: Any) -> None:
        try:
            trust = trust_store()
        except TrustStoreError as error:
            raise CommandError(str(error)) from error
        if trust is None:
            raise CommandError("신뢰 저장소가 없습니다.")
        places = [str(file) for file in files] or [source.url for source in trust.sources]
        failed = 0
        for place in places:
            try:
                kept = take_list(der=read_list(place), source=place, trust=trust, at=timezone.now())
            except (ListRefusedError, OSError, URLError, ValueError) as error:
                failed += 1
                self.stderr.write(f"{place}: {error}")
            else:
                self.stdout.write(f"{kept} ({place})")
        purge_lists(at=timezone.now())
        purge_challenges(at=timezone.now())
        if failed:
            raise CommandError(f"{failed}개 목록을 받지 못했습니다.")


def read_list(place: str) -> bytes:
    """Read a list from a file or an address of the trust store; http and https only."""
    if urlsplit(place).scheme not in ("http", "https"):
        if "://" in place:
            raise ValueError("only http and https addresses are fetched; load the file instead")
        return Path(place).read_bytes()
    with urlopen(place, timeout=SECONDS) as answer:  # noqa: S310  (the scheme was checked)
        data: bytes = answer.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError("the list is too large")
    return data
