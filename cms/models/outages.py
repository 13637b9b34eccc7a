"""The log of outages: when companies could not apply, and what was done about it."""

from datetime import datetime
from uuid import uuid4

from django.db import models
from django.db.models import F, Q


class Outage(models.Model):
    """A time in which the portal did not take applications (half-open), kept by the operator.

    `applied_at` and `applied_by`: the one act by which the notices hit got their extension.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    started_at: models.DateTimeField[datetime, datetime] = models.DateTimeField("시작 시각")
    ended_at: models.DateTimeField[datetime, datetime] = models.DateTimeField("끝난 시각")
    description = models.CharField("내용", max_length=300)
    logged_at: models.DateTimeField[datetime, datetime] = models.DateTimeField("기록 시각")
    logged_by = models.ForeignKey("members.User", on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField("연장 시각", null=True, blank=True)
    applied_by = models.ForeignKey(
        "members.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        verbose_name = "장애 기록"
        verbose_name_plural = "장애 기록"
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__gt=F("started_at")),
                name="outage_ends_after_it_starts",
                violation_error_message="끝난 시각은 시작 시각보다 늦어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(applied_at__isnull=True, applied_by__isnull=True)
                | Q(applied_at__isnull=False, applied_by__isnull=False),
                name="outage_applied_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M} {self.description}"
