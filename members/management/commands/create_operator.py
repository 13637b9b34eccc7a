"""Break-glass: make an operator where nobody can log in to make one."""

import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from members.enums import StaffRole
from members.models import User
from members.services.staff import LoginNameTakenError, create_staff


class Command(BaseCommand):
    help = (
        "Create an operator account (no superuser). Asks for the password; with --stdin reads it "
        "from standard input. Leaves a row in the history of roles."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True)
        parser.add_argument("--email", required=True)
        parser.add_argument("--stdin", action="store_true", help="read the password from stdin")

    def handle(self, *args: Any, **options: Any) -> None:
        password = self.stdin_line() if options["stdin"] else getpass.getpass("Password: ")
        candidate = User(username=options["username"].lower(), name=options["name"])
        try:
            candidate.clean_fields(exclude=["password", "email"])
            validate_password(password, candidate)
            user = create_staff(
                username=options["username"],
                name=options["name"],
                email=options["email"],
                role=StaffRole.OPERATOR,
                agency=None,
                password=password,
                by=None,
                at=timezone.now(),
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except LoginNameTakenError as error:
            raise CommandError(f"The ID {options['username']!r} is or was somebody's.") from error
        self.stdout.write(f"operator {user.username} created")

    def stdin_line(self) -> str:
        """Return the password without its line break."""
        return input()
