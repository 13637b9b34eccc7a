"""Log-in by ID, whatever its case."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from members.models import User


class LoginNameBackend(ModelBackend):
    """Django's backend; the manager finds the ID case-insensitively, inactive people are out.

    The account of an access token is nobody's: it cannot log in, whatever password it was given.
    """

    def get_user(self, user_id: int) -> User | None:
        """Return whose session it is; whether that is a token's account comes in the same query."""
        user = User.objects.select_related("api_token").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user: Any) -> bool:
        return super().user_can_authenticate(user) and not hasattr(user, "api_token")
