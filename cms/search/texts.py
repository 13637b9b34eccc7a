"""The text of a page as the search reads it: what stands in its title, what below."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from wagtail.models import Page

from cms.enums import SearchKind
from cms.models import (
    AnnouncementPage,
    NoticePage,
    PartnerAgencyPage,
    ProgrammeGuidePage,
    ScheduleEntryPage,
    StandardPage,
)
from members.countries import country_name
from members.formatting import SEOUL
from members.models import Agency


@dataclass(frozen=True)
class SearchText:
    """A page's title with its other names, its text, and the moment it is ordered by."""

    kind: SearchKind
    title: str
    names: tuple[str, ...]
    text: str
    dated_at: datetime | None
    agency: Agency | None = None


def text_of_page(page: Page) -> SearchText | None:
    """Return what is found of a page; None for pages that only lead to others."""
    reader = READERS.get(type(page))
    return reader(page) if reader is not None else None


def joined(*parts: str | Iterable[str]) -> str:
    """Return the parts of a text in lines, so that no phrase runs from one into the next."""
    lines: list[str] = []
    for part in parts:
        lines.extend([part] if isinstance(part, str) else part)
    return "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)


def body_lines(body: Any) -> list[str]:
    """Return the words of a body, block by block."""
    return [str(line) for line in body.stream_block.get_searchable_content(body)]


def notice_text(page: NoticePage) -> SearchText:
    documents = [document.label for document in page.required_documents.all()]
    files = [
        attachment.label or attachment.document.title
        for attachment in page.attachments.select_related("document").all()
    ]
    return SearchText(
        kind=SearchKind.NOTICE,
        title=page.title,
        names=(page.code, page.official_number),
        text=joined(
            page.summary,
            page.category.name,
            page.agency.name,
            page.contact_department,
            body_lines(page.body),
            documents,
            files,
        ),
        dated_at=page.posted_at,
        agency=page.agency,
    )


def guide_text(page: ProgrammeGuidePage) -> SearchText:
    questions = [f"{row.question} {row.answer}" for row in page.questions.all()]
    documents = [document.label for document in page.guide_documents.all()]
    return SearchText(
        kind=SearchKind.GUIDE,
        title=page.title,
        names=(),
        text=joined(
            page.purpose,
            page.target,
            page.support.splitlines(),
            page.process.splitlines(),
            page.cycle,
            page.category.name,
            page.agency.name,
            documents,
            questions,
            body_lines(page.body),
        ),
        dated_at=page.last_published_at,
        agency=page.agency,
    )


def agency_text(page: PartnerAgencyPage) -> SearchText:
    agency = page.agency
    former = [row.name for row in agency.former_names.all()]
    return SearchText(
        kind=SearchKind.AGENCY,
        title=page.title,
        names=(agency.name, agency.name_en, *former),
        text=joined(page.introduction, agency.department, agency.address, body_lines(page.body)),
        dated_at=page.last_published_at,
        agency=agency,
    )


def entry_text(page: ScheduleEntryPage) -> SearchText:
    country = country_name(page.country) if page.country else ""
    return SearchText(
        kind=SearchKind.SCHEDULE,
        title=page.title,
        names=(),
        text=joined(
            page.description, page.get_kind_display(), country, page.city, page.agency.name
        ),
        dated_at=datetime.combine(page.starts_date, time.min, tzinfo=SEOUL),
        agency=page.agency,
    )


def standard_text(page: StandardPage) -> SearchText:
    return SearchText(
        kind=SearchKind.TEXT,
        title=page.title,
        names=(),
        text=joined(page.introduction, body_lines(page.body)),
        dated_at=page.last_published_at,
    )


def announcement_text(page: AnnouncementPage) -> SearchText:
    return SearchText(
        kind=SearchKind.ANNOUNCEMENT,
        title=page.title,
        names=(),
        text=joined(page.introduction, body_lines(page.body)),
        dated_at=page.posted_at,
    )


READERS: dict[type[Page], Callable[[Any], SearchText]] = {
    NoticePage: notice_text,
    ProgrammeGuidePage: guide_text,
    PartnerAgencyPage: agency_text,
    ScheduleEntryPage: entry_text,
    AnnouncementPage: announcement_text,
    StandardPage: standard_text,
}
