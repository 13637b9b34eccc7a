"""Fields that read values as Korean companies write them, and keep them as we store them."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from members import validators
from members.countries import country_choices
from members.formatting import (
    format_business_number,
    format_corporate_number,
    format_phone,
    format_thousands,
)
from members.hs.search import HsStanding, standing_of
from members.hs.wording import format_hs_code
from members.uploads import (
    FORMATS,
    MAX_FILE_BYTES,
    PROOF_FORMATS,
    UploadRefusedError,
    accept_attribute,
    screen,
)

MAX_AMOUNT = 10**12
MAX_FILES_AT_ONCE = 10
_AMOUNT_MARKS = re.compile(r"[,\s]")


class LineField(forms.CharField):
    """One line of text in composed form (NFC), runs of blanks as one."""

    def to_python(self, value: Any) -> str:
        text = unicodedata.normalize("NFC", super().to_python(value) or "")
        return " ".join(text.split())


class NumberTextField(forms.CharField):
    """Digits with or without their usual marks; stored bare, shown with marks."""

    data_format = ""
    input_type_attrs: dict[str, str] = {"inputmode": "numeric"}

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = {**super().widget_attrs(widget), **self.input_type_attrs}
        attrs.pop("maxlength", None)
        return {**attrs, "data-format": self.data_format}

    def normalise(self, text: str) -> str:
        raise NotImplementedError

    def show(self, digits: str) -> str:
        raise NotImplementedError

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return self.normalise(text) if text else ""

    def prepare_value(self, value: Any) -> Any:
        return self.show(value) if isinstance(value, str) else value


class BusinessNumberField(NumberTextField):
    """사업자등록번호 with its check digit (S28, S40): ten digits."""

    data_format = "business"

    def normalise(self, text: str) -> str:
        return validators.normalise_business_number(text)

    def show(self, digits: str) -> str:
        return format_business_number(digits)


class CorporateNumberField(NumberTextField):
    """법인등록번호 (S40): thirteen digits; since 2025 without a check digit, so none is asked."""

    data_format = "corporate"

    def normalise(self, text: str) -> str:
        return validators.normalise_corporate_number(text)

    def show(self, digits: str) -> str:
        return format_corporate_number(digits)


class PhoneField(NumberTextField):
    """A telephone number in one flexible field (S38, S41); `mobile` takes mobile numbers only."""

    data_format = "phone"
    input_type_attrs = {"inputmode": "tel"}

    def __init__(self, *, mobile: bool = False, **kwargs: Any) -> None:
        self.mobile = mobile
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "tel"}))
        super().__init__(**kwargs)

    def normalise(self, text: str) -> str:
        if self.mobile:
            return validators.normalise_mobile(text)
        return validators.normalise_phone(text)

    def show(self, digits: str) -> str:
        return format_phone(digits)


class MailInput(forms.EmailInput):
    """A control beside which `components/mail_field.html` puts the list of domains (S38)."""

    kind = "mail"


class HsCodeInput(forms.TextInput):
    """A control beside which `components/hs_field.html` puts the search."""

    kind = "hs_code"


class HsCodeField(NumberTextField):
    """H.S.CODE in any writing (S47, S48): 4, 6 or 10 digits are kept.

    The heading must exist; the whole code where an official edition is loaded.
    """

    data_format = ""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=HsCodeInput, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        attrs.pop("data-format")
        return attrs

    def normalise(self, text: str) -> str:
        code = validators.normalise_hs_code(text)
        if code and standing_of([code])[code] == HsStanding.UNKNOWN:
            raise ValidationError(
                "HS 코드표에 없는 번호입니다. ‘HS CODE 검색’으로 찾아 골라 주십시오.",
                code="unknown",
            )
        return code

    def show(self, digits: str) -> str:
        return format_hs_code(digits) if digits.isascii() and digits.isdigit() else digits


class AmountField(forms.IntegerField):
    """A whole number from nought, separators allowed (S42 to S44); `unit` stands beside it."""

    widget = forms.TextInput

    def __init__(self, *, unit: str, **kwargs: Any) -> None:
        self.unit = unit
        kwargs.setdefault("max_value", MAX_AMOUNT)
        super().__init__(min_value=0, localize=False, **kwargs)
        self.error_messages["invalid"] = "숫자만 입력해 주십시오. 소수점은 쓸 수 없습니다."
        self.error_messages["min_value"] = "0 이상의 숫자를 입력해 주십시오."

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "numeric", "data-format": "amount", "autocomplete": "off"}

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str):
            value = _AMOUNT_MARKS.sub("", unicodedata.normalize("NFKC", value))
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return format_thousands(value) if isinstance(value, int) else value


class HomepageField(forms.URLField):
    """A web address; «https://» is added where it is missing (S41)."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.URLInput(attrs={"type": "text", "inputmode": "url"}))
        super().__init__(assume_scheme="https", **kwargs)
        self.error_messages["invalid"] = (
            "홈페이지 주소를 https://www.example.kr처럼 입력해 주십시오."
        )

    def clean(self, value: Any) -> str:
        url: str = super().clean(value)
        if url and not url.lower().startswith(("http://", "https://")):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return url


class CountriesField(forms.MultipleChoiceField):
    """Countries by their alpha-2 codes with Korean names (S42); works as a plain select."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.SelectMultiple(attrs={"size": 8}))
        super().__init__(choices=country_choices, **kwargs)
        self.error_messages["invalid_choice"] = "목록에 있는 나라를 골라 주십시오."


class ManyFilesInput(forms.FileInput):
    """A file control that takes several files at once."""

    allow_multiple_selected = True


class UploadsField(forms.FileField):
    """One file, several, or one ZIP (decision A16); each is screened by content.

    Cleans to a list. `allowed_types`, `max_bytes` (each file) and `max_count` are what
    `components/file_field.html` tells beforehand. `is_filled`: files lie there from before, so a
    required field needs no new ones.
    """

    def __init__(
        self, *, formats: Sequence[str] = PROOF_FORMATS, is_filled: bool = False, **kwargs: Any
    ) -> None:
        self.formats = formats
        self.is_filled = is_filled
        self.max_bytes = MAX_FILE_BYTES
        self.max_count = MAX_FILES_AT_ONCE
        kwargs.setdefault("widget", ManyFilesInput(attrs={"accept": accept_attribute(formats)}))
        super().__init__(**kwargs)

    @property
    def allowed_types(self) -> list[str]:
        return [ending for kind in self.formats for ending in FORMATS[kind].extensions]

    def clean(self, data: Any, initial: Any = None) -> list["UploadedFile[Any]"]:
        uploads = [upload for upload in (data or []) if upload]
        if not uploads:
            if self.required and not self.is_filled:
                raise ValidationError(self.error_messages["required"], code="required")
            return []
        if len(uploads) > self.max_count:
            raise ValidationError(
                f"한 번에 {self.max_count}개까지 올릴 수 있습니다. ZIP으로 묶어 올려 주십시오.",
                code="too_many",
            )
        problems = []
        for upload in uploads:
            try:
                screen(upload, formats=self.formats, max_bytes=self.max_bytes)
            except UploadRefusedError as refusal:
                problems.append(ValidationError(str(refusal), code=refusal.code))
        if problems:
            raise ValidationError(problems)
        return uploads
