"""Log-in by ID, whatever its case."""

from django.contrib.auth.backends import ModelBackend


class LoginNameBackend(ModelBackend):
    """Django's backend; the manager finds the ID case-insensitively, inactive people are out."""
