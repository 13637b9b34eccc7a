"""A company's whole record as one bundle of forms: joining, my page, before an application.

`components/error_summary.html` takes the bundle like a formset.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from members.enums import PaperSlot
from members.forms.record import (
    PRODUCTS,
    BaseProductFormSet,
    CompanyForm,
    FiguresForm,
    Kept,
    PersonForm,
    ProductFormSet,
    new_product_key,
    proof_place,
    with_product_keys,
)
from members.models import Company, Paper, User
from members.services.record import ProductInput, ProofInput

PARTS = ("person", "company", "figures", "products")
YEARS_SHOWN = 3
ADD_ROW = "add_row"
SHIFT_YEAR = "shift_year"

Initial = Mapping[str, Any]
Files: TypeAlias = MultiValueDict[str, "UploadedFile[Any]"]


class RecordForms:
    """Forms `person`, `company`, `figures` and formset `products`; those not asked for are None.

    `year` is the calendar year of today: the figures are those of the three years before it.
    A POST with `add_row` or `shift_year` is no submission: it is shown again with one more product,
    or with the amounts moved one year back.
    `initial` and `kept` take the place of the company's own values (joining).
    """

    def __init__(
        self,
        data: QueryDict | None = None,
        files: Files | None = None,
        *,
        company: Company | None,
        person: User | None,
        year: int,
        parts: Sequence[str] = PARTS,
        initial: Initial | None = None,
        kept: Kept | None = None,
    ) -> None:
        self.years = [year - offset for offset in range(YEARS_SHOWN, 0, -1)]
        self.parts = parts
        if initial is None:
            initial = stored_values(company=company, person=person, years=self.years)
        if kept is None:
            kept = stored_proofs(company=company)
        self._data = with_product_keys(data) if data is not None else None
        self._files = files
        asked = self._data if self._data is not None else {}
        self.is_asking_for_row = ADD_ROW in asked or SHIFT_YEAR in asked
        self._build(initial, kept)
        if self.is_asking_for_row:
            self.typed = self.typed_values()
            if SHIFT_YEAR in asked:
                self.typed["figures"] = shifted(self.typed.get("figures", {}), self.years)
            self._data = self._files = None
            self._build({**initial, **self.typed}, kept, extra_row=ADD_ROW in asked)

    def _build(self, initial: Initial, kept: Kept, *, extra_row: bool = False) -> None:
        self.person = self._form("person", PersonForm, initial)
        self.company = self._form("company", CompanyForm, initial)
        founded = self._founded(initial)
        self.figures = self._form(
            "figures", FiguresForm, initial, years=self.years, founded=founded, kept=kept
        )
        self.products: BaseProductFormSet | None = None
        if PRODUCTS in self.parts:
            rows = [dict(row) for row in initial.get(PRODUCTS) or []]
            if extra_row or not rows:
                rows.append({"key": new_product_key()})
            self.products = ProductFormSet(
                self._data, self._files, prefix=PRODUCTS, initial=rows, kept=kept
            )

    def _form(self, part: str, form: type[Any], initial: Initial, **kwargs: Any) -> Any:
        if part not in self.parts:
            return None
        values = initial.get(part) or {}
        return form(self._data, self._files, prefix=part, initial=values, **kwargs)

    def _founded(self, initial: Initial) -> Any:
        """Return when the company was founded, as typed now or as stored."""
        field = CompanyForm.base_fields["founded_date"]
        typed = (initial.get("company") or {}).get("founded_date")
        if self.company is not None and self.company.is_bound:
            typed = self.company["founded_date"].data
        try:
            return field.clean(typed)
        except forms.ValidationError:
            return None

    @property
    def forms(self) -> list[Any]:
        """The forms in the order of the page."""
        return [form for form in (getattr(self, part) for part in PARTS) if form is not None]

    def non_form_errors(self) -> list[str]:
        """Errors of the bundle itself: none; makes the error summary take it like a formset."""
        return []

    @property
    def errors(self) -> list[Any]:
        """The errors of the parts that have some; empty while unbound."""
        return [form.errors for form in self.forms if not is_clean(form)]

    def is_valid(self) -> bool:
        """Tell whether every part is; an unbound bundle is not."""
        verdicts = [form.is_valid() for form in self.forms]
        return all(verdicts)

    def typed_values(self) -> dict[str, Any]:
        """Return what was typed, unchecked, by part; fit for a joining draft and for `initial`."""
        typed: dict[str, Any] = {}
        for part in ("person", "company", "figures"):
            if (form := getattr(self, part)) is not None:
                typed[part] = form.typed_values()
        if self.products is not None:
            typed[PRODUCTS] = self.products.typed_rows()
        return typed

    # What services.record.RecordInput asks for; call after is_valid().

    @property
    def person_values(self) -> Mapping[str, Any] | None:
        return self.person.cleaned_data if self.person is not None else None

    @property
    def company_values(self) -> Mapping[str, Any] | None:
        return self.company.cleaned_data if self.company is not None else None

    @property
    def figures_values(self) -> Mapping[int, Mapping[str, int | None]] | None:
        return self.figures.figures() if self.figures is not None else None

    @property
    def products_values(self) -> Sequence[ProductInput] | None:
        if self.products is None:
            return None
        return [
            ProductInput(
                key=form.cleaned_data["key"],
                values=form.values(),
                proofs=form.cleaned_data["proofs"],
            )
            for form in self.products.kept_rows()
        ]

    @property
    def proofs(self) -> ProofInput:
        figures = self.figures.cleaned_data if self.figures is not None else {}
        dropped = [
            *figures.get(f"drop_{PaperSlot.SALES_PROOF}", []),
            *figures.get(f"drop_{PaperSlot.EXPORT_PROOF}", []),
        ]
        for form in self.products.kept_rows() if self.products is not None else ():
            dropped += form.cleaned_data.get("drop_proofs", [])
        return ProofInput(
            sales=figures.get(PaperSlot.SALES_PROOF.value, []),
            exports=figures.get(PaperSlot.EXPORT_PROOF.value, []),
            dropped=frozenset(UUID(hex=name) for name in dropped),
        )


def shifted(figures: Initial, years: Sequence[int]) -> dict[str, Any]:
    """Return typed amounts one year earlier: what stood at −1Y at −2Y; −1Y becomes empty (S45)."""
    moved = dict(figures)
    for kind in ("sales", "exports"):
        for year, later in zip(years, [*years[1:], None], strict=True):
            moved[f"{kind}_{year}"] = figures.get(f"{kind}_{later}") if later else ""
    return moved


def is_clean(form: Any) -> bool:
    """Tell whether a form or formset has nothing to complain about; unbound ones have not."""
    return not form.is_bound or form.is_valid()


def stored_values(
    *, company: Company | None, person: User | None, years: Sequence[int]
) -> dict[str, Any]:
    """Return the company's present record by part, as initial values."""
    values: dict[str, Any] = {}
    if person is not None:
        values["person"] = {name: getattr(person, name) for name in PersonForm.base_fields}
    if company is None:
        return values
    values["company"] = {name: getattr(company, name) for name in CompanyForm.base_fields}
    figures: dict[str, int | None] = {}
    for row in company.figures.filter(year__in=years):
        figures[f"sales_{row.year}"] = row.sales_million_krw
        figures[f"exports_{row.year}"] = row.exports_thousand_usd
    values["figures"] = figures
    values[PRODUCTS] = [
        {
            "key": product.uuid.hex,
            "name": product.name,
            "name_en": product.name_en,
            "hs_code": product.hs_code,
            "description": product.description,
            "description_en": product.description_en,
            "certifications": product.certifications,
        }
        for product in company.products.all()
    ]
    return values


def stored_proofs(*, company: Company | None) -> Kept:
    """Return the company's present proofs by place."""
    kept: dict[str, list[Any]] = {}
    if company is None:
        return kept
    slots = (PaperSlot.SALES_PROOF, PaperSlot.EXPORT_PROOF, PaperSlot.PRODUCT_PROOF)
    papers = Paper.objects.current().filter(company=company, slot__in=slots)
    for paper in papers.select_related("file", "product"):
        place = proof_place(paper.product.uuid.hex) if paper.product else paper.slot
        kept.setdefault(place, []).append(paper.file)
    return kept
