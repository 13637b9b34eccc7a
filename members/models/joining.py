"""The joining draft: server-side, so that back and a closed browser lose nothing (S20)."""

from datetime import datetime
from uuid import uuid4

from django.db import models

from members.encryption import EncryptedJSONField
from members.enums import JoinRoute
from members.models.files import StoredFile


class JoinDraftQuerySet(models.QuerySet["JoinDraft"]):
    def live_at(self, at: datetime) -> "JoinDraftQuerySet":
        return self.filter(finished_at__isnull=True, expires_at__gt=at)


class JoinDraft(models.Model):
    """What a company typed so far; never a password. Destroyed 7 days after the last change.

    `choices` maps LegalText uuid to ConsentChoice; `values` holds the typed fields by name,
    products as a list under ``products``. The cookie's token is stored hashed.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    route = models.CharField("가입 방식", max_length=20, choices=JoinRoute.choices, blank=True)
    business_number = models.CharField("사업자등록번호", max_length=10, blank=True)
    choices = models.JSONField("동의", default=dict)
    consented_at = models.DateTimeField("동의 시각", null=True, blank=True)
    verified_at = models.DateTimeField("기업인증 시각", null=True, blank=True)
    checked_login_name = models.CharField("중복확인한 아이디", max_length=20, blank=True)
    values = EncryptedJSONField("입력값", default=dict)
    created_at = models.DateTimeField("만든 시각")
    expires_at = models.DateTimeField("만료 시각", db_index=True)
    finished_at = models.DateTimeField("완료 시각", null=True, blank=True)

    objects = JoinDraftQuerySet.as_manager()

    class Meta:
        verbose_name = "가입 진행"
        verbose_name_plural = "가입 진행"

    def __str__(self) -> str:
        return str(self.uuid)


class JoinDraftFile(models.Model):
    """A paper that was uploaded before the company exists."""

    draft = models.ForeignKey(JoinDraft, on_delete=models.CASCADE, related_name="files")
    slot = models.CharField("서류", max_length=30)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "가입 진행 파일"
        verbose_name_plural = "가입 진행 파일"

    def __str__(self) -> str:
        return f"{self.draft} {self.slot}"
