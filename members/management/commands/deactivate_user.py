"""End an account from the command line: the same as on the operator's screen."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from members.models import User
from members.services.staff import deactivate_user


class Command(BaseCommand):
    help = "Deactivate a person: no log-in, no session, no role. The ID is never reused."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username__iexact=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no account {options['username']!r}.")
        deactivate_user(user=user, by=None, at=timezone.now(), reason=options["reason"])
        self.stdout.write(f"{user.username} deactivated")
