"""`manage.py load_hs_codes FILE`: take in the customs service's HS code list (data.md 1.2)."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from members.hs.official_file import HsFileError, read_official_file
from members.services.hs_codes import HsReport, load_edition

SHOWN = 20


class Command(BaseCommand):
    help = "관세청 HS 코드 파일을 새 판으로 등록합니다. 잘못이 있으면 하나도 바꾸지 않습니다."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="‘HS부호 단위별 품목명’ 또는 ‘HS부호’ 파일")
        parser.add_argument("--base-date", type=date.fromisoformat, help="기준일, 예: 2026-01-01")
        parser.add_argument("--dry-run", action="store_true", help="확인만 하고 바꾸지 않습니다.")

    def handle(
        self, *args: Any, file: Path, base_date: date | None, dry_run: bool, **options: Any
    ) -> None:
        try:
            official = read_official_file(file)
            report = load_edition(
                official=official, base_date=base_date, at=timezone.now(), dry_run=dry_run
            )
        except HsFileError as error:
            raise CommandError("등록하지 않았습니다.\n" + "\n".join(error.problems)) from error
        self.tell(report, dry_run=dry_run)

    def tell(self, report: HsReport, *, dry_run: bool) -> None:
        """Print what was, or would be, done."""
        done = "확인만 했습니다" if dry_run else "등록했습니다"
        self.stdout.write(
            f"{report.edition}: {report.rows_in_file:,}줄을 {done}. "
            f"나뉘지 않는 6자리 코드 {report.derived:,}개를 보탰습니다."
        )
        for label, codes in (
            ("새 코드", report.added),
            ("없어진 코드", report.removed),
            ("이름이 바뀐 코드", report.renamed),
        ):
            more = f" 외 {len(codes) - SHOWN:,}개" if len(codes) > SHOWN else ""
            listed = f": {', '.join(codes[:SHOWN])}{more}" if codes else ""
            self.stdout.write(f"{label} {len(codes):,}개{listed}")
        self.stdout.write(
            f"다시 골라야 하는 제품 {report.flagged_products:,}개"
            f"(기업 {report.flagged_companies:,}곳)를 표시했습니다."
        )
        self.stdout.write(report.edition.attribution)
