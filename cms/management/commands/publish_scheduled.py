"""`manage.py publish_scheduled`: Wagtail's command, each page in one transaction.

Wagtail sends page_published outside of one; what a receiver does must stand or fall with the page
(domain.md section 5.4). A page that fails is told and does not hold back the others.
"""

import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Revision

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Publish what is scheduled and unpublish what has expired. Run every minute."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        failed = 0
        for page in Page.objects.live().filter(expire_at__lte=now).order_by("expire_at"):
            failed += not self.try_one(lambda page=page: unpublish(page), page)
        due = Revision.objects.filter(approved_go_live_at__lte=now).order_by("approved_go_live_at")
        for revision in list(due):
            failed += not self.try_one(lambda revision=revision: publish(revision), revision)
        if failed:
            raise CommandError(f"{failed} of the scheduled pages failed; see the log.")

    def try_one(self, step: Any, what: Any) -> bool:
        """Run one step in its own transaction; tell whether it went well."""
        try:
            with transaction.atomic():
                step()
        except Exception:  # one page's fault, whatever it is, must not stop the rest
            logger.exception("Scheduled publishing failed: %s", what)
            return False
        return True


def unpublish(page: Page) -> None:
    page.specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def publish(revision: Revision) -> None:
    revision.publish(log_action="wagtail.publish.scheduled", skip_permission_checks=True)
