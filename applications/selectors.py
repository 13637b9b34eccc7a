"""Reads over several models; no write, no clock."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from applications.enums import ApplicationState
from applications.models import (
    Application,
    Bookmark,
    CorrectionRequest,
    LatePermit,
    SubmittedDocument,
)
from applications.models.applications import ApplicationQuerySet
from applications.models.corrections import CorrectionQuerySet
from applications.questions import Question, read_questions
from cms.models import NoticePage, RequiredDocument
from members.enums import AGENCY_ROLES, ConsentChoice, LegalKind
from members.models import Agency, Company, Consent, User
from members.uploads import FORMATS, accept_attribute, format_labels


@dataclass(frozen=True)
class PaperRow:
    """One required document with what the company put there and what was asked about it."""

    required: RequiredDocument
    document: SubmittedDocument | None = None
    correction: CorrectionRequest | None = None
    is_question: bool = False

    @property
    def key(self) -> UUID:
        key: UUID = self.required.key
        return key

    @property
    def formats_text(self) -> str:
        """The accepted types as people read them: «PDF, HWP»."""
        return format_labels(self.required.accepted_formats)

    @property
    def accept(self) -> str:
        """The value of the file control's `accept`."""
        return accept_attribute(self.required.accepted_formats)

    @property
    def extensions(self) -> list[str]:
        """The accepted endings, for the check before sending."""
        kinds = self.required.accepted_formats
        return [ending for kind in kinds for ending in FORMATS[kind].extensions]

    @property
    def max_bytes(self) -> int:
        return int(self.required.max_mb) * 1024 * 1024

    @property
    def is_missing(self) -> bool:
        return self.required.is_required and self.document is None


def published_notices() -> Any:
    """Notices as companies see them, with what every screen of ours names."""
    return NoticePage.objects.live().select_related("agency", "category")


def applications_of(company: Company) -> ApplicationQuerySet:
    """Return a company's applications for its list, newest first; one query."""
    rows = Application.objects.owned_by(company).select_related("notice__agency")
    return rows.defer("snapshot").order_by("-created_at", "-pk")


def with_open_corrections(rows: ApplicationQuerySet) -> ApplicationQuerySet:
    """Annotate `needs_correction`: whether the company has papers to mend."""
    unanswered = CorrectionRequest.objects.unanswered().filter(application=OuterRef("pk"))
    return rows.annotate(needs_correction=Exists(unanswered))


def applications_on(notice: NoticePage, *, company: Company) -> list[Application]:
    """Return what the company ever began for a notice, oldest first."""
    rows = Application.objects.owned_by(company).filter(notice=notice).defer("snapshot")
    return list(rows.order_by("pk"))


def present_application(existing: Sequence[Application]) -> Application | None:
    """Return the application a company would be shown for a notice: the last one it began."""
    return existing[-1] if existing else None


def draft_on(notice: NoticePage, *, company: Company) -> Application | None:
    """Return the company's draft for a notice."""
    drafts = Application.objects.owned_by(company).filter(notice=notice).drafts()
    return drafts.select_related("company", "notice__agency", "question_set").first()


def paper_rows(
    application: Application, *, corrections: Sequence[CorrectionRequest] = ()
) -> list[PaperRow]:
    """Return every required document of the notice with its current file; constant queries.

    After hand-in the rows are those that were asked for then, whatever the notice says now.
    """
    current = application.documents.current().select_related("file", "uploaded_by")
    documents = {document.key: document for document in current}
    asked = {request.key: request for request in corrections}
    questions = {question.key for question in questions_of(application)}
    return [
        PaperRow(row, documents.get(row.key), asked.get(row.key), row.key in questions)
        for row in required_rows(application)
    ]


def required_rows(application: Application) -> list[RequiredDocument]:
    """Return every paper an application needs: the notice's, and files that answer a question.

    After hand-in they are those that were asked for then, whatever the notice says now.
    """
    if "required_documents" in (application.snapshot or {}).get("notice", {}):
        return submitted_rows(application)
    asked = application.notice.required_documents.select_related("template")
    return [*asked, *file_rows(application)]


def file_rows(application: Application) -> list[RequiredDocument]:
    """Return the questions that are answered with a file, as unsaved required documents."""
    return [
        RequiredDocument(
            key=question.key,
            label=question.label,
            note=question.help_text,
            is_required=question.is_required,
            formats=list(question.formats),
            max_mb=question.max_mb,
        )
        for question in questions_of(application)
        if question.is_file
    ]


# --- questions ----------------------------------------------------------------------------------


def questions_of(application: Application) -> list[Question]:
    """Return the questions of the version that an application answers; [] without any."""
    frozen = application.question_set
    return read_questions(frozen.questions) if frozen is not None else []


def answers_of(application: Application) -> dict[UUID, Any]:
    """Return the answers of an application as they were typed, by question; one query."""
    return {answer.key: answer.value for answer in application.answers.all()}


def definitions_of(notice: NoticePage) -> list[dict[str, Any]]:
    """Return what a notice asks now, as a version keeps it; one query."""
    return [question.definition() for question in notice.questions.all()]


def hash_of(definitions: list[dict[str, Any]]) -> str:
    """Return the SHA-256 (64 hex digits) by which a version is known."""
    text = json.dumps(definitions, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def has_newer_questions(application: Application) -> bool:
    """Tell whether the notice asks something else now than the draft answers; one query."""
    frozen = application.question_set
    definitions = definitions_of(application.notice)
    if frozen is None:
        return bool(definitions)
    return frozen.content_hash != hash_of(definitions)


def submitted_rows(application: Application) -> list[RequiredDocument]:
    """Return the rows that were copied at hand-in, as unsaved required documents."""
    copied = (application.snapshot or {}).get("notice", {}).get("required_documents", [])
    return [
        RequiredDocument(
            key=UUID(row["key"]),
            label=row["label"],
            is_required=row["is_required"],
            formats=row["formats"],
            max_mb=row["max_mb"],
        )
        for row in copied
    ]


def last_corrections(application: Application) -> CorrectionQuerySet:
    """Return the requests of the last correction round."""
    requests: CorrectionQuerySet = application.corrections.of_last_round()
    return requests


def bookmarks_of(person: User) -> Any:
    """Return a person's scraps with their notices, newest first; one query."""
    rows = Bookmark.objects.of(person).filter(notice__live=True)
    return rows.select_related("notice__agency", "notice__category")


def has_bookmark(notice: NoticePage, *, person: User) -> bool:
    return Bookmark.objects.of(person).filter(notice=notice).exists()


def late_permit_for(notice: NoticePage, *, company: Company, at: datetime) -> LatePermit | None:
    """Return the late permit that the company may use at a moment."""
    permits = LatePermit.objects.usable_at(at)
    return permits.filter(notice=notice, business_number=company.business_number).first()


# --- the agency's side --------------------------------------------------------------------------


def company_scope(agency: Agency) -> Q:
    """Companies an agency's officers see because they applied to its notices; drafts never."""
    return Q(pk__in=Application.objects.on_notices_of(agency).values("company"))


def work_under_way(company: Company) -> list[str]:
    """Name the submitted applications of a company that nobody has decided on yet."""
    rows = Application.objects.owned_by(company).submitted().live().select_related("notice")
    return [f"{row} {row.notice.title} ({row.get_state_display()})" for row in rows]


def own_data_section(company: Company) -> tuple[str, list[list[object]]]:
    """Return a company's submitted applications for its own download."""
    rows = Application.objects.owned_by(company).submitted().select_related("notice")
    return "신청", [
        [row.receipt_number, f"{row.notice.title} · {row.get_state_display()}"] for row in rows
    ]


def notices_with_applications(agency: Agency | None) -> list[tuple[str, str]]:
    """Return (code, title) of the notices that have applications; of one agency, or of all."""
    rows = Application.objects.submitted()
    if agency is not None:
        rows = rows.on_notices_of(agency)
    found = rows.order_by("notice__code").values_list("notice__code", "notice__title")
    return list(found.distinct())


def draft_counts(agency: Agency | None) -> list[dict[str, Any]]:
    """Return notices with the number of their drafts: all that staff learns about drafts.

    Each is a dictionary of `code`, `title` and `count`; of one agency, or of all.
    """
    drafts = Application.objects.drafts()
    if agency is not None:
        drafts = drafts.filter(notice__agency=agency)
    rows = drafts.values(code=F("notice__code"), title=F("notice__title"))
    counted = rows.annotate(count=Count("pk")).order_by("code")
    return [dict(row) for row in counted]


def submitted_papers(application: Application) -> list[SubmittedDocument]:
    """Return every file of a handed-in application, current ones first; one query."""
    rows = application.documents.select_related("file", "uploaded_by", "checked_by")
    return sorted(rows, key=lambda row: (row.replaced_at is not None, row.label, row.uploaded_at))


def applications_seen_by(user: User) -> ApplicationQuerySet:
    """Return the applications that a staff account may open: own notices, handed in."""
    if user.is_operator or user.is_superuser:
        return Application.objects.submitted()
    if user.staff_role in AGENCY_ROLES and user.agency is not None:
        return Application.objects.on_notices_of(user.agency)
    return Application.objects.none()


def earlier_applications(application: Application) -> ApplicationQuerySet:
    """Return the company's other applications to the same agency; one query."""
    rows = Application.objects.on_notices_of(application.notice.agency)
    others = rows.filter(company=application.company).exclude(pk=application.pk)
    return others.select_related("notice").defer("snapshot").order_by("-submitted_at")


def record_before(application: Application) -> Application | None:
    """Return the company's last application to the same agency before this one; one query."""
    rows = Application.objects.on_notices_of(application.notice.agency)
    earlier = rows.filter(company=application.company, submitted_at__lt=application.submitted_at)
    return earlier.select_related("notice").order_by("-submitted_at").first()


# --- proof of a receipt -------------------------------------------------------------------------


def find_receipt(number: str) -> Application | None:
    """Return the application of a receipt number, or None; for the public check page."""
    rows = Application.objects.submitted().select_related("notice__agency", "company")
    return rows.filter(receipt_number=number.strip().upper()).first()


@dataclass(frozen=True)
class Deadline:
    """One moment in a person's calendar; `key` is stable and names no row number."""

    key: str
    moment: datetime
    summary: str


def deadlines_of(person: User, *, at: datetime) -> list[Deadline]:
    """Return closings of drafts and scraps and corrections due, those after `at`; by time."""
    notices: dict[str, NoticePage] = {}
    for row in Bookmark.objects.of(person).select_related("notice"):
        notices[row.notice.code] = row.notice
    for draft in (
        Application.objects.filter(company=person.company).drafts().select_related("notice")
    ):
        notices[draft.notice.code] = draft.notice
    found = [
        Deadline(f"closing-{code}", notice.ends_at, f"접수 마감: {notice.title}")
        for code, notice in notices.items()
        if notice.live and notice.ends_at is not None and notice.ends_at > at
    ]
    asked = CorrectionRequest.objects.unanswered().filter(
        application__company=person.company, due_at__gt=at
    )
    found += [
        Deadline(
            f"correction-{request.application.uuid}-{request.key}",
            request.due_at,
            f"보완 기한: {request.label} ({request.application.receipt_number})",
        )
        for request in asked.select_related("application")
        if request.due_at is not None
    ]
    return sorted(found, key=lambda deadline: deadline.moment)


def open_tasks(company: Company) -> ApplicationQuerySet:
    """Return what waits for the company: drafts and corrections; one query."""
    waiting = (ApplicationState.DRAFT, ApplicationState.CORRECTION_ASKED)
    return applications_of(company).filter(state__in=waiting)


# --- reminders ----------------------------------------------------------------------------------


def companies_willing_to_get_mail() -> QuerySet[Company]:
    """Return the companies whose last answer on mail was yes (S25, A18)."""
    last = Consent.objects.filter(company=OuterRef("pk"), text__kind=LegalKind.EMAIL)
    newest = Subquery(last.order_by("-at", "-pk").values("choice")[:1])
    willing = Company.objects.active().annotate(mail_choice=newest)
    return willing.filter(mail_choice=ConsentChoice.AGREED)


def people_willing_to_get_mail() -> QuerySet[User]:
    """Return the active people, with an address, of the companies that agreed to mail."""
    willing = companies_willing_to_get_mail().values("pk")
    people = User.objects.active().filter(company__in=willing).exclude(email="")
    return people.select_related("company")


def drafts_closing(*, at: datetime, until: datetime) -> ApplicationQuerySet:
    """Return drafts whose notice closes after `at` and by `until`, of companies that get mail."""
    rows = Application.objects.drafts().filter(
        notice__live=True,
        notice__intake_closes_at__gt=at,
        notice__intake_closes_at__lte=until,
        company__in=companies_willing_to_get_mail().values("pk"),
        created_by__is_active=True,
    )
    return rows.select_related("notice", "created_by__company", "company").order_by("pk")


def people_waiting_for(notice: NoticePage) -> QuerySet[User]:
    """Return who has a draft of a notice or scrapped it, and gets mail."""
    drafts = Application.objects.drafts().filter(notice=notice).values("created_by")
    scraps = Bookmark.objects.filter(notice=notice).values("person")
    people = User.objects.active().filter(Q(pk__in=drafts) | Q(pk__in=scraps))
    willing = companies_willing_to_get_mail().values("pk")
    return people.filter(company__in=willing).select_related("company").order_by("pk")


def with_willing_person(rows: ApplicationQuerySet) -> ApplicationQuerySet:
    """Keep the applications whose person is there and whose company gets mail."""
    willing = companies_willing_to_get_mail().values("pk")
    kept = rows.filter(company__in=willing, submitted_by__is_active=True)
    return kept.select_related("notice__agency", "company", "submitted_by__company")
