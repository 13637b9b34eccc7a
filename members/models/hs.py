"""The official HS code list by edition, and everyday words for official ones (S48, S49)."""

from django.db import models
from django.db.models import Q


class HsEditionQuerySet(models.QuerySet["HsEdition"]):
    def current(self) -> "HsEdition | None":
        """Return the edition that codes are checked against; None before the first import."""
        return self.filter(is_current=True).first()


class HsEdition(models.Model):
    """One published list of the customs service, whole or not at all."""

    base_date = models.DateField("기준일", unique=True)
    title = models.CharField("자료명", max_length=100)
    loaded_at = models.DateTimeField("등록 시각")
    row_count = models.PositiveIntegerField("코드 수")
    is_current = models.BooleanField("현재 판", default=False)

    objects = HsEditionQuerySet.as_manager()

    class Meta:
        verbose_name = "HS 코드 판"
        verbose_name_plural = "HS 코드 판"
        ordering = ["-base_date"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"], condition=Q(is_current=True), name="hs_one_current_edition"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.base_date:%Y-%m-%d}"

    @property
    def attribution(self) -> str:
        """What the licence (공공누리 제1유형) asks to be shown beside the data."""
        return f"출처: 관세청, {self.title}({self.base_date:%Y-%m-%d}), 공공누리 제1유형"


class HsCode(models.Model):
    """One row of an edition. `level` is its number of digits; `path` names what is above it.

    Six digits that the file does not split further have no row there; they are added, named after
    their only line, with `is_derived`.
    """

    edition = models.ForeignKey(HsEdition, on_delete=models.CASCADE, related_name="codes")
    code = models.CharField("코드", max_length=10)
    level = models.PositiveSmallIntegerField("자릿수")
    name = models.TextField("품목명")
    name_en = models.TextField("영문품목명", blank=True)
    path = models.TextField("경로")
    search_key = models.TextField(blank=True)
    is_derived = models.BooleanField(default=False)

    class Meta:
        verbose_name = "HS 코드"
        verbose_name_plural = "HS 코드"
        ordering = ["level", "code"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="hs_code_once_an_edition"),
            models.CheckConstraint(condition=Q(code__regex=r"^\d{2,10}$"), name="hs_code_digits"),
        ]
        indexes = [models.Index(fields=["edition", "level", "code"], name="hs_level_code_idx")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class HsSynonym(models.Model):
    """An everyday word and the words by which the list calls it; staff edit them."""

    word = models.CharField(
        "찾는 말", max_length=40, unique=True, help_text="예: 노트북. 띄어 쓰지 않은 한 낱말입니다."
    )
    meaning = models.CharField(
        "공식 품목명의 말",
        max_length=200,
        help_text="예: 자동자료처리기계. 낱말을 여러 개 쓰면 모두 들어 있는 품목을 찾습니다.",
    )

    class Meta:
        verbose_name = "HS 검색어"
        verbose_name_plural = "HS 검색어"
        ordering = ["word"]
        constraints = [
            models.CheckConstraint(condition=~Q(meaning=""), name="hs_synonym_has_meaning"),
        ]

    def __str__(self) -> str:
        return f"{self.word} → {self.meaning}"
