"""Forms about what happens to a business (S64)."""

from typing import Any

from django import forms

from members.enums import ChangeEffect, ChangeKind
from members.forms.base import PortalForm
from members.forms.fields import BusinessNumberField
from members.models import Company, User


class ChangeForm(PortalForm):
    """What the company reports."""

    kind = forms.ChoiceField(
        label="변경 내용", choices=ChangeKind.choices, widget=forms.RadioSelect
    )
    new_number = BusinessNumberField(
        label="새 사업자등록번호",
        required=False,
        help_text="사업자등록번호가 바뀔 때만 입력합니다.",
    )
    note = forms.CharField(
        label="설명",
        max_length=2000,
        help_text="언제 무엇이 바뀌는지, 진행 중인 신청이 있으면 어떻게 하기를 바라는지 적습니다.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the number where it is what changes."""
        values = self.cleaned_data
        if values.get("kind") == ChangeKind.NUMBER and not (
            values.get("new_number") or "new_number" in self.errors
        ):
            self.add_error("new_number", "새 사업자등록번호를 입력해 주십시오.")
        return values


class DecisionForm(PortalForm):
    """What the operator decides."""

    verdict = forms.ChoiceField(
        label="처리",
        choices=[("approve", "승인"), ("decline", "받아들이지 않음")],
        widget=forms.RadioSelect,
    )
    effect = forms.ChoiceField(
        label="진행 중인 신청과 확인증", choices=ChangeEffect.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="처리 내용",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class MasterForm(PortalForm):
    """Who fills the place of a master who is gone."""

    person = forms.ModelChoiceField(
        label="기업의 다른 담당자",
        queryset=User.objects.none(),
        to_field_name="uuid",
        required=False,
        empty_label="새로 초대",
    )
    email = forms.EmailField(label="초대할 E-mail", max_length=254, required=False)
    reason = forms.CharField(
        label="사유와 확인한 서류", max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = company.people.active().filter(is_company_master=False)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for one of both."""
        if not self.cleaned_data.get("person") and not self.cleaned_data.get("email"):
            self.add_error("email", "다른 담당자를 고르거나 초대할 E-mail을 입력해 주십시오.")
        return self.cleaned_data
