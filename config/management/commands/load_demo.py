"""Fill an empty database with the invented demo content."""

import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from wagtail.signal_handlers import disable_reference_index_auto_update

from cms.models import HomePage, PortalSettings
from cms.services.site import provision_site
from config.demo import activity, content, legal, people, site_words
from config.demo.source import NOTICE_OF_DEMO, shift
from members.models import User


class Command(BaseCommand):
    help = "시연용 가상 자료를 넣습니다(운영 설정에서는 거부합니다)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="사용자가 있으면 그만둡니다.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.ALLOW_DEMO_NUMBERS:
            raise CommandError("시연 자료는 개발 설정에서만 넣을 수 있습니다.")
        if User.objects.exists():
            if options["if_empty"]:
                self.stdout.write("사용자가 이미 있어 시연 자료를 넣지 않습니다.")
                return
            raise CommandError("데이터베이스가 비어 있지 않습니다.")
        started = time.monotonic()
        # Wagtail would index every page at each of its saves; once at the end is enough.
        with transaction.atomic(), disable_reference_index_auto_update():
            report = self.load()
        call_command("rebuild_references_index", verbosity=0)
        self.stdout.write(f"{report} ({time.monotonic() - started:.1f}초)")

    def load(self) -> str:
        """Load everything in the order in which it stands on itself; return what was made."""
        at, by_days = timezone.now(), shift()
        operator = people.load_operator(at=at)
        home = provision_site(by=operator)
        PortalSettings.objects.update_or_create(
            site=home.get_site(), defaults={"demo_notice": NOTICE_OF_DEMO}
        )
        agencies = people.load_agencies(by=operator, at=at)
        corners = content.load_corners(agencies=agencies, by=operator)
        legal.load_legal_texts(at=at, by=operator)
        categories = content.load_categories()
        guides = content.load_guides(corners=corners, categories=categories, by=operator)
        notices = content.load_notices(
            corners=corners, categories=categories, guides=guides, by_days=by_days, by=operator
        )
        entries = content.load_schedule(
            corners=corners, guides=guides, by_days=by_days, by=operator
        )
        site_words.load_site_words(home=HomePage.objects.get(), by=operator, at=at)
        companies = people.load_companies(agencies=agencies, at=at)
        done = activity.load_activity(at=at)
        states = ", ".join(
            f"{label} {count}" for label, count in content.state_counts(notices, at=at).items()
        )
        return (
            f"기관 {len(agencies)}, 공고 {len(notices)}({states}), 사업안내 {len(guides)}, "
            f"일정 {len(entries)}, 기업 {len(companies)}, {done}"
        )
