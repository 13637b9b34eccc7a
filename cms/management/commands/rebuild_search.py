"""Read every page into the search anew, after a restore or a change of the rules."""

from typing import Any

from django.core.management.base import BaseCommand

from cms.services.search import rebuild_search


class Command(BaseCommand):
    help = "통합검색 색인을 처음부터 다시 만듭니다."

    def handle(self, *args: Any, **options: Any) -> None:
        count = rebuild_search()
        self.stdout.write(f"검색 색인에 화면 {count}개를 넣었습니다.")
