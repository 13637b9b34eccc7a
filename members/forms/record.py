"""The record as forms: contact person, company, yearly figures, products (S37 to S47).

Labels and required marks are those of the customer's manual. `kept` maps a place («sales_proof»,
«export_proof», «product_proof:<key>») to the files that were stored for it before.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property

from members.enums import PaperSlot, ProductCertification, Sex
from members.formatting import format_size
from members.forms.base import PortalForm
from members.forms.fields import (
    AmountField,
    CorporateNumberField,
    CountriesField,
    HomepageField,
    HsCodeField,
    LineField,
    MailInput,
    PhoneField,
    UploadsField,
)
from members.hs.search import HsStanding, standing_of
from members.models import StoredFile

MAX_PRODUCTS = 20
PRODUCTS = "products"
HS_NOTES = {
    HsStanding.UNVERIFIED: "미확인: 공식 코드표가 등록되면 나머지 자리를 확인합니다.",
    HsStanding.UNKNOWN: "지금 코드표에 없는 번호입니다. 검색해서 다시 골라 주십시오.",
}
Kept = Mapping[str, Sequence[StoredFile]]

DATE_FORMATS = ["%Y-%m-%d", "%Y.%m.%d", "%Y. %m. %d.", "%Y. %m. %d", "%Y/%m/%d", "%Y%m%d"]


def proof_place(key: str) -> str:
    """Return the place of a product's proofs among kept files."""
    return f"{PaperSlot.PRODUCT_PROOF}:{key}"


def dropping_field(files: Sequence[StoredFile]) -> forms.MultipleChoiceField:
    """Return ticks to put stored files away; each choice names a file with kind and size."""
    choices = [
        (file.uuid.hex, f"{file.display_name} [{file.kind}, {format_size(file.size)}]")
        for file in files
    ]
    return forms.MultipleChoiceField(
        label="올려 둔 파일",
        help_text="지울 파일만 고르십시오. 고르지 않은 파일은 그대로 둡니다.",
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class PersonForm(PortalForm):
    """담당자 정보 (S37, S38)."""

    name = LineField(
        label="담당자명(한글)",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    name_en = LineField(label="담당자명(영문)", max_length=120, required=False)
    department = LineField(label="부서", max_length=60)
    position = LineField(
        label="직위",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    phone = PhoneField(label="담당자 연락처", help_text="예: 042-000-0000. 붙임표는 없어도 됩니다.")
    mobile = PhoneField(label="휴대폰 전화번호", mobile=True, help_text="예: 010-0000-0000")
    email = forms.EmailField(
        label="담당자 E-mail",
        max_length=254,
        widget=MailInput(attrs={"autocomplete": "email"}),
    )


class CompanyForm(PortalForm):
    """기본 기업정보 (S39 to S42); the business number stands apart because it never changes."""

    name = LineField(
        label="업체명(한글)",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    name_en = LineField(label="업체명(영문)", max_length=200, required=False)
    representative = LineField(label="대표자명(한글)", max_length=60)
    representative_en = LineField(label="대표자명(영문)", max_length=120, required=False)
    representative_sex = forms.ChoiceField(
        label="대표자 성별",
        choices=[(Sex.MALE, Sex.MALE.label), (Sex.FEMALE, Sex.FEMALE.label)],
        widget=forms.RadioSelect,
    )
    founded_date = forms.DateField(
        label="설립일",
        input_formats=DATE_FORMATS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "설립일을 2014-03-17처럼 입력해 주십시오."},
    )
    corporate_number = CorporateNumberField(
        label="법인등록번호",
        required=False,
        help_text="법인만 입력합니다. 13자리이며 붙임표는 없어도 됩니다.",
    )
    head_office_zip = forms.CharField(
        label="본사 우편번호",
        max_length=5,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "postal-code"}),
    )
    head_office_road = LineField(
        label="본사 소재지", max_length=200, help_text="도로명주소를 입력합니다."
    )
    head_office_detail = LineField(label="본사 상세주소", max_length=200, required=False)
    factory_zip = forms.CharField(
        label="공장 우편번호",
        max_length=5,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    factory_road = LineField(label="공장 소재지", max_length=200, required=False)
    factory_detail = LineField(label="공장 상세주소", max_length=200, required=False)
    phone = PhoneField(label="대표 연락처")
    email = forms.EmailField(
        label="대표 E-mail",
        max_length=254,
        help_text="아이디를 찾을 때 이 주소로 알려 드립니다.",
        widget=MailInput,
    )
    homepage = HomepageField(label="홈페이지 URL", required=False)
    industry = LineField(
        label="업종", max_length=120, help_text="사업자등록증의 ‘종목’을 그대로 입력합니다."
    )
    business_type = LineField(
        label="업태", max_length=120, help_text="사업자등록증의 ‘업태’를 그대로 입력합니다."
    )
    main_product = LineField(label="주 생산품", max_length=200)
    employees = AmountField(label="종업원 수", unit="명", max_value=1_000_000)
    assets_million_krw = AmountField(label="자산규모", unit="백만원")
    export_countries = CountriesField(
        label="주요 수출국",
        required=False,
        help_text="여러 나라는 Ctrl(맥은 Command) 키를 누른 채 고릅니다.",
    )

    def clean_founded_date(self) -> date:
        founded: date = self.cleaned_data["founded_date"]
        if founded > timezone.localdate():
            raise ValidationError("설립일은 오늘보다 뒤일 수 없습니다.")
        return founded

    def clean_head_office_zip(self) -> str:
        return checked_zip(self.cleaned_data["head_office_zip"])

    def clean_factory_zip(self) -> str:
        return checked_zip(self.cleaned_data["factory_zip"])


def checked_zip(value: str) -> str:
    """Return a postal code of five digits, or nothing."""
    if value and not (len(value) == 5 and value.isascii() and value.isdigit()):
        raise ValidationError("우편번호는 숫자 5자리로 입력해 주십시오.")
    return value


class FiguresForm(PortalForm):
    """최근3년 매출액 and 수출액 with their proofs (S43, S44), by calendar year (decision A13).

    A year before the company was founded may stay empty.
    """

    def __init__(
        self,
        *args: Any,
        years: Sequence[int],
        founded: date | None = None,
        kept: Kept | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.years = list(years)
        self._add_amounts("sales", "매출액", "백만원", founded)
        self._add_proofs(PaperSlot.SALES_PROOF, "매출증빙 자료", kept)
        self._add_amounts("exports", "수출액", "천불", founded)
        self._add_proofs(PaperSlot.EXPORT_PROOF, "수출증빙 자료", kept)

    def _add_amounts(self, kind: str, label: str, unit: str, founded: date | None) -> None:
        for offset, year in zip(range(-len(self.years), 0), self.years, strict=True):
            name = f"{year}년 {label}({offset}Y)"
            self.fields[f"{kind}_{year}"] = AmountField(
                label=name,
                unit=unit,
                required=founded is None or founded.year <= year,
                error_messages={
                    "required": "금액을 입력해 주십시오. 실적이 없으면 0을 입력합니다."
                },
            )

    def _add_proofs(self, place: PaperSlot, label: str, kept: Kept | None) -> None:
        self.fields[place.value] = UploadsField(label=label, required=False)
        if files := (kept or {}).get(place.value):
            self.fields[f"drop_{place.value}"] = dropping_field(files)

    @property
    def groups(self) -> list[tuple[list[forms.BoundField], list[forms.BoundField]]]:
        """The fields as the page draws them: three amounts in a row, then their proofs."""
        places = (("sales", PaperSlot.SALES_PROOF), ("exports", PaperSlot.EXPORT_PROOF))
        return [
            (
                [self[f"{kind}_{year}"] for year in self.years],
                [self[name] for name in (place.value, f"drop_{place}") if name in self.fields],
            )
            for kind, place in places
        ]

    def figures(self) -> dict[int, dict[str, int | None]]:
        """Return the amounts by year, as `services.record` takes them."""
        return {
            year: {
                "sales_million_krw": self.cleaned_data[f"sales_{year}"],
                "exports_thousand_usd": self.cleaned_data[f"exports_{year}"],
            }
            for year in self.years
        }


class ProductForm(PortalForm):
    """One product; nothing in it is required (S47). `key` ties its files to it."""

    key = forms.CharField(max_length=32, required=False, widget=forms.HiddenInput)
    name = LineField(label="품목명(한글)", max_length=200, required=False)
    name_en = LineField(label="품목명(영문)", max_length=200, required=False)
    hs_code = HsCodeField(
        label="H.S.CODE",
        required=False,
        help_text="4자리, 6자리, 10자리 가운데 아는 만큼 입력합니다. "
        "수출한 적이 있으면 세관에 신고한 번호를 입력해 주십시오.",
    )
    description = forms.CharField(
        label="품목설명(한글)",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    description_en = forms.CharField(
        label="품목설명(영문)",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    certifications = forms.MultipleChoiceField(
        label="인증현황",
        choices=ProductCertification.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    proofs = UploadsField(label="증빙서류", required=False)

    VALUE_NAMES = ("name", "name_en", "hs_code", "description", "description_en", "certifications")

    def __init__(self, *args: Any, kept_files: Sequence[StoredFile] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept_files = kept_files
        if kept_files:
            self.fields["drop_proofs"] = dropping_field(kept_files)

    def values(self) -> dict[str, Any]:
        """Return the product's own values, without key and files."""
        return {name: self.cleaned_data[name] for name in self.VALUE_NAMES}

    @property
    def is_blank(self) -> bool:
        """Nothing was typed, chosen or kept: such a row is no product."""
        return not (any(self.values().values()) or self.cleaned_data["proofs"] or self.kept_files)


class BaseProductFormSet(BaseFormSet[ProductForm]):
    """The products of one company, added and taken away with and without scripts (S46)."""

    def __init__(self, *args: Any, kept: Kept | None = None, **kwargs: Any) -> None:
        self.kept = kept or {}
        super().__init__(*args, **kwargs)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        key = self._key_of(index) if index is not None else ""
        return {"kept_files": self.kept.get(proof_place(key), ()) if key else ()}

    def add_fields(self, form: ProductForm, index: int | None) -> None:
        """Say beside a stored code when it could not be checked, or is no code any more."""
        super().add_fields(form, index)
        standing = self._standings.get(str(form.initial.get("hs_code") or ""))
        note = HS_NOTES.get(standing) if standing else None
        if note:
            field = form.fields["hs_code"]
            field.help_text = f"{field.help_text} {note}"

    @cached_property
    def _standings(self) -> Mapping[str, HsStanding]:
        codes = {str(row.get("hs_code") or "") for row in self.initial or []}
        digits = [code for code in codes if code.isascii() and code.isdigit()]
        return standing_of(digits) if digits else {}

    def _key_of(self, index: int) -> str:
        if self.is_bound:
            return str(self.data.get(f"{self.prefix}-{index}-key", ""))
        rows = self.initial or []
        return str(rows[index].get("key", "")) if index < len(rows) else ""

    def kept_rows(self) -> Iterator[ProductForm]:
        """Yield the rows that are products, checked; call after is_valid()."""
        for form in self.forms:
            if not form.cleaned_data.get("DELETE") and not form.is_blank:
                yield form

    def typed_rows(self) -> list[dict[str, Any]]:
        """Return what was typed, unchecked, without the rows that were ticked for deleting."""
        rows = [form.typed_values() for form in self.forms]
        return [row for row in rows if not row.pop("DELETE", None)]


ProductFormSet = cast(
    type[BaseProductFormSet],
    formset_factory(
        ProductForm,
        formset=BaseProductFormSet,
        extra=0,
        can_delete=True,
        max_num=MAX_PRODUCTS,
        validate_max=True,
        absolute_max=2 * MAX_PRODUCTS,
    ),
)


def with_product_keys(data: QueryDict) -> QueryDict:
    """Return the posted data with a key in every product row that came without one."""
    keyed = data.copy()
    try:
        count = min(int(data.get(f"{PRODUCTS}-TOTAL_FORMS", "0")), 2 * MAX_PRODUCTS)
    except ValueError:
        return keyed
    for index in range(count):
        if not keyed.get(f"{PRODUCTS}-{index}-key"):
            keyed[f"{PRODUCTS}-{index}-key"] = new_product_key()
    return keyed


def new_product_key() -> str:
    """Return a key for a product that has no row yet."""
    return secrets.token_hex(4)
