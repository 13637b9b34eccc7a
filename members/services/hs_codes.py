"""Takes in an official HS edition: whole or not at all, with a report (data.md 1.2)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from members.hs.official_file import HsFileError, OfficialFile
from members.hs.own_table import HEADING_LENGTH, PATH_MARK, own_names
from members.hs.wording import search_key
from members.models import HsCode, HsEdition, HsSynonym, Product

SUBHEADING_LENGTH = 6
LINE_LENGTH = 10
BATCH = 1_000
SYNONYMS = Path(__file__).parent.parent / "hs" / "synonyms.txt"


@dataclass
class HsReport:
    """What an import did, or would do, beside the edition before it."""

    edition: HsEdition
    rows_in_file: int
    derived: int = 0
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)
    flagged_products: int = 0
    flagged_companies: int = 0


def load_edition(
    *, official: OfficialFile, base_date: date | None, at: datetime, dry_run: bool = False
) -> HsReport:
    """Store the file as the current edition and flag products whose code is gone.

    `base_date` overrules the file's own. An edition of the same date is replaced. In a dry run
    everything is done and taken back. Raises HsFileError.
    """
    day = base_date or official.base_date
    if day is None:
        raise HsFileError("기준일을 알 수 없습니다. --base-date 2026-01-01처럼 적어 주십시오.")
    with transaction.atomic():
        report = _store(official, day, at)
        transaction.set_rollback(dry_run)
    return report


def _store(official: OfficialFile, day: date, at: datetime) -> HsReport:
    before = HsEdition.objects.select_for_update().filter(is_current=True).first()
    old = dict(before.codes.values_list("code", "name")) if before is not None else {}
    HsEdition.objects.filter(is_current=True).update(is_current=False)
    HsEdition.objects.filter(base_date=day).delete()
    names = {**official.names}
    derived = _derived_subheadings(names)
    edition = HsEdition.objects.create(
        base_date=day,
        title=official.title,
        loaded_at=at,
        row_count=len(names) + len(derived),
        is_current=True,
    )
    HsCode.objects.bulk_create(_rows(edition, names, derived), batch_size=BATCH)
    report = HsReport(edition, rows_in_file=len(names), derived=len(derived))
    new = {**derived, **names}
    if old:
        report.added = sorted(set(new) - set(old))
        report.removed = sorted(set(old) - set(new))
        report.renamed = sorted(code for code in set(new) & set(old) if new[code][0] != old[code])
    _flag_products(report, set(new), at)
    return report


def _derived_subheadings(names: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Return the six-digit codes that the file leaves out because they are not split further.

    They are named after their one line, or after the heading where there are no subheadings.
    """
    derived: dict[str, tuple[str, str]] = {}
    for code, name in names.items():
        six, heading = code[:SUBHEADING_LENGTH], code[:HEADING_LENGTH]
        if len(code) != LINE_LENGTH or six in names or heading not in names:
            continue
        is_only_line = code.endswith("0000")
        derived[six] = name if is_only_line and six not in derived else names[heading]
    return derived


def _rows(
    edition: HsEdition,
    names: Mapping[str, tuple[str, str]],
    derived: Mapping[str, tuple[str, str]],
) -> Iterator[HsCode]:
    """Yield a row for every code with the names of all that is above it."""
    everything = {**derived, **names}
    own = own_names()
    for code, (korean, english) in everything.items():
        above = _above(code, names)
        path = _path([names[upper][0] for upper in above if len(upper) >= HEADING_LENGTH], korean)
        if len(code) <= HEADING_LENGTH:
            path = _path([names[upper][0] for upper in above], korean)
        # Our own short names carry everyday words: they are found, not shown.
        heading = own.get(code[:HEADING_LENGTH], ("", ""))
        words = [text for upper in above for text in names[upper]]
        yield HsCode(
            edition=edition,
            code=code,
            level=len(code),
            name=korean,
            name_en=english,
            path=path,
            search_key=search_key(korean, english, *words, *heading),
            is_derived=code in derived,
        )


def _path(above: list[str], name: str) -> str:
    """Join names, leaving out one that only repeats the one before it."""
    parts: list[str] = []
    for part in [*above, name]:
        if part and (not parts or parts[-1] != part):
            parts.append(part)
    return PATH_MARK.join(parts)


def _above(code: str, names: Mapping[str, tuple[str, str]]) -> list[str]:
    """Return the stored codes that `code` lies under, chapter first."""
    return [code[:length] for length in range(2, len(code)) if code[:length] in names]


def _flag_products(report: HsReport, codes: set[str], at: datetime) -> None:
    """Mark products whose code the new edition does not know, and unmark the others."""
    with_code = Product.objects.exclude(hs_code="").only("pk", "hs_code", "company_id")
    gone = [product for product in with_code if product.hs_code not in codes]
    keys = [product.pk for product in gone]
    Product.objects.filter(hs_code_gone_at__isnull=False).exclude(pk__in=keys).update(
        hs_code_gone_at=None
    )
    Product.objects.filter(pk__in=keys, hs_code_gone_at__isnull=True).update(hs_code_gone_at=at)
    report.flagged_products = len(gone)
    report.flagged_companies = len({product.company_id for product in gone})


def provide_synonyms() -> int:
    """Put in the first everyday words once; what staff changed or added stays. Returns how many.

    A word that staff deleted comes back only into an empty list.
    """
    if HsSynonym.objects.exists():
        return 0
    lines = SYNONYMS.read_text(encoding="utf-8").splitlines()
    pairs = [line.split("|") for line in lines if line]
    HsSynonym.objects.bulk_create(HsSynonym(word=word, meaning=meaning) for word, meaning in pairs)
    return len(pairs)
