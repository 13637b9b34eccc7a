"""What the portal holds about a company and its people, as a table to take away.

Rooms above add their sections with `register_section`; each is a title with rows of texts.
"""

from collections.abc import Callable, Sequence

from members.enums import ProductCertification
from members.formatting import (
    format_business_number,
    format_datetime,
    format_phone,
)
from members.models import Company, Consent

Section = tuple[str, Sequence[Sequence[object]]]
Reader = Callable[[Company], Section]
_readers: list[Reader] = []
RECORD_FIELDS = (
    "name", "name_en", "representative", "representative_en", "founded_date", "corporate_number",
    "head_office", "factory", "email", "homepage", "industry", "business_type", "main_product",
    "employees", "assets_million_krw", "export_countries", "joined_at", "record_confirmed_at",
)  # fmt: skip


def register_section(reader: Reader) -> Reader:
    """Add what a room above holds; call it in an AppConfig's `ready`."""
    if reader not in _readers:
        _readers.append(reader)
    return reader


def rows_of(company: Company) -> list[list[object]]:
    """Return every row as (part, item, value) texts, in the order of the screens."""
    rows: list[list[object]] = []
    for title, lines in (*_own_sections(company), *(reader(company) for reader in _readers)):
        rows += [[title, *line] for line in lines]
    return rows


def _own_sections(company: Company) -> list[Section]:
    return [
        ("기업정보", _record(company)),
        ("담당자", _people(company)),
        ("제품", _products(company)),
        ("연도별 실적", _figures(company)),
        ("회원 상태 이력", _history(company)),
        ("동의 이력", _consents(company)),
    ]


def _record(company: Company) -> list[list[object]]:
    labels = {field.name: str(field.verbose_name) for field in Company._meta.fields}
    labels |= {"head_office": "본사 소재지", "factory": "공장 소재지"}
    number = format_business_number(company.business_number)
    lines: list[list[object]] = [
        ["사업자등록번호", number],
        ["대표자 성별", company.get_representative_sex_display()],
        ["대표 연락처", format_phone(company.phone)],
    ]
    return lines + [[labels[name], getattr(company, name)] for name in RECORD_FIELDS]


def _people(company: Company) -> list[list[object]]:
    lines: list[list[object]] = []
    for person in company.people.order_by("pk"):
        about = [person.department, person.position, person.email]
        about += [format_phone(number) for number in (person.phone, person.mobile) if number]
        lines.append([str(person), " · ".join(part for part in about if part)])
    return lines


def _products(company: Company) -> list[list[object]]:
    labels = dict(ProductCertification.choices)
    lines: list[list[object]] = []
    for product in company.products.all():
        marks = ", ".join(str(labels.get(mark, mark)) for mark in product.certifications)
        about = [product.name_en, product.hs_code, product.description, marks]
        lines.append([str(product), " · ".join(part for part in about if part)])
    return lines


def _figures(company: Company) -> list[list[object]]:
    lines: list[list[object]] = []
    for row in company.figures.all():
        lines.append([f"{row.year}년 매출액(백만원)", row.sales_million_krw])
        lines.append([f"{row.year}년 수출액(천불)", row.exports_thousand_usd])
    return lines


def _history(company: Company) -> list[list[object]]:
    return [
        [format_datetime(event.at), f"{event.get_to_state_display()} {event.reason}".strip()]
        for event in company.membership_events.all()
    ]


def _consents(company: Company) -> list[list[object]]:
    given = Consent.objects.filter(company=company).select_related("text", "person")
    return [
        [
            format_datetime(row.at),
            f"{row.text} · {row.get_choice_display()} · {row.get_purpose_display()}"
            f" · {row.person.name}",
        ]
        for row in given
    ]
