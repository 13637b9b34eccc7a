"""What happens to a business itself: a new number, a merger, a pause or an end (S64)."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from members.enums import ChangeEffect, ChangeKind, ChangeState
from members.models.accounts import User
from members.models.companies import Company


class CompanyChange(models.Model):
    """A company's report with the operator's decision; a decided row is never changed."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField("내용", max_length=20, choices=ChangeKind.choices)
    old_number = models.CharField("이전 사업자등록번호", max_length=10)
    new_number = models.CharField("새 사업자등록번호", max_length=10, blank=True)
    note = models.TextField("설명")
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField("신청 시각")
    state = models.CharField(
        "상태", max_length=12, choices=ChangeState.choices, default=ChangeState.REQUESTED
    )
    effect = models.CharField(
        "신청과 확인증", max_length=12, choices=ChangeEffect.choices, blank=True
    )
    decision_reason = models.TextField("처리 내용", blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    decided_at = models.DateTimeField("처리 시각", null=True, blank=True)

    class Meta:
        verbose_name = "기업 변경 신청"
        verbose_name_plural = "기업 변경 신청"
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["company"],
                condition=Q(state="requested"),
                name="company_change_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state="requested", decided_at__isnull=True, decided_by__isnull=True)
                | (
                    ~Q(state="requested")
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                    & ~Q(decision_reason="")
                ),
                name="company_change_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company} {self.get_kind_display()}"
