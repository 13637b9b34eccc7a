"""The shape of what a selection is set up with and scored by; nothing is written here."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from applications.desk_forms import DeskForm
from applications.enums import SelectionMethod
from applications.forms import BAD_MOMENT, MOMENT_FORMATS
from applications.models import Criterion, Selection
from applications.models.selection import MAX_POINTS
from applications.services.selection import Plan
from members.models import User

MAX_CRITERIA = 20
BAD_LINE = "한 줄에 하나씩 «항목: 가중치»로 적어 주십시오. 가중치는 1에서 100까지의 수입니다."
WANTS_PANEL = "심사로 선정하려면 심사 항목과 심사위원이 필요합니다."


def moment_field(label: str, *, required: bool, help_text: str = "") -> forms.DateTimeField:
    """Return a field of a moment in Seoul, to the minute."""
    return forms.DateTimeField(
        label=label,
        required=required,
        help_text=help_text,
        input_formats=MOMENT_FORMATS,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": BAD_MOMENT},
    )


class SelectionForm(DeskForm):
    """How a notice selects, until when, by what and by whom."""

    method = forms.ChoiceField(label="선정 방법", choices=SelectionMethod.choices)
    waiting_places = forms.IntegerField(
        label="예비 순번 수",
        required=False,
        min_value=0,
        max_value=100_000,
        help_text="비워 두면 모집 규모를 넘은 신청이 모두 예비 순번을 받습니다.",
    )
    refusal_reason = forms.CharField(
        label="미선정 사유", max_length=300, help_text="선정되지 않은 기업에 그대로 전달됩니다."
    )
    announce_at = moment_field(
        "결과 발표", required=True, help_text="이 시각이 되면 결과를 기업에 알립니다."
    )
    appeal_until = moment_field("이의신청 기한", required=False)
    criteria = forms.CharField(
        label="심사 항목",
        required=False,
        help_text="예: 수출 역량: 40",
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    reviewers = forms.ModelMultipleChoiceField(
        label="심사위원",
        queryset=User.objects.none(),
        to_field_name="uuid",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelMultipleChoiceField, self.fields["reviewers"])  # type: ignore[type-arg]
        field.queryset = people
        field.label_from_instance = lambda obj: obj.name  # type: ignore[method-assign]

    @classmethod
    def of(cls, selection: Selection, *, people: QuerySet[User]) -> "SelectionForm":
        """Return the form with what is set up now."""
        names = ("method", "waiting_places", "refusal_reason", "announce_at", "appeal_until")
        return cls(
            people=people,
            initial={
                **{name: getattr(selection, name) for name in names},
                "criteria": "\n".join(
                    f"{row.label}: {row.weight}" for row in selection.criteria.all()
                ),
                "reviewers": [
                    str(row.person.uuid) for row in selection.reviewers.select_related("person")
                ],
            },
        )

    def clean_criteria(self) -> list[tuple[str, int]]:
        rows: list[tuple[str, int]] = []
        for line in filter(str.strip, self.cleaned_data["criteria"].splitlines()):
            label, _, weight = (part.strip() for part in line.rpartition(":"))
            if not label or not weight.isdecimal() or not 1 <= int(weight) <= 100:
                raise forms.ValidationError(BAD_LINE)
            rows.append((label[:80], int(weight)))
        if len(rows) > MAX_CRITERIA or len({label for label, _ in rows}) < len(rows):
            raise forms.ValidationError(f"서로 다른 항목을 {MAX_CRITERIA}개까지 적어 주십시오.")
        return rows

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        announce_at, appeal_until = values.get("announce_at"), values.get("appeal_until")
        if announce_at and appeal_until and appeal_until <= announce_at:
            self.add_error("appeal_until", "이의신청 기한은 결과 발표보다 늦어야 합니다.")
        wants_panel = values.get("method") == SelectionMethod.SCORING
        if wants_panel and not (values.get("criteria") and values.get("reviewers")):
            self.add_error("criteria", WANTS_PANEL)
        return values

    def plan(self) -> Plan:
        return Plan(**{**self.cleaned_data, "reviewers": list(self.cleaned_data["reviewers"])})


class ScoreForm(DeskForm):
    """One reviewer's points for one application, or the mark of a conflict of interest."""

    has_conflict = forms.BooleanField(label="이해충돌이 있어 심사하지 않습니다.", required=False)

    def __init__(self, *args: Any, criteria: list[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in criteria:
            self.fields[f"points-{row.pk}"] = forms.IntegerField(
                label=f"{row.label} (가중치 {row.weight})",
                required=False,
                min_value=0,
                max_value=MAX_POINTS,
            )
        self.criteria = criteria

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        missing = [row for row in self.criteria if values.get(f"points-{row.pk}") is None]
        if missing and not values.get("has_conflict") and not self.errors:
            raise forms.ValidationError("모든 항목의 점수를 적거나 이해충돌을 표시해 주십시오.")
        return values

    def points(self) -> dict[int, int]:
        return {row.pk: self.cleaned_data[f"points-{row.pk}"] for row in self.criteria}
