"""Make the development key that papers are signed with; production refuses it."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from certificates.signing_keys import make_development_key


class Command(BaseCommand):
    help = "Makes a signing key for development, unless there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.CERTIFICATE_ALLOW_DEVELOPMENT_KEY:
            raise CommandError("Here papers are signed with the operator's own key only.")
        path = Path(settings.DEVELOPMENT_KEYSTORE)
        if path.is_file():
            return
        make_development_key(
            path=path, password=settings.DEVELOPMENT_KEY_PASSWORD, at=timezone.now()
        )
        if options["verbosity"]:
            self.stdout.write("Made a signing key for development.")
