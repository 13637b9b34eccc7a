"""`manage.py provision_site`: make the site's frame and every agency's corner."""

from typing import Any

from django.core.management.base import BaseCommand

from cms.services.site import provision_site


class Command(BaseCommand):
    help = "Make the home page, the lists, the first texts, rights and workflow. Idempotent."

    def handle(self, *args: Any, **options: Any) -> None:
        home = provision_site()
        self.stdout.write(f"The site stands below «{home.title}».")
