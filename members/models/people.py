"""How a company's people came and went: invitations and what was done with whom (A12)."""

from datetime import datetime
from uuid import uuid4

from django.db import models
from django.db.models import Q

from members.enums import PersonEventKind
from members.models.accounts import User
from members.models.companies import Company


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open_at(self, at: datetime) -> "InvitationQuerySet":
        """Those that can still be taken up."""
        return self.filter(accepted_at__isnull=True, cancelled_at__isnull=True, expires_at__gt=at)


class Invitation(models.Model):
    """A place in a company that is offered to a mail address; the token itself is not stored."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="invitations")
    name = models.CharField("이름", max_length=60)
    email = models.EmailField("전자우편")
    is_for_master = models.BooleanField("대표 담당자로 초대", default=False)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("초대 시각")
    expires_at = models.DateTimeField("만료 시각")
    accepted_at = models.DateTimeField("수락 시각", null=True, blank=True)
    cancelled_at = models.DateTimeField("취소 시각", null=True, blank=True)
    person = models.OneToOneField(
        User, on_delete=models.PROTECT, related_name="invitation", null=True, blank=True
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "담당자 초대"
        verbose_name_plural = "담당자 초대"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, person__isnull=True)
                | Q(accepted_at__isnull=False, person__isnull=False, cancelled_at__isnull=True),
                name="invitation_accepted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company} {self.email}"


class PersonEvent(models.Model):
    """One act on a company's people, written with the act itself; never changed."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="person_events")
    kind = models.CharField("내용", max_length=20, choices=PersonEventKind.choices)
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    about = models.CharField("대상", max_length=200, blank=True)
    reason = models.TextField("사유", blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    at = models.DateTimeField("시각")

    class Meta:
        verbose_name = "담당자 이력"
        verbose_name_plural = "담당자 이력"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.company} {self.get_kind_display()} {self.about}"
