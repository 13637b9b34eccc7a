"""The shape of what readers and officers ask of pages."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from wagtail.admin.widgets import AdminDateTimeInput

from cms.enums import IntakeKind, NoticeStatus, ScheduleKind, SearchKind
from cms.models import INTAKE_FIELDS, Category, NoticePage, Outage
from cms.search.results import search_of
from cms.selectors import ExtensionProposal, NoticeFilters, ScheduleFilters
from members.countries import country_name
from members.formatting import format_datetime
from members.models import Agency

MOMENTS = ("intake_opens_at", "intake_closes_at", "stopped_early_at")
LAST_PAGE = 10_000
SENSIBLE_DAYS = (MinValueValidator(date(1990, 1, 1)), MaxValueValidator(date(2200, 1, 1)))
ORDERS = [("", "접수 중 먼저"), ("newest", "최근 게시 먼저")]


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class FilterForm(forms.Form):
    """Filters of a list as GET parameters; an unknown value filters nothing."""

    def offer(self, name: str, choices: Any) -> None:
        """Set a field's choices, with «전체» before them."""
        self.fields[name] = forms.ChoiceField(
            label=self.fields[name].label, required=False, choices=[("", "전체"), *choices]
        )

    def applied(self) -> list[tuple[str, str, str]]:
        """Return the filters in force as (parameter, value, label), each to be taken off."""
        self.is_valid()
        found = []
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if value and name != "order":
                found.append((name, str(self.data[name]), f"{field.label}: {self.label_of(name)}"))
        return found

    def label_of(self, name: str) -> str:
        """Return a chosen value as the reader saw it."""
        value = self.cleaned_data[name]
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            return str(value)
        labels: dict[Any, Any] = dict(field._choices)  # type: ignore[attr-defined]
        return str(labels.get(value, value))


class NoticeFilterForm(FilterForm):
    """The filters of the notice list."""

    q = forms.CharField(label="검색어", required=False, max_length=100, strip=True)
    state = forms.ChoiceField(label="상태", required=False)
    agency = forms.ChoiceField(label="기관", required=False)
    category = forms.ChoiceField(label="사업구분", required=False)
    kind = forms.ChoiceField(label="접수 방법", required=False)
    since = forms.DateField(
        label="접수기간(부터)", required=False, widget=DayInput, validators=SENSIBLE_DAYS
    )
    until = forms.DateField(
        label="접수기간(까지)", required=False, widget=DayInput, validators=SENSIBLE_DAYS
    )
    order = forms.ChoiceField(label="정렬", required=False, choices=ORDERS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agencies = Agency.objects.active().in_order().values_list("code", "name")
        categories = Category.objects.values_list("slug", "name")
        self.offer("state", NoticeStatus.choices)
        self.offer("agency", agencies)
        self.offer("category", categories)
        self.offer("kind", IntakeKind.choices)

    def filters(self) -> NoticeFilters:
        """Return what was asked; a faulty parameter is left out instead of being an error."""
        self.is_valid()
        asked = self.cleaned_data
        return NoticeFilters(
            search=search_of(asked.get("q", "")),
            state=asked.get("state", ""),
            agency=asked.get("agency", ""),
            category=asked.get("category", ""),
            kind=asked.get("kind", ""),
            from_date=asked.get("since"),
            to_date=asked.get("until"),
            newest_first=asked.get("order") == "newest",
        )


class ScheduleFilterForm(FilterForm):
    """The filters of 연중일정; the year is chosen by links and kept."""

    year = forms.CharField(required=False, max_length=4, widget=forms.HiddenInput)
    agency = forms.ChoiceField(label="기관", required=False)
    kind = forms.ChoiceField(label="종류", required=False)
    country = forms.ChoiceField(label="국가", required=False)

    def __init__(self, *args: Any, countries: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("agency", Agency.objects.active().in_order().values_list("code", "name"))
        self.offer("kind", ScheduleKind.choices)
        self.offer("country", [(code, country_name(code)) for code in countries])

    def filters(self) -> ScheduleFilters:
        """Return what was asked; a faulty parameter is left out instead of being an error."""
        self.is_valid()
        asked = self.cleaned_data
        return ScheduleFilters(
            agency=asked.get("agency", ""),
            kind=asked.get("kind", ""),
            country=asked.get("country", ""),
        )

    def applied(self) -> list[tuple[str, str, str]]:
        return [row for row in super().applied() if row[0] != "year"]


class SearchForm(forms.Form):
    """통합검색 as GET parameters; an unknown kind or order asks nothing."""

    q = forms.CharField(label="검색어", required=False, max_length=100, strip=True)
    kind = forms.ChoiceField(required=False, choices=[("", "전체"), *SearchKind.choices])
    order = forms.ChoiceField(required=False, choices=[("", "관련도순"), ("newest", "최신순")])
    page = forms.IntegerField(required=False, min_value=1, max_value=LAST_PAGE)

    def asked(self, name: str) -> Any:
        """Return a parameter that makes sense, or its empty value."""
        self.is_valid()
        return self.cleaned_data.get(name) or ""


class IntakeChangeForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """New intake facts of a published notice, with the reason for changing them (5.1)."""

    reason = forms.CharField(
        label="바꾸는 사유",
        max_length=300,
        help_text="공고에 함께 표시되고 이력에 남습니다.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    class Meta:
        model = NoticePage
        fields = INTAKE_FIELDS
        widgets = dict.fromkeys(
            ("intake_opens_at", "intake_closes_at", "stopped_early_at"), AdminDateTimeInput
        )

    def changes(self) -> dict[str, Any]:
        """Return the facts that differ from the live row, by name."""
        return {
            name: self.cleaned_data[name] for name in INTAKE_FIELDS if name in self.changed_data
        }

    def _post_clean(self) -> None:
        """Leave the live row alone: the service checks it under its lock."""


class OutageForm(forms.ModelForm[Outage]):
    """An outage that is over."""

    class Meta:
        model = Outage
        fields = ("started_at", "ended_at", "description")
        widgets = dict.fromkeys(("started_at", "ended_at"), AdminDateTimeInput)
        help_texts = {
            "started_at": "서울 시각입니다.",
            "description": "어떤 장애였는지 적습니다. 운영자만 봅니다.",
        }

    def _post_clean(self) -> None:
        """Leave the checks of the row to the service, which knows the clock."""


class ExtensionForm(forms.Form):
    """Which notices get the extension that an outage proposes, and why."""

    codes = forms.MultipleChoiceField(
        label="연장할 공고",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "연장할 공고를 하나 이상 골라 주십시오."},
    )
    reason = forms.CharField(
        label="연장 사유",
        max_length=300,
        help_text="공고에 함께 표시되고 이력에 남습니다.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, proposals: Sequence[ExtensionProposal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(proposal.notice.code, in_words(proposal)) for proposal in proposals]
        self.fields["codes"].choices = choices  # type: ignore[attr-defined]
        urgent = [proposal.notice.code for proposal in proposals if proposal.is_urgent]
        self.initial = {"codes": urgent, "reason": "시스템 장애로 접수하지 못한 시간을 늘립니다."}


def in_words(proposal: ExtensionProposal) -> str:
    """Write a proposal as one line: agency, title, old and new closing time."""
    notice = proposal.notice
    old = format_datetime(notice.intake_closes_at) if notice.intake_closes_at else ""
    new = format_datetime(proposal.closes_at)
    return f"[{notice.agency.name}] {notice.title} ({notice.code}): {old} → {new}"
