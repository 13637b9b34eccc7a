"""People: one user model for members and staff, never the same session rights."""

from typing import Any
from uuid import uuid4

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from members.encryption import EncryptedTextField, lookup_hash
from members.enums import AGENCY_ROLES, StaffRole
from members.models.agencies import Agency
from members.models.companies import Company

LOGIN_NAME_PATTERN = r"^[a-z][a-z0-9]{5,19}$"


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def staff(self) -> "UserQuerySet":
        return self.exclude(staff_role="")

    def of_persons(self) -> "UserQuerySet":
        """Everybody but the accounts of access tokens, which no person ever works with."""
        return self.filter(api_token__isnull=True)

    def of_company(self, company: Company) -> "UserQuerySet":
        return self.filter(company=company)


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person; the login ID is stored in lower case."""
        user = self.model(username=username.lower(), **fields)
        user.set_mobile(user.mobile)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str, **fields: Any) -> "User":
        """Break-glass account; `check --deploy` names it (domain.md section 3)."""
        return self.create_user(username, password, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who logs in by ID. Rows stay for ever, so an ID is never reused."""

    username = models.CharField(
        "아이디",
        max_length=20,
        unique=True,
        validators=[
            RegexValidator(
                LOGIN_NAME_PATTERN,
                "아이디는 영문 소문자로 시작하고 영문 소문자와 숫자 6~20자로 만들어 주십시오.",
            )
        ],
    )
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField("이름", max_length=60)
    name_en = models.CharField("이름(영문)", max_length=120, blank=True)
    email = models.EmailField("전자우편", blank=True)
    department = models.CharField("부서", max_length=60, blank=True)
    position = models.CharField("직위", max_length=60, blank=True)
    phone = EncryptedTextField("연락처", blank=True)
    mobile = EncryptedTextField("휴대폰", blank=True)
    mobile_hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="people", null=True, blank=True
    )
    is_company_master = models.BooleanField("대표 담당자", default=False)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="people", null=True, blank=True
    )
    staff_role = models.CharField("역할", max_length=20, choices=StaffRole.choices, blank=True)
    is_active = models.BooleanField("사용 중", default=True)
    date_joined = models.DateTimeField("가입 시각", default=timezone.now)
    password_changed_at = models.DateTimeField("비밀번호 변경 시각", null=True, blank=True)
    must_change_password = models.BooleanField("비밀번호 변경 필요", default=False)
    temporary_password_expires_at = models.DateTimeField(
        "임시 비밀번호 만료", null=True, blank=True
    )
    closed_at = models.DateTimeField("탈퇴 시각", null=True, blank=True)

    objects = UserManager.from_queryset(UserQuerySet)()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name", "email"]

    class Meta:
        verbose_name = "사용자"
        verbose_name_plural = "사용자"
        constraints = [
            models.UniqueConstraint(Lower("username"), name="user_login_name_once"),
            models.CheckConstraint(
                condition=models.Q(company__isnull=True)
                | models.Q(agency__isnull=True, staff_role=""),
                name="user_company_or_staff",
                violation_error_message="한 사람이 기업과 기관에 함께 속할 수 없습니다.",
            ),
            models.CheckConstraint(
                condition=models.Q(agency__isnull=False, staff_role__in=sorted(AGENCY_ROLES))
                | (models.Q(agency__isnull=True) & ~models.Q(staff_role__in=sorted(AGENCY_ROLES))),
                name="user_agency_matches_role",
            ),
            models.CheckConstraint(
                condition=models.Q(is_company_master=False) | models.Q(company__isnull=False),
                name="user_master_has_company",
            ),
            models.UniqueConstraint(
                fields=["company"],
                condition=models.Q(is_company_master=True),
                name="user_one_master_per_company",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.username})"

    @property
    def is_staff_account(self) -> bool:
        """Staff work in the admin and never in a company's pages."""
        return bool(self.staff_role) or self.is_superuser

    @property
    def is_operator(self) -> bool:
        return self.staff_role == StaffRole.OPERATOR

    def set_mobile(self, number: str) -> None:
        """Set the mobile number (digits) together with the hash that finds it; does not save."""
        self.mobile = number
        self.mobile_hash = lookup_hash(number)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name
