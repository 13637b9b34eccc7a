"""Mail outbox, access records with their seals, and throttles: the same for every room."""

from typing import Any, NoReturn
from uuid import uuid4

from django.db import models
from django.db.models import Q

from members.encryption import EncryptedTextField
from members.enums import AccessAction, MailState
from members.models.companies import Company


class OutboxMail(models.Model):
    """A mail written in the transaction of what it tells; sent later, at least once.

    `body` is encrypted: receipts and reset links must not lie open in a dump.
    `message_id` stays the same over retries, so that a receiver shows one mail.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField("종류", max_length=40)
    to = models.EmailField("받는 이")
    subject = models.CharField("제목", max_length=200)
    body = EncryptedTextField("본문")
    message_id = models.CharField(max_length=200, unique=True)
    stop_url = EncryptedTextField("수신 중지 주소", blank=True, default="")
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    state = models.CharField(
        "상태", max_length=10, choices=MailState.choices, default=MailState.WAITING
    )
    attempts = models.PositiveSmallIntegerField("시도", default=0)
    created_at = models.DateTimeField("만든 시각")
    send_after = models.DateTimeField("다음 시도")
    sent_at = models.DateTimeField("보낸 시각", null=True, blank=True)
    last_error = models.CharField("마지막 오류", max_length=300, blank=True)

    class Meta:
        verbose_name = "보낸 메일함"
        verbose_name_plural = "보낸 메일함"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["send_after"], condition=Q(state="waiting"), name="outbox_waiting_idx"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"


class AccessRecordQuerySet(models.QuerySet["AccessRecord"]):
    """Reads and appends only: an access record is evidence."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("Access records are append-only.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("Access records are append-only.")

    def delete(self) -> NoReturn:
        raise TypeError("Access records are append-only.")


class AccessRecord(models.Model):
    """Append-only: who, when, from where, whose data, what, why (kept 2 years)."""

    at = models.DateTimeField("시각", db_index=True)
    actor = models.ForeignKey("members.User", on_delete=models.PROTECT, related_name="+")
    actor_label = models.CharField("행위자", max_length=120)
    address = models.GenericIPAddressField("접속 주소", null=True, blank=True)
    action = models.CharField("행위", max_length=12, choices=AccessAction.choices)
    subjects = models.JSONField("대상", default=list)
    subject_count = models.PositiveIntegerField("대상 수", default=0)
    what = models.CharField("내용", max_length=200)
    reason = models.CharField("사유", max_length=300, blank=True)
    request_id = models.CharField(max_length=32, blank=True)

    objects = AccessRecordQuerySet.as_manager()

    class Meta:
        verbose_name = "접속기록"
        verbose_name_plural = "접속기록"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_label} {self.get_action_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("Access records are append-only.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("Access records are append-only.")


class AccessSeal(models.Model):
    """A hash over a batch of access records and the seal before it; outlives purged rows."""

    first_record = models.BigIntegerField("첫 기록")
    last_record = models.BigIntegerField("끝 기록", unique=True)
    count = models.PositiveIntegerField("기록 수")
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField("봉인 시각")

    class Meta:
        verbose_name = "접속기록 봉인"
        verbose_name_plural = "접속기록 봉인"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.first_record}–{self.last_record}"


class Throttle(models.Model):
    """Tries of one key in one window, in the database so that no limit is off without Redis."""

    scope = models.CharField("종류", max_length=40)
    key_hash = models.CharField(max_length=64)
    window_started_at = models.DateTimeField("창 시작")
    count = models.PositiveIntegerField("횟수", default=0)
    locked_until = models.DateTimeField("잠금 해제", null=True, blank=True)

    class Meta:
        verbose_name = "시도 제한"
        verbose_name_plural = "시도 제한"
        constraints = [
            models.UniqueConstraint(fields=["scope", "key_hash"], name="throttle_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.count}"


class LoginSession(models.Model):
    """A person's live session, so that it can be listed and ended (ASVS 7.5.2)."""

    user = models.ForeignKey("members.User", on_delete=models.CASCADE, related_name="sessions")
    session_key = models.CharField(max_length=40, unique=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    started_at = models.DateTimeField("로그인 시각")
    address = models.GenericIPAddressField("접속 주소", null=True, blank=True)
    browser = models.CharField("브라우저", max_length=200, blank=True)

    class Meta:
        verbose_name = "로그인 세션"
        verbose_name_plural = "로그인 세션"
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.user} {self.started_at:%Y-%m-%d %H:%M}"


class PasswordReset(models.Model):
    """A one-time link (1 hour) to set a new password; the token itself is not stored (A10)."""

    user = models.ForeignKey("members.User", on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField("만든 시각")
    expires_at = models.DateTimeField("만료 시각")
    used_at = models.DateTimeField("사용 시각", null=True, blank=True)

    class Meta:
        verbose_name = "비밀번호 재설정"
        verbose_name_plural = "비밀번호 재설정"

    def __str__(self) -> str:
        return f"{self.user} {self.created_at:%Y-%m-%d %H:%M}"
