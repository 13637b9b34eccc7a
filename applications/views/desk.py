"""The officer's desk: piles of work, notes, assignment, messages, saved filters, the viewer."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST

from applications import rules, selectors
from applications.desk_forms import AssignForm, MessageForm, NoteForm
from applications.forms import DocumentCheckForm
from applications.models import Application, SavedFilter, SubmittedDocument
from applications.services import desk
from applications.views.staff import (
    AGENCY_STAFF,
    INSPECT,
    READERS,
    seen_application,
    seen_paper,
    staff_of,
)
from applications.worklist import colleagues_of, piles_of
from members.access import note_access, reason_first, staff_only
from members.enums import AccessAction
from members.views.downloads import private_file_response

INDEX = "applications_modeladmin_index"
SHOWN_BY_BROWSERS = frozenset({"pdf", "png", "jpg", "jpeg"})
# The file itself may load nothing and is framed by our own screens alone. No sandbox: browsers
# refuse to show a PDF in one; uploads with scripts are refused when they come in.
VIEWER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; " + (
    "frame-ancestors 'self'"
)


@require_GET
@staff_only(*AGENCY_STAFF)
def worklist(request: HttpRequest) -> HttpResponse:
    """Show what waits for the agency: piles over its own notices."""
    person = staff_of(request)
    if person.agency is None:
        raise PermissionDenied
    piles = piles_of(person.agency, person=person, at=timezone.now())
    subjects = list(dict.fromkeys(row.company for pile in piles for row in pile.rows))
    note_access(request, AccessAction.VIEW, subjects, "신청 업무함")
    context = {
        "piles": piles,
        "filters": SavedFilter.objects.filter(person=person),
        "title": "신청 업무함",
        "icon": "tasks",
    }
    return render(request, "applications/admin/worklist.html", context)


@require_POST
@staff_only(*AGENCY_STAFF)
def note(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write an internal note on one application."""
    application = seen_application(request, uuid)
    form = NoteForm(request.POST)
    if form.is_valid():
        desk.add_note(
            application=application,
            text=form.cleaned_data["text"],
            by=staff_of(request),
            at=timezone.now(),
        )
        messages.success(request, "내부 메모를 남겼습니다. 신청기업에는 보이지 않습니다.")
    else:
        messages.error(request, form.first_error())
    return redirect(INSPECT, application.uuid)


@require_POST
@staff_only(*AGENCY_STAFF)
def assign(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give one application to a colleague of the own agency, or to nobody."""
    application = seen_application(request, uuid)
    form = AssignForm(request.POST, people=colleagues_of(application.notice.agency))
    if form.is_valid():
        to = form.cleaned_data["assignee"]
        desk.assign_application(
            application=application, to=to, by=staff_of(request), at=timezone.now()
        )
        messages.success(request, f"담당: {to.name}" if to else "담당 지정을 거두었습니다.")
    else:
        messages.error(request, "같은 기관의 담당자를 골라 주십시오.")
    return redirect(INSPECT, application.uuid)


@require_POST
@staff_only(*AGENCY_STAFF)
def message(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write to the company about its application."""
    application = seen_application(request, uuid)
    form = MessageForm(request.POST)
    if form.is_valid():
        desk.send_message(
            application=application, **form.cleaned_data, by=staff_of(request), at=timezone.now()
        )
        messages.success(request, "신청기업에 안내를 보냈습니다.")
    else:
        messages.error(request, form.first_error())
    return redirect(INSPECT, application.uuid)


@require_POST
@staff_only(*AGENCY_STAFF)
def filter_delete(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Forget one of the person's own saved filters."""
    get_object_or_404(SavedFilter, uuid=uuid, person=staff_of(request)).delete()
    messages.success(request, "저장한 필터를 지웠습니다.")
    return redirect("applications_admin:worklist")


@require_GET
@staff_only(*READERS)
@reason_first
def papers(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show two papers of one application side by side, each with what was found in it."""
    application = seen_application(request, uuid)
    shown = [paper for paper in selectors.submitted_papers(application) if is_shown(paper)]
    sides = [chosen(shown, request.GET.get(name, ""), place) for place, name in enumerate(SIDES)]
    person = staff_of(request)
    context = {
        "application": application,
        "papers": shown,
        "sides": [
            {"name": name, "paper": paper, "form": form_for(application, paper, person)}
            for name, paper in zip(SIDES, sides, strict=True)
            if paper is not None
        ],
        "title": "서류 나란히 보기",
        "subtitle": application.receipt_number,
        "icon": "doc-full",
    }
    note_access(request, AccessAction.VIEW, [application.company], f"서류 보기 {application}")
    return render(request, "applications/admin/papers.html", context)


SIDES = ("left", "right")


def is_shown(paper: SubmittedDocument) -> bool:
    return paper.file.destroyed_at is None and paper.file.kind in SHOWN_BY_BROWSERS


def chosen(shown: list[SubmittedDocument], typed: str, place: int) -> SubmittedDocument | None:
    """Return the paper that the address names, else the one that stands in this place."""
    by_uuid = {str(paper.uuid): paper for paper in shown}
    return by_uuid.get(typed) or (shown[place] if place < len(shown) else None)


def form_for(application: Application, paper: SubmittedDocument, person: object) -> object:
    """Return the check form of a paper where this person may check it."""
    if not rules.may_check_document(application, document=paper, by=person).allowed:  # type: ignore[arg-type]
        return None
    return DocumentCheckForm.of(paper)


@require_GET
@staff_only(*READERS)
@reason_first
@xframe_options_sameorigin
def paper_inline(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one paper in the frame of our viewer; PDF and pictures alone, always recorded."""
    paper = seen_paper(request, uuid)
    if not is_shown(paper):
        raise Http404
    response = private_file_response(paper.file)
    response["Content-Disposition"] = response["Content-Disposition"].replace(
        "attachment", "inline", 1
    )
    response["Content-Security-Policy"] = VIEWER_POLICY
    what = f"제출서류 보기 {paper.label} ({paper.application})"
    note_access(request, AccessAction.VIEW, [paper.application.company], what)
    return response
