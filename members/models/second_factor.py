"""A person's second factor: the secret of an authenticator app, and codes for its loss."""

from datetime import datetime

from django.db import models

from members.encryption import EncryptedTextField
from members.models.accounts import User


class SecondFactorQuerySet(models.QuerySet["SecondFactor"]):
    def in_use(self) -> "SecondFactorQuerySet":
        return self.filter(confirmed_at__isnull=False)


class SecondFactor(models.Model):
    """TOTP (RFC 6238). In use once a first code proved that the app holds the secret.

    `secret`: base32, encrypted. `last_step`: the 30-second step of the last code taken, so that
    a code works once.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="second_factor")
    secret = EncryptedTextField("비밀 열쇠")
    created_at: models.DateTimeField[datetime, datetime] = models.DateTimeField("만든 시각")
    confirmed_at = models.DateTimeField("켠 시각", null=True, blank=True)
    last_step = models.BigIntegerField(default=-1)

    objects = SecondFactorQuerySet.as_manager()

    class Meta:
        verbose_name = "2단계 인증"
        verbose_name_plural = "2단계 인증"

    def __str__(self) -> str:
        return f"{self.user} {self.pk}"


class RecoveryCode(models.Model):
    """A code that stands in for the app once; only its keyed hash is kept."""

    factor = models.ForeignKey(
        SecondFactor, on_delete=models.CASCADE, related_name="recovery_codes"
    )
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField("쓴 시각", null=True, blank=True)

    class Meta:
        verbose_name = "복구 코드"
        verbose_name_plural = "복구 코드"
        constraints = [
            models.UniqueConstraint(fields=["factor", "code_hash"], name="recovery_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.factor} {self.pk}"
