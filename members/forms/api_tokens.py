"""The shape of a new access token."""

from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone

from members.enums import ApiScope
from members.forms.base import PortalForm
from members.models import Agency
from members.services.api_tokens import LONGEST_LIFE


class ApiTokenForm(PortalForm):
    """Whose system it is, what it may do, and the last day on which it may."""

    agency = forms.ModelChoiceField(label="기관", queryset=Agency.objects.none())
    label = forms.CharField(
        label="시스템 이름",
        max_length=50,
        help_text="공고의 이력과 접속기록에 이 이름이 남습니다. 예: 기관 누리집 연계",
    )
    scopes = forms.MultipleChoiceField(
        label="범위", choices=ApiScope.choices, widget=forms.CheckboxSelectMultiple
    )
    last_day = forms.DateField(
        label="마지막 날",
        help_text="이날까지 쓸 수 있습니다. 길어도 1년입니다.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = (  # type: ignore[attr-defined]
            Agency.objects.active().in_order()
        )

    def clean_last_day(self) -> object:
        """Refuse a day that is over or more than a year away."""
        day = self.cleaned_data["last_day"]
        today = timezone.localdate()
        if not today <= day < today + LONGEST_LIFE:
            raise forms.ValidationError("오늘부터 1년 안의 날을 적어 주십시오.")
        return day

    def expires_at(self) -> datetime:
        """Return the midnight after the last day, in Seoul."""
        day = self.cleaned_data["last_day"] + timedelta(days=1)
        return timezone.make_aware(datetime.combine(day, time.min))
