"""End a lost second factor from the command line: when the only operator lost the device."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from members.models import User
from members.services.second_factor import NoFactorError, reset_second_factor


class Command(BaseCommand):
    help = "Reset a person's second factor; sessions end, the person and the managers are told."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username__iexact=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no account {options['username']!r}.")
        try:
            reset_second_factor(user=user, by=None, at=timezone.now(), reason=options["reason"])
        except NoFactorError as error:
            raise CommandError(f"{user.username} has no second factor.") from error
        self.stdout.write(f"{user.username}: second factor reset")
