"""Company members: the record, its products and figures, and how membership moved."""

from datetime import date
from uuid import uuid4

from django.db import models
from django.db.models import Q

from members.enums import (
    ACTIVE_MEMBERSHIPS,
    JoinRoute,
    MembershipState,
    ProductCertification,
    RegistryReason,
    RegistryState,
    Sex,
)
from members.models.agencies import Agency


class CompanyQuerySet(models.QuerySet["Company"]):
    def active(self) -> "CompanyQuerySet":
        return self.filter(membership_state__in=ACTIVE_MEMBERSHIPS)

    def with_originals_at(self, agency: Agency) -> "CompanyQuerySet":
        """Companies that chose this agency to receive their originals (decision A9)."""
        return self.filter(originals_agency=agency)


class Company(models.Model):
    """One business registration number, one row (S39 to S44). Money: 백만원; export: 천불."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    business_number = models.CharField("사업자등록번호", max_length=10, unique=True)
    corporate_number = models.CharField("법인등록번호", max_length=13, blank=True)
    name = models.CharField("업체명(한글)", max_length=120)
    name_en = models.CharField("업체명(영문)", max_length=200, blank=True)
    representative = models.CharField("대표자명(한글)", max_length=60)
    representative_en = models.CharField("대표자명(영문)", max_length=120, blank=True)
    representative_sex = models.CharField("대표자 성별", max_length=1, choices=Sex.choices)
    founded_date: models.DateField[date, date] = models.DateField("설립일")
    head_office_zip = models.CharField("본사 우편번호", max_length=5, blank=True)
    head_office_road = models.CharField("본사 소재지", max_length=200)
    head_office_detail = models.CharField("본사 상세주소", max_length=200, blank=True)
    factory_zip = models.CharField("공장 우편번호", max_length=5, blank=True)
    factory_road = models.CharField("공장 소재지", max_length=200, blank=True)
    factory_detail = models.CharField("공장 상세주소", max_length=200, blank=True)
    phone = models.CharField("대표 연락처", max_length=20)
    email = models.EmailField("대표 E-mail")
    homepage = models.URLField("홈페이지 URL", blank=True)
    industry = models.CharField("업종", max_length=120)
    business_type = models.CharField("업태", max_length=120)
    main_product = models.CharField("주 생산품", max_length=200)
    employees = models.PositiveIntegerField("종업원 수")
    assets_million_krw = models.PositiveBigIntegerField("자산규모(백만원)")
    export_countries = models.JSONField("주요 수출국", default=list, blank=True)
    membership_state = models.CharField(
        "회원 상태", max_length=20, choices=MembershipState.choices, default=MembershipState.WAITING
    )
    membership_changed_at = models.DateTimeField("상태 변경 시각")
    membership_reason = models.TextField("상태 사유", blank=True)
    join_route = models.CharField("가입 방식", max_length=20, choices=JoinRoute.choices)
    originals_agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="originals_companies", null=True, blank=True
    )
    originals_due_since = models.DateTimeField("원본서류 미제출 표시일", null=True, blank=True)
    registry_state = models.CharField(
        "사업자 상태",
        max_length=20,
        choices=RegistryState.choices,
        default=RegistryState.UNKNOWN,
    )
    registry_checked_at = models.DateTimeField("사업자 상태 확인 시각", null=True, blank=True)
    joined_at = models.DateTimeField("가입 시각")
    record_confirmed_at = models.DateTimeField("가입정보 확인 시각", null=True, blank=True)
    updated_at = models.DateTimeField("수정 시각", auto_now=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = "기업"
        verbose_name_plural = "기업"
        constraints = [
            models.CheckConstraint(
                condition=Q(business_number__regex=r"^\d{10}$"),
                name="company_business_number_digits",
            ),
            models.CheckConstraint(
                condition=Q(membership_state__in=MembershipState.values),
                name="company_membership_known",
            ),
        ]
        indexes = [models.Index(fields=["membership_state", "joined_at"])]

    def __str__(self) -> str:
        return self.name

    @property
    def is_full(self) -> bool:
        return self.membership_state == MembershipState.FULL

    @property
    def is_provisional(self) -> bool:
        return self.membership_state == MembershipState.PROVISIONAL

    @property
    def head_office(self) -> str:
        """The address in one line, as the certificate prints it (S62)."""
        return " ".join(part for part in (self.head_office_road, self.head_office_detail) if part)

    @property
    def factory(self) -> str:
        return " ".join(part for part in (self.factory_road, self.factory_detail) if part)


class RegistryCheck(models.Model):
    """One answer of the tax office's register; `matches` only where facts were compared."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="registry_checks")
    at = models.DateTimeField("확인 시각")
    reason = models.CharField("확인 사유", max_length=20, choices=RegistryReason.choices)
    previous_state = models.CharField("이전 상태", max_length=20, choices=RegistryState.choices)
    state = models.CharField("사업자 상태", max_length=20, choices=RegistryState.choices)
    ended_date: models.DateField[date | None, date | None] = models.DateField(
        "폐업일", null=True, blank=True
    )
    tax_type = models.CharField("과세 유형", max_length=60, blank=True)
    matches = models.BooleanField("개업일·대표자 일치", null=True, blank=True)

    class Meta:
        verbose_name = "사업자 상태 확인"
        verbose_name_plural = "사업자 상태 확인"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.company} {self.get_state_display()}"


class MembershipEvent(models.Model):
    """One move of a company's membership, written with the move itself."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="membership_events")
    from_state = models.CharField("이전 상태", max_length=20, blank=True)
    to_state = models.CharField("새 상태", max_length=20, choices=MembershipState.choices)
    reason = models.TextField("사유", blank=True)
    at = models.DateTimeField("시각")
    by = models.ForeignKey(
        "members.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        verbose_name = "회원 상태 이력"
        verbose_name_plural = "회원 상태 이력"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.company} {self.from_state}→{self.to_state}"


class Product(models.Model):
    """What a company makes (S46 to S48). `hs_code` holds 4, 6 or 10 digits or nothing."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="products")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField("품목명(한글)", max_length=200, blank=True)
    name_en = models.CharField("품목명(영문)", max_length=200, blank=True)
    hs_code = models.CharField("H.S.CODE", max_length=10, blank=True)
    hs_code_gone_at = models.DateTimeField("HS 코드 폐지 확인", null=True, blank=True)
    description = models.TextField("품목설명(한글)", blank=True)
    description_en = models.TextField("품목설명(영문)", blank=True)
    certifications = models.JSONField("인증현황", default=list, blank=True)

    class Meta:
        verbose_name = "제품"
        verbose_name_plural = "제품"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(hs_code="") | Q(hs_code__regex=r"^(\d{4}|\d{6}|\d{10})$"),
                name="product_hs_code_length",
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"제품 {self.position + 1}"

    @property
    def certification_labels(self) -> list[str]:
        labels = dict(ProductCertification.choices)
        return [str(labels[value]) for value in self.certifications if value in labels]


class YearlyFigures(models.Model):
    """Sales (백만원) and exports (천불) of one calendar year; None means the firm was not there."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="figures")
    year = models.PositiveSmallIntegerField("연도")
    sales_million_krw = models.PositiveBigIntegerField("매출액(백만원)", null=True, blank=True)
    exports_thousand_usd = models.PositiveBigIntegerField("수출액(천불)", null=True, blank=True)

    class Meta:
        verbose_name = "연도별 실적"
        verbose_name_plural = "연도별 실적"
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(fields=["company", "year"], name="figures_once_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.company} {self.year}"
