"""What the search knows of a page, and the words that mean the same."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from cms.enums import SearchKind
from members.models import Agency

FEWEST_SYNONYMS = 2


class SearchEntryQuerySet(models.QuerySet["SearchEntry"]):
    def shown(self) -> "SearchEntryQuerySet":
        """Entries of published pages: what a visitor may find."""
        return self.filter(is_live=True)


class SearchEntry(models.Model):
    """One page as the search shows it; its tokens lie in the database's own index.

    `text` is the plain text behind the tokens of the body. An unpublished page keeps its entry
    for the staff's search, with `is_live` false. Written by cms.services.search alone.
    """

    page = models.OneToOneField(
        Page, primary_key=True, on_delete=models.CASCADE, related_name="search_entry"
    )
    kind = models.CharField("종류", max_length=20, choices=SearchKind.choices)
    agency = models.ForeignKey(
        Agency, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    title = models.CharField("제목", max_length=255)
    text = models.TextField("본문", blank=True)
    dated_at: models.DateTimeField[datetime, datetime] = models.DateTimeField("기준 시각")
    is_live = models.BooleanField("게시 중", default=True)

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "검색 색인"
        verbose_name_plural = "검색 색인"
        indexes = [models.Index(fields=["agency"], name="search_entry_agency")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.title}"


class SearchSynonym(models.Model):
    """Words that mean the same to a reader: whoever looks for one finds the others too."""

    words = models.CharField("같은 뜻의 말", max_length=300, unique=True)

    panels = [
        FieldPanel(
            "words",
            help_text="쉼표로 나누어 둘 이상 적습니다. 예: 물류비, 운송비, 배송비. "
            "하나를 찾으면 나머지도 함께 찾습니다.",
        )
    ]

    class Meta:
        verbose_name = "검색 유의어"
        verbose_name_plural = "검색 유의어"
        ordering = ["words"]

    def __str__(self) -> str:
        return self.words

    @property
    def alternatives(self) -> list[str]:
        """The single words, in small letters."""
        return [word.strip().lower() for word in self.words.split(",") if word.strip()]

    def clean(self) -> None:
        super().clean()
        if len(set(self.alternatives)) < FEWEST_SYNONYMS:
            raise ValidationError({"words": "쉼표로 나누어 두 낱말 이상 적어 주십시오."})
