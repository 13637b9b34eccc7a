"""Certificates (확인증): numbered, everything printed copied onto the row (S60 to S62)."""

import secrets
from datetime import date, datetime
from uuid import uuid4

from django.db import models
from django.db.models import Q

from certificates.enums import CertificateState
from cms.models import NoticePage
from members.models import Agency, Company, StoredFile, User

# Crockford's letters without the ones that are misread on paper.
CHECK_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

# The company's fields as printed (S60, S62), and the mark 임시.
COMPANY_FIELDS = (
    "company_name",
    "representative",
    "founded_date",
    "business_number",
    "industry",
    "main_product",
    "address",
    "phone",
    "is_provisional",
)


def new_check_token() -> str:
    """Return the 128-bit token of the QR code (32 hex digits)."""
    return secrets.token_hex(16)


def new_check_code() -> str:
    """Return the 12 printed characters; they work only together with the number."""
    return "".join(secrets.choice(CHECK_CODE_LETTERS) for _ in range(12))


class IssueCounter(models.Model):
    """The locked counter of one notice and year of issue (Seoul); numbers are never reused."""

    notice = models.ForeignKey(NoticePage, on_delete=models.PROTECT, related_name="issue_counters")
    year = models.PositiveSmallIntegerField()
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "year"], name="issue_counter_once"),
        ]

    def __str__(self) -> str:
        return f"{self.notice.code} {self.year} {self.last_number}"


class PaperVersionQuerySet(models.QuerySet["PaperVersion"]):
    def in_force_at(self, at: datetime) -> "PaperVersionQuerySet":
        """The version that papers issued at this moment carry: none or one row."""
        return self.filter(effective_at__lte=at).order_by("-effective_at", "-version")[:1]


class PaperVersion(models.Model):
    """The fixed texts and the seal of the paper. A version that took effect is never edited.

    Without any version the site's settings and the words of S60 are printed.
    """

    version = models.PositiveIntegerField("판", unique=True)
    heading = models.CharField("제목", max_length=80)
    sentence = models.CharField("확인 문구", max_length=300)
    issuer_name = models.CharField("발급자", max_length=80)
    seal = models.ForeignKey(
        StoredFile,
        verbose_name="직인",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    effective_at = models.DateTimeField("적용 시각", null=True, blank=True)
    created_at = models.DateTimeField("작성 시각")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = PaperVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "확인증 양식"
        verbose_name_plural = "확인증 양식"
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"{self.version}판"


class PaperSigner(models.Model):
    """A signing cert that papers were signed with; kept for ever, so that they stay checkable."""

    fingerprint = models.CharField("지문(SHA-256)", max_length=64, unique=True)
    name = models.CharField("서명자", max_length=200)
    cert = models.BinaryField("인증서(DER)")
    valid_from = models.DateTimeField("유효 시작")
    valid_until = models.DateTimeField("유효 종료")
    first_used_at = models.DateTimeField("첫 사용 시각")

    class Meta:
        verbose_name = "확인증 서명 인증서"
        verbose_name_plural = "확인증 서명 인증서"
        ordering = ["-first_used_at"]

    def __str__(self) -> str:
        return self.name


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def owned_by(self, company: Company) -> "CertificateQuerySet":
        return self.filter(company=company)

    def on_notices_of(self, agency: Agency) -> "CertificateQuerySet":
        return self.filter(notice__agency=agency)

    def valid(self) -> "CertificateQuerySet":
        return self.filter(state=CertificateState.VALID)

    def without_paper(self) -> "CertificateQuerySet":
        """Numbered, but the PDF was never made: a crash or a missing font between the two."""
        return self.filter(pdf__isnull=True)


class Certificate(models.Model):
    """One issue of 신청 확인증. The printed fields never change after the issue.

    `number`: ``YYYY-NOTICECODE-NNNN``. `pdf` is empty only between the issue and the making of
    the paper; the number is kept and the paper made later under it.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    number = models.CharField("발행번호", max_length=40, unique=True)
    notice = models.ForeignKey(
        NoticePage, verbose_name="공고", on_delete=models.PROTECT, related_name="certificates"
    )
    company = models.ForeignKey(
        Company, verbose_name="기업", on_delete=models.PROTECT, related_name="certificates"
    )
    state = models.CharField(
        "상태",
        max_length=12,
        choices=CertificateState.choices,
        default=CertificateState.VALID,
    )
    issued_at = models.DateTimeField("발행 시각")
    issued_date: models.DateField[date, date] = models.DateField("발행일")
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    company_name = models.CharField("업체명", max_length=120)
    representative = models.CharField("대표자", max_length=60)
    founded_date: models.DateField[date, date] = models.DateField("설립일자")
    business_number = models.CharField("사업자등록번호", max_length=10)
    industry = models.CharField("업종", max_length=120)
    main_product = models.CharField("주제품", max_length=200)
    address = models.CharField("주소", max_length=410)
    phone = models.CharField("전화번호", max_length=20)
    notice_title = models.CharField("공고명", max_length=255)
    heading = models.CharField("제목", max_length=80)
    sentence = models.CharField("확인 문구", max_length=300)
    issuer_name = models.CharField("발급자", max_length=80)
    paper = models.ForeignKey(
        PaperVersion,
        verbose_name="양식",
        on_delete=models.PROTECT,
        related_name="certificates",
        null=True,
        blank=True,
    )
    is_provisional = models.BooleanField("임시", default=False)
    check_token = models.CharField(max_length=32, unique=True, default=new_check_token)
    check_code = models.CharField("확인코드", max_length=12, default=new_check_code)
    pdf = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="certificates", null=True, blank=True
    )
    signer = models.ForeignKey(
        PaperSigner,
        verbose_name="전자서명",
        on_delete=models.PROTECT,
        related_name="certificates",
        null=True,
        blank=True,
    )
    pdf_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    replaced_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="replaces", null=True, blank=True
    )
    ended_at = models.DateTimeField("대체·폐기 시각", null=True, blank=True)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    end_reason = models.CharField("대체·폐기 사유", max_length=300, blank=True)
    may_issue_again = models.BooleanField("같은 공고 재신청 허용", default=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = "확인증"
        verbose_name_plural = "확인증"
        constraints = [
            models.UniqueConstraint(
                fields=["company", "notice"],
                condition=Q(state=CertificateState.VALID),
                name="certificate_one_valid",
            ),
            models.CheckConstraint(
                condition=Q(state=CertificateState.VALID, ended_at__isnull=True)
                | (
                    ~Q(state=CertificateState.VALID)
                    & Q(ended_at__isnull=False, ended_by__isnull=False)
                ),
                name="certificate_end_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(pdf__isnull=True, pdf_sha256="")
                | Q(pdf__isnull=False, pdf_sha256__regex=r"^[0-9a-f]{64}$"),
                name="certificate_paper_has_hash",
            ),
            models.CheckConstraint(
                condition=Q(state=CertificateState.REPLACED) | Q(replaced_by__isnull=True),
                name="certificate_only_replaced_is_followed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=CertificateState.values), name="certificate_state_known"
            ),
        ]
        indexes = [models.Index(fields=["notice", "issued_at"])]

    def __str__(self) -> str:
        return self.number

    @property
    def is_valid(self) -> bool:
        return self.state == CertificateState.VALID

    @property
    def printed_company(self) -> dict[str, str | date | bool]:
        """What the paper says of the company; a reissue needs a difference in it (S62)."""
        return {name: getattr(self, name) for name in COMPANY_FIELDS}
