"""Agencies: the tenants by which every officer's screen is filtered."""

from datetime import date, datetime
from uuid import uuid4

from django.contrib.auth.models import Group
from django.db import models

from members.enums import AGENCY_ROLES, AgencyRole, StaffRole


class AgencyQuerySet(models.QuerySet["Agency"]):
    def active(self) -> "AgencyQuerySet":
        return self.filter(is_active=True)

    def in_order(self) -> "AgencyQuerySet":
        return self.order_by("position", "code")


class Agency(models.Model):
    """A body that runs programmes (S1, S6). Its pages live in `cms` and point here."""

    code = models.SlugField("기관 코드", max_length=40, unique=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField("기관명", max_length=120)
    name_en = models.CharField("기관명(영문)", max_length=200, blank=True)
    role = models.CharField("구분", max_length=20, choices=AgencyRole.choices)
    department = models.CharField("담당 부서", max_length=120, blank=True)
    phone = models.CharField("전화번호", max_length=20, blank=True)
    email = models.EmailField("전자우편", blank=True)
    address = models.CharField("주소(접수처)", max_length=300, blank=True)
    publishes_itself = models.BooleanField(
        "직접 게시",
        default=True,
        help_text="끄면 담당자의 글이 승인을 거쳐 게시됩니다.",
    )
    takes_originals = models.BooleanField("원본서류 접수", default=True)
    is_active = models.BooleanField("운영 중", default=True)
    position = models.PositiveSmallIntegerField("표시 순서", default=100)
    officer_group = models.OneToOneField(
        Group, on_delete=models.PROTECT, related_name="agency_of_officers", null=True, blank=True
    )
    manager_group = models.OneToOneField(
        Group, on_delete=models.PROTECT, related_name="agency_of_managers", null=True, blank=True
    )

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = "기관"
        verbose_name_plural = "기관"

    def __str__(self) -> str:
        return self.name


class AgencyName(models.Model):
    """A name an agency had before; old notices are still found by it (decision A20)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="former_names")
    name = models.CharField("예전 이름", max_length=120)
    used_until_date: models.DateField[date | None, date | None] = models.DateField(
        "사용 종료일", null=True, blank=True
    )

    class Meta:
        verbose_name = "기관의 예전 이름"
        verbose_name_plural = "기관의 예전 이름"
        constraints = [
            models.UniqueConstraint(fields=["agency", "name"], name="agency_name_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} → {self.agency}"


class AgencyAssignment(models.Model):
    """Who worked in which role since when: granted, changed, revoked; kept 3 years and more."""

    user = models.ForeignKey("members.User", on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField("역할", max_length=20, choices=StaffRole.choices)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="assignments", null=True, blank=True
    )
    granted_at: models.DateTimeField[datetime, datetime] = models.DateTimeField("부여 시각")
    granted_by = models.ForeignKey(
        "members.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    revoked_at = models.DateTimeField("회수 시각", null=True, blank=True)
    revoked_by = models.ForeignKey(
        "members.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        verbose_name = "권한 이력"
        verbose_name_plural = "권한 이력"
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(revoked_at__isnull=True),
                name="assignment_one_live_per_user",
            ),
            models.CheckConstraint(
                condition=models.Q(agency__isnull=False, role__in=sorted(AGENCY_ROLES))
                | (models.Q(agency__isnull=True) & ~models.Q(role__in=sorted(AGENCY_ROLES))),
                name="assignment_agency_matches_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()} {self.granted_at:%Y-%m-%d}"
