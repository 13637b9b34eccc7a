"""Papers that a company prints, stamps and posts: the consent form and the envelope's cover (S31).

Made here because this room makes PDFs; what stands on them belongs to `members`.
"""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import segno
from django.template.loader import render_to_string

from certificates.pdf import render_one_page
from certificates.printing import keep_words, long_date, one_line
from members.enums import LegalKind
from members.formatting import (
    day_in_seoul,
    format_business_number,
    format_corporate_number,
    format_date,
    format_phone,
)
from members.membership import ORIGINALS
from members.models import Company, LegalText, OriginalsFile

BLANK = ""


class PaperTooLongError(Exception):
    """The texts in force do not fit on one sheet; the consent's text has to be shortened."""


@dataclass(frozen=True)
class FormRow:
    """One line of the form: its label and the company's value, or room to write."""

    label: str
    value: str


def consent_form(*, company: Company, at: datetime) -> bytes:
    """Return 기업정보활용동의서 as a PDF of one sheet, filled for a company (S31).

    Raises PaperTooLongError and `certificates.pdf.PaperUnavailableError`.
    """
    text = LegalText.objects.in_force_at(at).filter(kind=LegalKind.COMPANY_INFO).first()
    return _sheet(
        "pdf/consent_form.html",
        {
            "rows": company_rows(company),
            "text": text,
            "day": long_date(day_in_seoul(at)),
        },
        {},
    )


def cover_sheet(*, originals: OriginalsFile) -> bytes:
    """Return the envelope's cover sheet: where it goes, what is inside, its code as text and QR."""
    return _sheet(
        "pdf/cover_sheet.html",
        {
            "originals": originals,
            "company": one_line(originals.company.name),
            "number": format_business_number(originals.company.business_number),
            "phone": format_phone(originals.agency.phone),
            "slots": [slot.label for slot in ORIGINALS],
        },
        {"qr": cover_code_qr(originals.cover_code)},
    )


def company_rows(company: Company) -> list[FormRow]:
    """Return the form's lines; what the company left out is written by hand."""
    return [
        FormRow("업체명", keep_words(one_line(company.name))),
        FormRow("사업자등록번호", format_business_number(company.business_number)),
        FormRow("법인등록번호", format_corporate_number(company.corporate_number)),
        FormRow("대표자", one_line(company.representative)),
        FormRow("설립일", format_date(company.founded_date) if company.founded_date else BLANK),
        FormRow("소재지", one_line(f"{company.head_office_road} {company.head_office_detail}")),
        FormRow("연락처", format_phone(company.phone)),
    ]


def cover_code_qr(code: str) -> bytes:
    """Return the cover code as a QR code in SVG: the code alone, no address."""
    target = BytesIO()
    segno.make(code, error="m", micro=False).save(target, kind="svg", border=2, xmldecl=False)
    return target.getvalue()


def _sheet(template: str, context: dict[str, object], pictures: dict[str, bytes]) -> bytes:
    for density in ("roomy", "dense"):
        html = render_to_string(template, {**context, "density": density})
        if (data := render_one_page(html, pictures)) is not None:
            return data
    raise PaperTooLongError
