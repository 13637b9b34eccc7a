"""Export records asked for by consent: what was handed over, and what came back (S27, S66)."""

from uuid import uuid4

from django.db import models

from members.models.companies import Company
from members.models.legal import Consent


class StatisticsRequest(models.Model):
    """One hand-over of business numbers to the statistics body, for months of a period.

    `result_hash` is the SHA-256 of the raw file that came back; months are the first day of each.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    code = models.CharField("요청번호", max_length=20, unique=True)
    first_month = models.DateField("시작년월")
    last_month = models.DateField("종료년월")
    reason = models.CharField("사유", max_length=300)
    made_at = models.DateTimeField("요청 시각")
    made_by = models.ForeignKey("members.User", on_delete=models.PROTECT, related_name="+")
    result_at = models.DateTimeField("결과 등록 시각", null=True, blank=True)
    result_by = models.ForeignKey(
        "members.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    result_hash = models.CharField("결과 파일 SHA-256", max_length=64, blank=True)

    class Meta:
        verbose_name = "수출통계 요청"
        verbose_name_plural = "수출통계 요청"
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(first_month__lte=models.F("last_month")),
                name="statistics_months_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(result_at__isnull=True, result_by__isnull=True)
                | models.Q(result_at__isnull=False, result_by__isnull=False),
                name="statistics_result_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class StatisticsHandOver(models.Model):
    """One company in one request, with the consent that allowed it; the company sees it."""

    request = models.ForeignKey(
        StatisticsRequest, on_delete=models.PROTECT, related_name="hand_overs"
    )
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="hand_overs")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "기업정보 제공 내역"
        verbose_name_plural = "기업정보 제공 내역"
        ordering = ["-request__made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "company"], name="statistics_company_once_a_request"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request} {self.company}"


class VerifiedExports(models.Model):
    """Exports (천불) of a year by the records of a request; never overwrites what was stated."""

    request = models.ForeignKey(
        StatisticsRequest, on_delete=models.PROTECT, related_name="verified"
    )
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="verified_exports")
    year = models.PositiveSmallIntegerField("연도")
    thousand_usd = models.PositiveBigIntegerField("확인 수출액(천불)")

    class Meta:
        verbose_name = "확인된 수출액"
        verbose_name_plural = "확인된 수출액"
        ordering = ["year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "company", "year"], name="verified_exports_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company} {self.year}"
