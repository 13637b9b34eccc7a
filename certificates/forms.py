"""What people type about certificates."""

from typing import Any

from django import forms

from certificates import bulk
from certificates.numbers import tidy_code, tidy_number
from certificates.rules import REASON_LENGTH
from members.forms.base import PortalForm
from members.uploads import UploadRefusedError, screen

CODE_LENGTH = 12
# A paper is some 30 kB; more is none of ours and not worth reading.
MAX_CHECKED_BYTES = 2 * 1024 * 1024


class ReasonForm(PortalForm):
    """Why a certificate is replaced."""

    reason = forms.CharField(
        label="재발급 사유",
        max_length=REASON_LENGTH,
        help_text="예: 대표자가 바뀌었습니다.",
    )


class RevokeForm(PortalForm):
    """Why a certificate ends, and whether the company may take a new one."""

    reason = forms.CharField(
        label="폐기 사유",
        min_length=2,
        max_length=REASON_LENGTH,
        help_text="기업에 메일로 전달됩니다.",
    )
    may_issue_again = forms.BooleanField(
        label="이 공고의 확인증을 다시 발급받을 수 있게 합니다.", required=False, initial=True
    )


class BulkCheckForm(PortalForm):
    """Many numbers at once: pasted, or as a spreadsheet."""

    numbers = forms.CharField(
        label="발행번호 목록",
        required=False,
        max_length=60_000,
        help_text="한 줄에 하나씩. 다른 기관의 확인증은 쉼표 뒤에 확인코드를 적으십시오.",
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    file = forms.FileField(
        label="엑셀 파일(xlsx)",
        required=False,
        help_text="첫째 열에 발행번호, 둘째 열에 확인코드. 500건까지 확인합니다.",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            cleaned["entries"] = self.read_entries(cleaned)
        return cleaned

    def read_entries(self, cleaned: dict[str, Any]) -> list[bulk.Entry]:
        """Return the pairs of number and code; errors stand at the field they come from."""
        try:
            entries = bulk.entries_of_text(cleaned.get("numbers", ""))
            if upload := cleaned.get("file"):
                screen(upload, formats=("xlsx",), max_bytes=MAX_CHECKED_BYTES)
                entries += bulk.entries_of_sheet(upload)
        except bulk.TooManyEntriesError:
            raise forms.ValidationError("한 번에 500건까지 확인할 수 있습니다.") from None
        except bulk.UnreadableListError:
            self.add_error("file", "엑셀 파일을 읽지 못했습니다. xlsx로 다시 저장해 주십시오.")
            return []
        except UploadRefusedError as error:
            self.add_error("file", str(error))
            return []
        if not entries:
            raise forms.ValidationError("확인할 발행번호를 붙여 넣거나 엑셀 파일을 고르십시오.")
        return entries[: bulk.MAX_ENTRIES]


class PaperVersionForm(PortalForm):
    """The fixed texts of the paper, and its seal."""

    heading = forms.CharField(label="제목", max_length=80)
    sentence = forms.CharField(
        label="확인 문구", max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
    issuer_name = forms.CharField(label="발급자", max_length=80)
    seal = forms.FileField(
        label="직인 그림",
        required=False,
        help_text="배경이 투명한 PNG 정사각형 그림(1MB 이하). 없으면 ‘직인 생략’으로 적힙니다.",
    )
    keeps_seal = forms.BooleanField(
        label="지금 쓰는 직인을 그대로 씁니다.", required=False, initial=True
    )


class CheckForm(PortalForm):
    """The number and the code that stand on the paper."""

    number = forms.CharField(
        label="발행번호",
        max_length=60,
        help_text="확인증 왼쪽 위에 있습니다. 예: 2026-BZA0000005-0001",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    code = forms.CharField(
        label="확인코드",
        max_length=30,
        help_text="확인증 아래 QR 코드 옆의 12자리입니다. 예: ABCD-EFGH-JKMN",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_number(self) -> str:
        return tidy_number(self.cleaned_data["number"])

    def clean_code(self) -> str:
        code = tidy_code(self.cleaned_data["code"])
        if len(code) != CODE_LENGTH:
            raise forms.ValidationError("확인코드 12자리를 모두 입력해 주십시오.")
        return code


class FileCheckForm(PortalForm):
    """The paper itself, as the PDF that was downloaded."""

    file = forms.FileField(
        label="확인증 PDF 파일",
        help_text="받은 PDF 파일을 고르거나 이 칸에 끌어다 놓으십시오. 저장하지 않습니다.",
        error_messages={"empty": "빈 파일입니다. 발급받은 PDF 파일을 골라 주십시오."},
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Read by components/file_field.html.
        self.fields["file"].max_bytes = MAX_CHECKED_BYTES  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > MAX_CHECKED_BYTES:
            raise forms.ValidationError("파일이 너무 큽니다. 발급받은 확인증 PDF를 골라 주십시오.")
        return upload
