"""What an agency's own system sends and reads back."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from ninja import Field
from pydantic import AwareDatetime, ConfigDict

from cms.api.shapes import EntryRow, Listing, NoticeOut, NoticeRow
from cms.enums import DocumentFormat, IntakeKind, MemberLevel, OriginalsPolicy, ScheduleKind
from cms.models.notice_parts import MAX_DOCUMENT_MB
from members.api.writing import Written

MAX_DOCUMENTS = 30
MAX_BLOCKS = 200
TEXT = r"^[^\x00]*$"


class RequiredDocumentIn(Written):
    """`key` of a document that is there already keeps what companies filed under it."""

    key: UUID | None = None
    label: str = Field(min_length=1, max_length=120, pattern=TEXT)
    is_required: bool = True
    formats: list[DocumentFormat] = Field([], max_length=len(DocumentFormat))
    max_mb: int = Field(MAX_DOCUMENT_MB, ge=1, le=MAX_DOCUMENT_MB)
    note: str = Field("", max_length=300, pattern=TEXT)


class BlockIn(Written):
    """A part of the text: see docs/headless.md for the value of each type."""

    type: Literal["heading", "text", "list", "steps", "question", "call_out", "contact"]
    value: str | dict[str, Any]


class NoticeText(Written):
    """What a notice says; every field may be left out of a change."""

    title: str | None = Field(None, min_length=1, max_length=255, pattern=TEXT)
    summary: str | None = Field(None, min_length=1, max_length=300, pattern=TEXT)
    category: str | None = Field(None, max_length=60, description="사업구분의 주소 이름")
    programme: UUID | None = Field(None, description="관련 사업안내의 uuid")
    official_number: str | None = Field(None, max_length=60, pattern=TEXT)
    contact_department: str | None = Field(None, max_length=120, pattern=TEXT)
    contact_phone: str | None = Field(None, min_length=1, max_length=20, pattern=TEXT)
    contact_email: str | None = Field(None, max_length=254, pattern=TEXT)
    posted_at: AwareDatetime | None = None
    intake_kind: IntakeKind | None = None
    intake_opens_at: AwareDatetime | None = None
    intake_closes_at: AwareDatetime | None = Field(None, description="null이면 상시 접수")
    external_url: str | None = Field(None, max_length=200, pattern=TEXT)
    member_level: MemberLevel | None = None
    originals_policy: OriginalsPolicy | None = None
    capacity: int | None = Field(None, ge=1, le=1_000_000)
    rounds_allowed: int | None = Field(None, ge=1, le=100)
    is_certificate_offered: bool | None = None
    required_documents: list[RequiredDocumentIn] | None = Field(None, max_length=MAX_DOCUMENTS)
    body: list[BlockIn] | None = Field(None, max_length=MAX_BLOCKS)


class NoticeIn(NoticeText):
    """A new notice: these cannot be left out."""

    title: str = Field(min_length=1, max_length=255, pattern=TEXT)
    summary: str = Field(min_length=1, max_length=300, pattern=TEXT)
    category: str = Field(max_length=60, description="사업구분의 주소 이름")
    contact_phone: str = Field(min_length=1, max_length=20, pattern=TEXT)
    intake_kind: IntakeKind
    intake_opens_at: AwareDatetime


class Extend(Written):
    closes_at: AwareDatetime = Field(description="새 마감 시각. 지금의 마감보다 늦어야 합니다.")
    reason: str = Field(min_length=2, max_length=300, pattern=TEXT)


class Close(Written):
    reason: str = Field(min_length=2, max_length=300, pattern=TEXT)


class EntryText(Written):
    title: str | None = Field(None, min_length=1, max_length=255, pattern=TEXT)
    kind: ScheduleKind | None = None
    starts_date: date | None = None
    ends_date: date | None = None
    country: str | None = Field(None, pattern="^([A-Z]{2})?$")
    city: str | None = Field(None, max_length=80, pattern=TEXT)
    description: str | None = Field(None, max_length=5000, pattern=TEXT)
    notice: str | None = Field(None, max_length=20, description="관련 공고의 번호")
    programme: UUID | None = Field(None, description="관련 사업안내의 uuid")


class EntryIn(EntryText):
    title: str = Field(min_length=1, max_length=255, pattern=TEXT)
    kind: ScheduleKind
    starts_date: date
    ends_date: date


class OwnNotice(NoticeOut):
    """A notice as its editors see it; `is_live`: whether the public sees an edition of it.

    `preview_url` shows this draft for an hour to whoever holds the address.
    """

    model_config = ConfigDict(json_schema_extra=None)

    is_live: bool
    has_unpublished_changes: bool
    is_waiting_for_approval: bool
    preview_url: str


class OwnEntry(EntryRow):
    model_config = ConfigDict(json_schema_extra=None)

    is_live: bool
    has_unpublished_changes: bool
    is_waiting_for_approval: bool


class OwnNoticeRow(NoticeRow):
    is_live: bool
    has_unpublished_changes: bool
    is_waiting_for_approval: bool


class OwnEntryRow(EntryRow):
    is_live: bool
    has_unpublished_changes: bool
    is_waiting_for_approval: bool


class OwnNotices(Listing):
    items: list[OwnNoticeRow]


class OwnEntries(Listing):
    items: list[OwnEntryRow]
