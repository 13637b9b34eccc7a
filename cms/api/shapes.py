"""What the published things look like in the API; every time has its offset, every address is
absolute. Fields that a caller may leave out by `fields` are not required."""

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import ConfigDict

from cms.enums import IntakeKind, MemberLevel, NoticeStatus, ScheduleKind


def nothing_required(schema: dict[str, Any]) -> None:
    """With `fields` every part of a row may be missing."""
    schema.pop("required", None)


class Row(Schema):
    """A row of a list, from which a caller may choose."""

    model_config = ConfigDict(json_schema_extra=nothing_required)


class AgencyName(Schema):
    code: str
    name: str


class CategoryName(Schema):
    slug: str
    name: str


class NoticeRow(Row):
    """`changed_at`: when the published text last changed; `url`: the page for people."""

    code: str
    title: str
    summary: str
    state: NoticeStatus
    is_closing_soon: bool
    agency: AgencyName
    category: CategoryName
    intake_kind: IntakeKind
    intake_opens_at: datetime
    intake_closes_at: datetime | None
    stopped_early_at: datetime | None
    posted_at: datetime
    changed_at: datetime | None
    url: str
    api_url: str


class File(Schema):
    """`size` in bytes."""

    name: str
    url: str
    size: int | None
    kind: str


class RequiredDocumentOut(Schema):
    key: str
    label: str
    is_required: bool
    formats: list[str]
    max_mb: int
    note: str
    template: File | None


class Extension(Schema):
    at: datetime
    old_closes_at: datetime | None
    new_closes_at: datetime | None
    reason: str


class Contact(Schema):
    department: str
    phone: str
    email: str


class Linked(Schema):
    uuid: str
    title: str
    url: str


class Block(Schema):
    """A part of a free text; `value` depends on `type` (docs/headless.md)."""

    type: str
    id: str
    value: Any


class NoticeOut(NoticeRow):
    official_number: str
    stop_reason: str
    external_url: str
    member_level: MemberLevel
    capacity: int | None
    rounds_allowed: int
    is_certificate_offered: bool
    contact: Contact
    views: int
    programme: Linked | None
    required_documents: list[RequiredDocumentOut]
    attachments: list[File]
    extensions: list[Extension]
    body: list[Block]
    body_html: str


class GuideRow(Row):
    uuid: str
    title: str
    agency: AgencyName
    category: CategoryName
    purpose: str
    target: str
    cycle: str
    changed_at: datetime | None
    url: str
    api_url: str


class GuideDocumentOut(Schema):
    label: str
    is_required: bool
    note: str


class Question(Schema):
    question: str
    answer: str


class GuideOut(GuideRow):
    support: list[str]
    process: list[str]
    contact: Contact
    documents: list[GuideDocumentOut]
    questions: list[Question]
    body: list[Block]
    body_html: str


class AgencyRow(Row):
    code: str
    name: str
    name_en: str
    role: str
    former_names: list[str]
    introduction: str
    department: str
    phone: str
    email: str
    address: str
    website: str
    logo: str | None
    url: str
    api_url: str


class AgencyOut(AgencyRow):
    body: list[Block]
    body_html: str


class EntryRow(Row):
    """A schedule entry; both days are inclusive, in Seoul."""

    uuid: str
    title: str
    agency: AgencyName
    kind: ScheduleKind
    starts_date: date
    ends_date: date
    country: str
    city: str
    description: str
    notice: str | None
    programme: str | None
    url: str
    api_url: str


class CategoryRow(Row):
    slug: str
    name: str
    description: str


class Hit(Row):
    """Something that holds every word asked for."""

    kind: str
    title: str
    url: str


class Listing(Schema):
    """One page of a list; `next` and `previous` are addresses."""

    count: int
    page: int
    pages: int
    next: str | None
    previous: str | None


class Notices(Listing):
    items: list[NoticeRow]


class Guides(Listing):
    items: list[GuideRow]


class Agencies(Listing):
    items: list[AgencyRow]


class Entries(Listing):
    items: list[EntryRow]


class Categories(Listing):
    items: list[CategoryRow]


class Hits(Listing):
    items: list[Hit]
