"""Log-in by ID, whatever its case."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from members.models import ApiToken


class LoginNameBackend(ModelBackend):
    """Django's backend; the manager finds the ID case-insensitively, inactive people are out.

    The account of an access token is nobody's: it cannot log in, whatever password it was given.
    """

    def user_can_authenticate(self, user: Any) -> bool:
        return super().user_can_authenticate(user) and not (
            ApiToken.objects.filter(account=user).exists()
        )
