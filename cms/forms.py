"""The shape of what readers and officers ask of pages."""

from typing import Any

from django import forms
from wagtail.admin.widgets import AdminDateTimeInput

from cms.enums import IntakeKind, NoticeStatus, SearchKind
from cms.models import INTAKE_FIELDS, Category, NoticePage
from cms.search.results import search_of
from cms.selectors import NoticeFilters
from members.models import Agency

MOMENTS = ("intake_opens_at", "intake_closes_at", "stopped_early_at")
LAST_PAGE = 10_000
ORDERS = [("", "접수 중 먼저"), ("newest", "최근 게시 먼저")]


class NoticeFilterForm(forms.Form):
    """The filters of the notice list, as GET parameters; an unknown value filters nothing."""

    q = forms.CharField(label="검색어", required=False, max_length=100, strip=True)
    state = forms.ChoiceField(label="상태", required=False)
    agency = forms.ChoiceField(label="기관", required=False)
    category = forms.ChoiceField(label="사업구분", required=False)
    kind = forms.ChoiceField(label="접수 방법", required=False)
    order = forms.ChoiceField(label="정렬", required=False, choices=ORDERS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agencies = Agency.objects.active().in_order().values_list("code", "name")
        categories = Category.objects.values_list("slug", "name")
        self.offer("state", NoticeStatus.choices)
        self.offer("agency", agencies)
        self.offer("category", categories)
        self.offer("kind", IntakeKind.choices)

    def offer(self, name: str, choices: Any) -> None:
        """Set a field's choices, with «전체» before them."""
        self.fields[name] = forms.ChoiceField(
            label=self.fields[name].label, required=False, choices=[("", "전체"), *choices]
        )

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
            newest_first=asked.get("order") == "newest",
        )

    def applied(self) -> list[tuple[str, str, str]]:
        """Return the filters in force as (parameter, value, label), each to be taken off."""
        self.is_valid()
        found = []
        for name in ("q", "state", "agency", "category", "kind"):
            value = self.cleaned_data.get(name)
            if value:
                found.append((name, value, f"{self.fields[name].label}: {self.label_of(name)}"))
        return found

    def label_of(self, name: str) -> str:
        """Return a chosen value as the reader saw it."""
        value = self.cleaned_data[name]
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            return str(value)
        labels: dict[Any, Any] = dict(field._choices)  # type: ignore[attr-defined]
        return str(labels.get(value, value))


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
