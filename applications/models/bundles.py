"""All papers of a notice as ZIP parts, made in the background and destroyed after a day."""

from datetime import datetime
from uuid import uuid4

from django.db import models

from applications.enums import BundleState
from cms.models import NoticePage
from members.models import StoredFile, User


class PaperBundle(models.Model):
    """One order of all papers of a notice; its parts are there until `expires_at`."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    notice = models.ForeignKey(NoticePage, on_delete=models.PROTECT, related_name="paper_bundles")
    reason = models.CharField("내려받는 사유", max_length=300)
    state = models.CharField(
        "상태", max_length=10, choices=BundleState.choices, default=BundleState.WAITING
    )
    requested_at = models.DateTimeField("요청 시각")
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField("만든 시각", null=True, blank=True)
    expires_at = models.DateTimeField("지우는 시각", null=True, blank=True)
    paper_count = models.PositiveIntegerField("서류 수", default=0)

    class Meta:
        verbose_name = "서류 묶음"
        verbose_name_plural = "서류 묶음"
        ordering = ["-requested_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.notice.code} 서류 묶음"

    def is_there_at(self, at: datetime) -> bool:
        """Tell whether the parts can be fetched at a moment."""
        is_ready = self.state == BundleState.READY and self.expires_at is not None
        return is_ready and self.expires_at > at  # type: ignore[operator]  # not None: see above


class BundlePart(models.Model):
    """One ZIP of a bundle, numbered from 1."""

    bundle = models.ForeignKey(PaperBundle, on_delete=models.PROTECT, related_name="parts")
    number = models.PositiveSmallIntegerField("번호")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "서류 묶음 파일"
        verbose_name_plural = "서류 묶음 파일"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["bundle", "number"], name="bundle_part_once"),
        ]

    def __str__(self) -> str:
        return f"{self.bundle} {self.number}"
