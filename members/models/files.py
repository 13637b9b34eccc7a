"""Private files and the papers of a company. Bytes lie under random keys, never under MEDIA."""

import secrets
from uuid import uuid4

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q

from members.enums import OriginalsAct, PaperSlot, PaperState, ScanState
from members.models.agencies import Agency
from members.models.companies import Company, Product


def private_storage() -> Storage:
    """Return the storage of private files, so that migrations name no place."""
    return storages["private"]


def random_key(instance: "StoredFile", filename: str) -> str:
    """Return a path that holds nothing of the user's file name."""
    token = secrets.token_hex(24)
    return f"{token[:2]}/{token[2:4]}/{token[4:]}"


class StoredFile(models.Model):
    """One private file. `sha256` and `size` (bytes) are of the plain content.

    The bytes are on disk (fsynced) before the row commits; a sensitive file is encrypted at rest.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    content = models.FileField(storage=private_storage, upload_to=random_key, max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveBigIntegerField("크기(바이트)")
    display_name = models.CharField("파일 이름", max_length=255)
    kind = models.CharField("형식", max_length=10)
    member_names = models.JSONField("압축 안 파일", default=list, blank=True)
    is_encrypted = models.BooleanField("암호화", default=False)
    scan_state = models.CharField(
        "검사", max_length=12, choices=ScanState.choices, default=ScanState.UNSCANNED
    )
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="files", null=True, blank=True
    )
    uploaded_by = models.ForeignKey(
        "members.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField("올린 시각")
    destroyed_at = models.DateTimeField("파기 시각", null=True, blank=True)
    destroyed_reason = models.CharField("파기 사유", max_length=200, blank=True)

    class Meta:
        verbose_name = "비공개 파일"
        verbose_name_plural = "비공개 파일"

    def __str__(self) -> str:
        return self.display_name

    @property
    def is_withheld(self) -> bool:
        """Tell whether nobody may take the file: not seen by the scanner yet, or infected."""
        return self.scan_state in {ScanState.HELD, ScanState.INFECTED}


class PaperQuerySet(models.QuerySet["Paper"]):
    def current(self) -> "PaperQuerySet":
        return self.filter(replaced_at__isnull=True)


class Paper(models.Model):
    """A paper of a company in its slot; a newer one replaces it and the old one stays."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="papers")
    slot = models.CharField("서류", max_length=30, choices=PaperSlot.choices)
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="papers", null=True, blank=True
    )
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="papers")
    state = models.CharField(
        "상태", max_length=12, choices=PaperState.choices, default=PaperState.RECEIVED
    )
    reason = models.TextField("다시 제출 사유", blank=True)
    sent_at = models.DateTimeField("제출 시각")
    checked_at = models.DateTimeField("확인 시각", null=True, blank=True)
    checked_by = models.ForeignKey(
        "members.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    replaced_at = models.DateTimeField("교체 시각", null=True, blank=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = "기업 서류"
        verbose_name_plural = "기업 서류"
        ordering = ["slot", "-sent_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True, checked_by__isnull=True)
                | Q(checked_at__isnull=False, checked_by__isnull=False),
                name="paper_checked_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company} {self.get_slot_display()}"


class OriginalsFile(models.Model):
    """The paper originals of one company at one agency, found by the cover sheet's code (S32)."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="originals")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="originals")
    cover_code = models.CharField("봉투 표지 번호", max_length=20, unique=True)
    received_slots = models.JSONField("받은 원본", default=list, blank=True)
    created_at = models.DateTimeField("만든 시각")
    completed_at = models.DateTimeField("모두 받은 시각", null=True, blank=True)
    reminders = models.PositiveSmallIntegerField("보낸 안내", default=0)
    handed_over_from = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        verbose_name = "원본서류"
        verbose_name_plural = "원본서류"
        constraints = [
            models.UniqueConstraint(fields=["company"], name="originals_one_file_per_company"),
        ]

    def __str__(self) -> str:
        return f"{self.company} {self.cover_code}"


class OriginalsEvent(models.Model):
    """One act in the history of a company's papers and originals; `by` is None for jobs."""

    originals = models.ForeignKey(OriginalsFile, on_delete=models.PROTECT, related_name="events")
    act = models.CharField("내용", max_length=20, choices=OriginalsAct.choices)
    note = models.CharField("비고", max_length=300, blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("시각")
    by = models.ForeignKey(
        "members.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        verbose_name = "원본서류 이력"
        verbose_name_plural = "원본서류 이력"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(act__in=OriginalsAct.values), name="originals_act_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.originals} {self.get_act_display()}"
