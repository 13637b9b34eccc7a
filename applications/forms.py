"""The shape of what companies and officers send us; nothing is written here."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils import timezone

from applications.enums import MOVES_WITH_REASON, ApplicationState, DocumentState
from applications.models import Application, SubmittedDocument
from applications.selectors import PaperRow
from cms.enums import IntakeKind
from cms.models import NoticePage
from members.forms.base import PortalForm
from members.forms.fields import BusinessNumberField
from members.models import Agency

MAX_REASON = 300
MAX_FILE_NAME = 255
MOMENT_FORMATS = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]
HASH = re.compile(r"[0-9a-f]{64}")
BAD_MOMENT = "날짜와 시각을 2026-03-31 18:00처럼 적어 주십시오."


def reason_field(label: str, help_text: str = "") -> forms.CharField:
    """Return the field in which a step is explained to the other side."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": f"사유는 {MAX_REASON}자까지 적을 수 있습니다."},
    )


def due_field() -> forms.DateTimeField:
    """Return the field of 보완 기한, to the minute in Seoul."""
    return forms.DateTimeField(
        label="보완 기한",
        required=False,
        help_text="예: 2026-03-31 18:00. 비워 두면 기한 없이 요청합니다.",
        input_formats=MOMENT_FORMATS,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": BAD_MOMENT},
    )


class PaperForm(PortalForm):
    """One file for one required document; one request a file, so that none hurts another.

    `seen` is the document that the page showed in the row, so that two tabs do not overwrite
    each other silently.
    """

    key = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.UUIDField(widget=forms.HiddenInput, required=False)
    file = forms.FileField(
        label="파일",
        required=False,
        allow_empty_file=True,
        max_length=MAX_FILE_NAME,
        error_messages={
            "missing": "올릴 파일을 선택해 주십시오.",
            "invalid": "파일을 받지 못했습니다. 다시 올려 주십시오.",
            "max_length": f"파일 이름은 {MAX_FILE_NAME}자까지 쓸 수 있습니다.",
        },
    )

    def __init__(self, *args: Any, row: PaperRow, **kwargs: Any) -> None:
        kwargs["auto_id"] = f"paper-{row.key}-%s"
        kwargs["initial"] = {
            "key": row.key,
            "seen": row.document.uuid if row.document is not None else None,
        }
        super().__init__(*args, **kwargs)
        self.row = row
        field = self.fields["file"]
        field.label = f"{row.required.label} 파일"
        field.required = row.required.is_required
        field.error_messages["required"] = field.error_messages["missing"]
        field.widget.attrs["accept"] = row.accept
        # What components/file_field.html tells beforehand.
        field.allowed_types = row.extensions  # type: ignore[attr-defined]
        field.max_bytes = row.max_bytes  # type: ignore[attr-defined]
        field.max_count = 1  # type: ignore[attr-defined]

    def clean_file(self) -> "UploadedFile[Any]":
        upload: UploadedFile[Any] | None = self.cleaned_data["file"]
        if not upload:
            field = self.fields["file"]
            raise forms.ValidationError(field.error_messages["missing"], code="missing")
        return upload

    def shown_again(self, row: PaperRow) -> "PaperForm":
        """Return this failed form, now seeing the file that is there, so a next try replaces it."""
        data = QueryDict(mutable=True)
        data.update({**self.data, "key": str(row.key)})
        data["seen"] = str(row.document.uuid) if row.document is not None else ""
        self.row, self.data = row, data
        return self


class PaperRemovalForm(PortalForm):
    """The file that the page showed, to be taken out of the draft."""

    document = forms.UUIDField(widget=forms.HiddenInput)


class SubmissionForm(PortalForm):
    """The one light request of handing in: which draft, and in which version it was shown."""

    submission_key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    @classmethod
    def of(cls, application: Application) -> "SubmissionForm":
        """Return the form that the check page shows for a draft."""
        return cls(
            initial={
                "submission_key": application.submission_key,
                "version": application.version,
            }
        )


class WithdrawalForm(PortalForm):
    reason = reason_field("취하 사유", "담당 기관에 전달됩니다.")


class GivingUpForm(PortalForm):
    reason = reason_field("포기 사유", "담당 기관에 전달됩니다.")


class MoveForm(PortalForm):
    """Why an application is moved; for a correction also which papers and until when.

    `seen` is the state that the officer's page showed. The company reads the reasons.
    """

    seen = forms.CharField(widget=forms.HiddenInput)
    reason = reason_field("사유", "신청기업에 그대로 전달됩니다.")

    def __init__(self, *args: Any, to: str, rows: Sequence[PaperRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows if to == ApplicationState.CORRECTION_ASKED else []
        self.fields["reason"].required = to in MOVES_WITH_REASON
        if to == ApplicationState.CORRECTION_ASKED:
            self.fields["due_at"] = due_field()
            noted = [row.document.due_at for row in self.rows if row.document]
            self.initial["due_at"] = min((due for due in noted if due), default=None)
        for row in self.rows:
            redo = row.document is not None and row.document.state == DocumentState.REDO
            self.fields[f"ask-{row.key}"] = forms.BooleanField(
                label=f"«{row.required.label}» 보완 요청", required=False, initial=redo
            )
            self.fields[f"why-{row.key}"] = forms.CharField(
                label=f"«{row.required.label}» 보완 내용",
                required=False,
                max_length=MAX_REASON,
                initial=row.document.reason if redo and row.document else "",
            )

    def clean_due_at(self) -> datetime | None:
        due_at: datetime | None = self.cleaned_data["due_at"]
        if due_at is not None and due_at <= timezone.now():
            raise forms.ValidationError("보완 기한은 지금보다 늦어야 합니다.")
        return due_at

    def papers(self) -> dict[UUID, str]:
        """Return the papers asked for with the reason of each, the general one by default."""
        values = self.cleaned_data
        return {
            row.key: values[f"why-{row.key}"] or values["reason"]
            for row in self.rows
            if values[f"ask-{row.key}"]
        }


class DocumentCheckForm(PortalForm):
    """What the officer found in one paper; 보완요청 with its reason and until when."""

    state = forms.ChoiceField(label="확인", choices=DocumentState.choices)
    reason = forms.CharField(label="보완 사유", required=False, max_length=MAX_REASON)
    due_at = due_field()

    @classmethod
    def of(cls, document: SubmittedDocument) -> "DocumentCheckForm":
        """Return the form that a paper's row shows, with ids of its own."""
        initial = {
            "state": document.state,
            "reason": document.reason,
            "due_at": document.due_at,
        }
        return cls(initial=initial, auto_id=f"{document.uuid}-%s")

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("state") == DocumentState.REDO and not values.get("reason"):
            self.add_error("reason", "보완이 필요한 까닭을 적어 주십시오.")
        return values


class LatePermitForm(PortalForm):
    """One company that may hand in late, to which notice, until when and why (N5)."""

    notice = forms.ModelChoiceField(
        label="공고",
        queryset=NoticePage.objects.none(),
        to_field_name="code",
        empty_label="공고를 골라 주십시오.",
    )
    business_number = BusinessNumberField(label="사업자등록번호")
    until_at = forms.DateTimeField(
        label="허용 기한",
        help_text="예: 2026-03-31 18:00. 이 시각 전까지 도착한 제출만 접수됩니다.",
        input_formats=MOMENT_FORMATS,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": BAD_MOMENT},
    )
    reason = reason_field("사유", "허용 이력에 남습니다.")

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = NoticePage.objects.live().of_agency(agency).filter(intake_kind=IntakeKind.OWN)
        notice = cast(forms.ModelChoiceField, self.fields["notice"])  # type: ignore[type-arg]
        notice.queryset = own.order_by("-intake_closes_at")


class ReceiptCheckForm(PortalForm):
    """A receipt's number and the SHA-256 of the whole, as the receipt shows them."""

    number = forms.CharField(label="접수번호", max_length=30, help_text="예: BZA0000005-R0001")
    content_hash = forms.CharField(
        label="전체 내용의 SHA-256", help_text="접수증에 적힌 64자리 값입니다."
    )

    def clean_content_hash(self) -> str:
        typed = "".join(str(self.cleaned_data["content_hash"]).split()).lower()
        if not HASH.fullmatch(typed):
            raise forms.ValidationError("0~9와 a~f로 된 64자리 값을 입력해 주십시오.")
        return typed
