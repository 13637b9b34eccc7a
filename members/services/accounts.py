"""What joining and taking up an invitation share: a new log-in."""

from dataclasses import dataclass


class LoginNameTakenError(Exception):
    """Somebody took the ID since it was checked."""


@dataclass(frozen=True)
class NewAccount:
    """The log-in of a new person, checked by the form; never stored as it is."""

    username: str
    password: str
