"""A handed-in record beside the one of the company's earlier application to the same agency."""

from dataclasses import dataclass
from typing import Any

from members.formatting import format_business_number, format_phone

Snapshot = dict[str, Any]

COMPANY_ROWS = (
    ("업체명", "name"),
    ("업체명(영문)", "name_en"),
    ("대표자", "representative"),
    ("설립일", "founded_date"),
    ("본사 소재지", "head_office_road"),
    ("상세 주소", "head_office_detail"),
    ("대표 전자우편", "email"),
    ("업종", "industry"),
    ("업태", "business_type"),
    ("주 생산품", "main_product"),
    ("종업원 수(명)", "employees"),
    ("자산규모(백만원)", "assets_million_krw"),
    ("회원 구분", "membership"),
)


@dataclass(frozen=True)
class RecordRow:
    """One line of the record: now, and before where there was an earlier application."""

    label: str
    now: str
    before: str
    has_before: bool

    @property
    def is_changed(self) -> bool:
        return self.has_before and self.now != self.before


def compared_rows(now: Snapshot, before: Snapshot | None) -> list[RecordRow]:
    """Return every line of the record in both, in the order of the form."""
    mine, other = lines_of(now), lines_of(before or {})
    labels = list(dict.fromkeys([*mine, *(other if before else {})]))
    return [
        RecordRow(label, mine.get(label, ""), other.get(label, ""), before is not None)
        for label in labels
    ]


def lines_of(snapshot: Snapshot) -> dict[str, str]:
    """Return a snapshot as label and text; what is not there is an empty text."""
    company, person = snapshot.get("company", {}), snapshot.get("person", {})
    lines = {"사업자등록번호": format_business_number(str(company.get("business_number", "")))}
    lines |= {label: text_of(company.get(name)) for label, name in COMPANY_ROWS}
    lines["대표 연락처"] = format_phone(str(company.get("phone") or ""))
    lines["담당자"] = text_of(person.get("name"))
    lines["담당자 전자우편"] = text_of(person.get("email"))
    lines["담당자 연락처"] = format_phone(str(person.get("phone") or ""))
    for row in snapshot.get("figures", []):
        lines[f"{row['year']}년 매출(백만원)"] = text_of(row.get("sales_million_krw"))
        lines[f"{row['year']}년 수출(천불)"] = text_of(row.get("exports_thousand_usd"))
    lines["제품"] = ", ".join(
        f"{product['name']} ({product['hs_code']})" if product.get("hs_code") else product["name"]
        for product in snapshot.get("products", [])
    )
    lines["동의"] = ", ".join(
        f"{consent.get('title', '')} {consent.get('version', '')}판"
        for consent in snapshot.get("consents", [])
    )
    return lines


def text_of(value: Any) -> str:
    """Return a copied value as text; whole numbers with their thousands."""
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)
