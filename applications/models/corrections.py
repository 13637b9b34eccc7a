"""What follows a first hand-in: earlier editions, correction requests, permits to be late."""

from datetime import datetime
from uuid import uuid4

from django.db import models
from django.db.models import Q

from applications.enums import ApplicationState
from applications.models.applications import Application, ApplicationEvent, SubmittedDocument
from cms.models import NoticePage
from members.encryption import EncryptedJSONField
from members.models import User


class EarlierSubmission(models.Model):
    """What an application said before a paper was replaced; never changed."""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="earlier_submissions"
    )
    edition = models.PositiveSmallIntegerField("제출 차례")
    snapshot = EncryptedJSONField("제출 당시 기록")
    content_hash = models.CharField("전체 해시", max_length=64)
    replaced_at = models.DateTimeField("바뀐 시각")
    replaced_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "이전 제출"
        verbose_name_plural = "이전 제출"
        ordering = ["edition"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "edition"], name="earlier_submission_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.edition}"


class CorrectionQuerySet(models.QuerySet["CorrectionRequest"]):
    def unanswered(self) -> "CorrectionQuerySet":
        return self.filter(answered_at__isnull=True, dropped_at__isnull=True)

    def of_last_round(self) -> "CorrectionQuerySet":
        """The requests of the last time that an application was sent back for correction."""
        last = ApplicationEvent.objects.filter(
            application=models.OuterRef("application"),
            to_state=ApplicationState.CORRECTION_ASKED,
        ).exclude(from_state=ApplicationState.CORRECTION_ASKED)
        return self.filter(asked_at=models.Subquery(last.order_by("-pk").values("at")[:1]))


class CorrectionRequest(models.Model):
    """보완요청 on one paper (N14). `key` is the required document's; answered by a new file.

    Dropped where staff took the application back to checking without an answer.
    """

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="corrections"
    )
    key = models.UUIDField("제출서류 식별값")
    label = models.CharField("서류 이름", max_length=120)
    reason = models.CharField("사유", max_length=300)
    due_at = models.DateTimeField("보완 기한", null=True, blank=True)
    asked_at = models.DateTimeField("요청 시각")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answer = models.ForeignKey(
        SubmittedDocument, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    answered_at = models.DateTimeField("보완 시각", null=True, blank=True)
    dropped_at = models.DateTimeField("거둔 시각", null=True, blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = "보완요청"
        verbose_name_plural = "보완요청"
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "key"],
                condition=Q(answered_at__isnull=True, dropped_at__isnull=True),
                name="correction_one_open_per_paper",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer__isnull=True)
                | Q(answered_at__isnull=False, answer__isnull=False),
                name="correction_answered_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.label} 보완요청"


class LatePermitQuerySet(models.QuerySet["LatePermit"]):
    def usable_at(self, at: datetime) -> "LatePermitQuerySet":
        return self.filter(until_at__gt=at, revoked_at__isnull=True)


class LatePermit(models.Model):
    """늦은 접수 허용: one company may still hand in to one notice, until `until_at` (half-open).

    It names a business number, not a company, so that granting one tells an officer nothing
    about who is a member.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    notice = models.ForeignKey(NoticePage, on_delete=models.PROTECT, related_name="late_permits")
    business_number = models.CharField("사업자등록번호", max_length=10)
    until_at = models.DateTimeField("허용 기한")
    reason = models.CharField("사유", max_length=300)
    granted_at = models.DateTimeField("허용 시각")
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField("취소 시각", null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = LatePermitQuerySet.as_manager()

    class Meta:
        verbose_name = "늦은 접수 허용"
        verbose_name_plural = "늦은 접수 허용"
        ordering = ["-granted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "business_number"],
                condition=Q(revoked_at__isnull=True),
                name="late_permit_one_live",
            ),
            models.CheckConstraint(
                condition=Q(business_number__regex=r"^\d{10}$"), name="late_permit_number_digits"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="late_permit_revoked_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice.code} {self.business_number}"
