"""Writing pages without the admin's form, under the same rights: drafts, approval, publishing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.blocks import StreamValue

from cms.blocks import RICH_TEXT_FEATURES
from cms.enums import IntakeKind
from cms.models import (
    INTAKE_FIELDS,
    Attachment,
    NoticePage,
    PartnerAgencyPage,
    PortalDocument,
    RequiredDocument,
    ScheduleEntryPage,
)
from cms.rules import may_add_below, may_publish, may_submit, may_write
from members.models import User
from members.rules import Verdict
from members.uploads import APPLICATION_FORMATS, screen

AnyPage = TypeVar("AnyPage", NoticePage, ScheduleEntryPage)
# Parts of a free text that hold rich text: block type and the name inside it ("" for the block).
RICH_PARTS = {"text": ("",), "question": ("answer",), "call_out": ("text",)}
# Columns that a new page gets when it is put into the tree.
GIVEN_WHEN_ADDED = ("path", "depth", "numchild", "slug", "code", "agency", "content_type")
TEXT_BLOCKS = ("heading", "text", "list", "steps", "question", "call_out", "contact")


class NotAllowedError(Exception):
    """The account may not do this; `verdict` says why."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.reason)
        self.verdict = verdict


class IntakeIsFixedError(Exception):
    """A published notice's intake is changed with a reason only; str() names the fields."""


class AlreadyPublishedError(Exception):
    """What is published is the latest draft already."""


def require(verdict: Verdict) -> None:
    """Raise NotAllowedError unless a rule allows."""
    if not verdict.allowed:
        raise NotAllowedError(verdict)


@transaction.atomic
def create_notice(
    *,
    parent: PartnerAgencyPage,
    values: Mapping[str, Any],
    documents: Sequence[Mapping[str, Any]],
    body: Sequence[Mapping[str, Any]],
    by: User,
) -> NoticePage:
    """Write a new notice of an agency as a draft.

    `values`: columns of NoticePage; `documents`: its required documents; `body`: blocks as
    ``{"type", "value"}``. Raises NotAllowedError, and ValidationError with the fields at fault.
    """
    require(may_add_below(parent, by=by))
    notice = NoticePage(owner=by, live=False, **values)
    if "is_certificate_offered" not in values:
        notice.is_certificate_offered = notice.intake_kind == IntakeKind.EXTERNAL
    notice.required_documents = [RequiredDocument(**row) for row in documents]
    notice.body = clean_body(notice, body=body)
    return add_draft(notice, parent=parent, by=by)


@transaction.atomic
def change_notice(
    *,
    notice: NoticePage,
    values: Mapping[str, Any],
    by: User,
    documents: Sequence[Mapping[str, Any]] | None = None,
    body: Sequence[Mapping[str, Any]] | None = None,
) -> NoticePage:
    """Change a notice's latest draft; what is published stays until it is published again.

    None leaves documents or text as they are. Raises NotAllowedError, IntakeIsFixedError and
    ValidationError.
    """
    require(may_write(notice, by=by))
    fixed = set(values) & set(INTAKE_FIELDS)
    if fixed and notice.first_published_at is not None:
        raise IntakeIsFixedError(", ".join(sorted(fixed)))
    draft = latest_draft(notice)
    for name, value in values.items():
        setattr(draft, name, value)
    if documents is not None:
        draft.required_documents = with_known_keys(draft, documents=documents)
    if body is not None:
        draft.body = clean_body(draft, body=body)
    return save_draft(draft, by=by)


@transaction.atomic
def attach_file(
    *,
    notice: NoticePage,
    upload: "UploadedFile[Any]",
    label: str,
    by: User,
) -> NoticePage:
    """Put a file among the agency's public ones and onto the notice's latest draft.

    The file is judged by its content like every upload. Raises NotAllowedError and
    UploadRefusedError.
    """
    require(may_write(notice, by=by))
    screened = screen(upload, formats=APPLICATION_FORMATS)
    upload.name = screened.display_name
    parent = PartnerAgencyPage.objects.get(agency=notice.agency_id)
    document = PortalDocument(
        title=label or screened.display_name,
        file=upload,
        file_size=screened.size,
        collection=parent.public_collection,
        uploaded_by_user=by,
    )
    document.save()
    draft = latest_draft(notice)
    draft.attachments.add(Attachment(document=document, label=label))
    return save_draft(draft, by=by)


@transaction.atomic
def create_entry(
    *, parent: PartnerAgencyPage, values: Mapping[str, Any], by: User
) -> ScheduleEntryPage:
    """Write a new schedule entry of an agency as a draft. Raises as `create_notice`."""
    require(may_add_below(parent, by=by))
    entry = ScheduleEntryPage(owner=by, live=False, **values)
    return add_draft(entry, parent=parent, by=by)


@transaction.atomic
def change_entry(
    *, entry: ScheduleEntryPage, values: Mapping[str, Any], by: User
) -> ScheduleEntryPage:
    """Change a schedule entry's latest draft. Raises as `change_notice`."""
    require(may_write(entry, by=by))
    draft = latest_draft(entry)
    for name, value in values.items():
        setattr(draft, name, value)
    return save_draft(draft, by=by)


@transaction.atomic
def publish_latest(*, page: AnyPage, by: User, at: datetime) -> AnyPage:
    """Publish a page's latest draft, where the account may. `at`: the moment it is asked for.

    Raises NotAllowedError and AlreadyPublishedError.
    """
    require(may_publish(page, by=by))
    if page.live and not page.has_unpublished_changes:
        raise AlreadyPublishedError
    if page.workflow_in_progress:
        page.current_workflow_state.cancel(user=by)
    revision = page.get_latest_revision() or page.save_revision(user=by)
    revision.publish(user=by)
    return present(page)


@transaction.atomic
def submit_latest(*, page: AnyPage, by: User) -> AnyPage:
    """Ask for the approval of a page's latest draft. Raises NotAllowedError."""
    require(may_submit(page, by=by))
    if page.get_latest_revision() is None:
        page.save_revision(user=by)
    page.get_workflow().start(page, by)
    return present(page)


def add_draft(page: AnyPage, *, parent: PartnerAgencyPage, by: User) -> AnyPage:
    """Check a new page as the admin's form would and put it below its parent, with a revision."""
    page.locale = parent.locale
    page.full_clean(exclude=GIVEN_WHEN_ADDED)
    page.slug = ""
    parent.add_child(instance=page)
    page.save_revision(user=by)
    return page


def latest_draft(page: AnyPage) -> AnyPage:
    """Return the page as its editors see it."""
    draft: AnyPage = page.get_latest_revision_as_object()
    return draft


def save_draft(draft: AnyPage, *, by: User) -> AnyPage:
    """Check a draft as the admin's form would and keep it as a revision in the page's history."""
    draft.full_clean()
    draft.save_revision(user=by, log_action=True)
    return present(draft)


def present(page: AnyPage) -> AnyPage:
    """Return a page's row as it is now."""
    found: AnyPage = type(page).objects.get(pk=page.pk)
    return found


def with_known_keys(
    draft: NoticePage, *, documents: Sequence[Mapping[str, Any]]
) -> list[RequiredDocument]:
    """Return required documents, those with a known key in place of the row that has it."""
    known = {str(row.key): row.pk for row in draft.required_documents.all()}
    rows = []
    for values in documents:
        key = str(values.get("key") or "")
        given = {name: value for name, value in values.items() if name != "key"}
        rows.append(
            RequiredDocument(pk=known[key], key=key, **given)
            if key in known
            else RequiredDocument(**given)
        )
    return rows


def clean_body(page: NoticePage, *, body: Sequence[Mapping[str, Any]]) -> StreamValue:
    """Return a free text of checked blocks; rich text keeps what the editor would keep."""
    block = page._meta.get_field("body").stream_block
    raw = [{"type": part["type"], "value": with_clean_text(part)} for part in body]
    unknown = sorted({part["type"] for part in raw} - set(TEXT_BLOCKS))
    if unknown:
        raise ValidationError({"body": f"쓸 수 없는 부분입니다: {', '.join(unknown)}"})
    try:
        return block.clean(StreamValue(block, raw, is_lazy=True))
    except (ValidationError, TypeError, AttributeError, ValueError) as error:
        raise ValidationError({"body": "본문에 비었거나 맞지 않는 부분이 있습니다."}) from error


def with_clean_text(part: Mapping[str, Any]) -> Any:
    """Return a block's value with its rich text cut down to the editor's features."""
    value = part["value"]
    for name in RICH_PARTS.get(part["type"], ()):
        if not name:
            return clean_rich_text(str(value))
        if isinstance(value, Mapping):
            value = {**value, name: clean_rich_text(str(value.get(name, "")))}
    return value


def clean_rich_text(html: str) -> str:
    """Send HTML through the editor's own converter: scripts, handlers and odd links fall out.

    Links by number to pages and files are left out as well; they could name another agency's.
    """
    features = [name for name in RICH_TEXT_FEATURES if name != "document-link"]
    converter = ContentstateConverter(features=features)
    cleaned: str = converter.to_database_format(
        converter.from_database_format(html.replace("linktype", "data-linktype"))
    )
    return cleaned
