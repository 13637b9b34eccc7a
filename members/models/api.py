"""Access of an agency's own systems: tokens, and the answers kept for repeated requests."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import Q

from members.encryption import EncryptedTextField
from members.enums import ApiScope
from members.models.accounts import User
from members.models.agencies import Agency


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def usable_at(self, at: datetime) -> "ApiTokenQuerySet":
        """Those that hold: not revoked, not expired, agency and account at work."""
        return self.filter(
            revoked_at__isnull=True,
            expires_at__gt=at,
            account__is_active=True,
            agency__is_active=True,
        )


class ApiToken(models.Model):
    """접근 토큰: what an agency's system may do, until when. The secret itself is never stored.

    `account` stands for the system in permissions, page history and access records: an officer
    of the agency who can never log in. `scopes`: ApiScope values.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    agency = models.ForeignKey(
        Agency, verbose_name="기관", on_delete=models.PROTECT, related_name="api_tokens"
    )
    account = models.OneToOneField(
        User, verbose_name="계정", on_delete=models.PROTECT, related_name="api_token"
    )
    label = models.CharField("이름", max_length=50)
    scopes = models.JSONField("범위", default=list)
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    secret_hint = models.CharField("앞자리", max_length=12, editable=False)
    created_at = models.DateTimeField("발급 시각")
    created_by = models.ForeignKey(
        User, verbose_name="발급자", on_delete=models.PROTECT, related_name="+"
    )
    expires_at = models.DateTimeField("만료 시각")
    last_used_at = models.DateTimeField("마지막 사용", null=True, blank=True)
    revoked_at = models.DateTimeField("회수 시각", null=True, blank=True)
    revoked_by = models.ForeignKey(
        User,
        verbose_name="회수자",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "접근 토큰"
        verbose_name_plural = "접근 토큰"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("created_at")),
                name="api_token_expires_after_it_was_made",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="api_token_revoked_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.secret_hint}…)"

    def allows(self, scope: ApiScope) -> bool:
        return scope.value in self.scopes

    @property
    def scope_labels(self) -> list[str]:
        """What the token may do, in words."""
        return [scope.label for scope in ApiScope if scope.value in self.scopes]

    def is_usable_at(self, at: datetime) -> bool:
        return self.revoked_at is None and self.expires_at > at


class ApiReply(models.Model):
    """The answer given to a token's request with one Idempotency-Key, for a repeated one.

    `fingerprint`: SHA-256 (hex) over method, address and body; `headers`: those worth repeating.
    `body` is encrypted, because answers may name companies.
    """

    token = models.ForeignKey(ApiToken, on_delete=models.PROTECT, related_name="replies")
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers: models.JSONField[Any, Any] = models.JSONField(default=dict)
    body = EncryptedTextField(blank=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "API 응답"
        verbose_name_plural = "API 응답"
        constraints = [
            models.UniqueConstraint(fields=["token", "key"], name="api_reply_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.token} {self.key}"
