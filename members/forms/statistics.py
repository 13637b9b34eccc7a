"""Forms of the export records: months asked for, and the file that came back."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from members.forms.base import PortalForm
from members.uploads import MAX_FILE_BYTES

MONTH = r"^(20\d{2})-?(0[1-9]|1[0-2])$"


class MonthField(forms.RegexField):
    """A month typed as 2026-03 or 202603; cleaned to its first day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(MONTH, help_text="예: 2026-03", **kwargs)
        self.error_messages["invalid"] = "연도와 달을 2026-03처럼 적어 주십시오."

    def clean(self, value: Any) -> date:
        text = super().clean(value).replace("-", "")
        return date(int(text[:4]), int(text[4:6]), 1)


class StatisticsRequestForm(PortalForm):
    """Which months are asked about, and why."""

    first_month = MonthField(label="시작년월")
    last_month = MonthField(label="종료년월")
    reason = forms.CharField(label="사유", min_length=2, max_length=300)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_month"), cleaned.get("last_month")
        if first and last and first > last:
            self.add_error("last_month", "종료년월이 시작년월보다 빠릅니다.")
        return cleaned


class ResultForm(PortalForm):
    """The result file; cleaned to `data` and `kind`."""

    file = forms.FileField(label="결과 파일 (CSV, XLSX)")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        upload = cleaned.pop("file", None)
        if upload is None:
            return cleaned
        kind = upload.name.rpartition(".")[2].lower()
        if kind not in {"csv", "xlsx"} or upload.size > MAX_FILE_BYTES:
            raise ValidationError("CSV나 XLSX 파일만 등록할 수 있습니다.")
        return {"data": upload.read(), "kind": kind}
