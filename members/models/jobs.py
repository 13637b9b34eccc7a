"""Scheduled jobs: when each ran last, and whose turn it is."""

from datetime import datetime
from uuid import uuid4

from django.db import models
from django.db.models import Q


class ScheduledJobQuerySet(models.QuerySet["ScheduledJob"]):
    def due_at(self, at: datetime) -> "ScheduledJobQuerySet":
        """Jobs whose time has come and which nobody runs, the longest waiting first."""
        free = Q(leased_until__isnull=True) | Q(leased_until__lte=at)
        return self.filter(free, due_at__lte=at).order_by("due_at", "name")


class ScheduledJob(models.Model):
    """One job of the portal. A missed time is caught up once, however long it was missed.

    `leased_until`: nobody else starts it before; a runner that died loses the lease by time.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField("명령", max_length=60, unique=True)
    title = models.CharField("하는 일", max_length=100)
    every = models.DurationField("주기")
    due_at = models.DateTimeField("다음 차례")
    leased_until = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField("마지막 시작", null=True, blank=True)
    succeeded_at = models.DateTimeField("마지막 성공", null=True, blank=True)
    failed_at = models.DateTimeField("마지막 실패", null=True, blank=True)
    last_error = models.CharField("실패 내용", max_length=200, blank=True)

    objects = ScheduledJobQuerySet.as_manager()

    class Meta:
        verbose_name = "예약 작업"
        verbose_name_plural = "예약 작업"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(leased_until__isnull=True) | Q(started_at__isnull=False),
                name="job_leased_was_started",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def is_late_at(self, at: datetime) -> bool:
        """Tell whether two turns passed without a success."""
        return at - self.due_at > self.every and not self.is_running_at(at)

    def is_running_at(self, at: datetime) -> bool:
        return self.leased_until is not None and self.leased_until > at

    @property
    def is_failing(self) -> bool:
        """Tell whether the last end was a failure."""
        if self.failed_at is None:
            return False
        return self.succeeded_at is None or self.failed_at > self.succeeded_at
