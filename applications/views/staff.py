"""What officers do with an application: move it, read and check its papers, permit lateness.

Everything is found within what the account sees (404 otherwise), and written into the access
record.
"""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applications import rules, selectors
from applications.enums import ApplicationState
from applications.forms import DocumentCheckForm, LatePermitForm, MoveForm
from applications.models import Application, LatePermit, SubmittedDocument
from applications.services import moves
from members.access import note_access, reason_first, staff_only
from members.enums import AccessAction, StaffRole
from members.models import User
from members.views.downloads import private_file_response

AGENCY_STAFF = (StaffRole.OFFICER, StaffRole.MANAGER)
READERS = (*AGENCY_STAFF, StaffRole.OPERATOR)
INSPECT = "applications_modeladmin_inspect"
VIEWER = "applications_admin:application_viewer"
MOVED_MEANWHILE = (
    "그사이 다른 담당자가 «{state}» 상태로 바꾸었습니다. "
    "바뀐 내용을 확인한 뒤 다시 처리해 주십시오."
)


def staff_of(request: HttpRequest) -> User:
    """Return who is asking, as our own user model."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def seen_application(request: HttpRequest, uuid: UUID) -> Application:
    """Return an application among those this account sees."""
    rows = selectors.applications_seen_by(staff_of(request))
    return get_object_or_404(rows.select_related("company", "notice__agency"), uuid=uuid)


def seen_paper(request: HttpRequest, uuid: UUID) -> SubmittedDocument:
    """Return a paper of an application among those this account sees."""
    rows = SubmittedDocument.objects.filter(
        application__in=selectors.applications_seen_by(staff_of(request)).values("pk")
    )
    return get_object_or_404(
        rows.select_related("file", "application__company", "application__notice"), uuid=uuid
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(*AGENCY_STAFF)
def move(request: HttpRequest, uuid: UUID, to: str) -> HttpResponse:
    """Ask for the reason, then move the application; the second of two officers is told."""
    application = seen_application(request, uuid)
    if to not in ApplicationState.values:
        raise Http404
    verdict = rules.may_move(application, to=to, by=staff_of(request))
    if not verdict.allowed and request.method != "POST":
        messages.error(request, verdict.reason)
        return redirect(INSPECT, application.uuid)
    form = MoveForm(
        request.POST if request.method == "POST" else None,
        to=to,
        rows=selectors.paper_rows(application),
        initial={"seen": application.state},
    )
    if request.method == "POST" and form.is_valid():
        return move_by_form(request, application, form, to=to)
    context = {
        "form": form,
        "application": application,
        "to": ApplicationState(to),
        "title": f"상태 바꾸기: {ApplicationState(to).label}",
        "subtitle": application.receipt_number,
        "icon": "form",
    }
    return render(request, "applications/admin/move.html", context)


def move_by_form(
    request: HttpRequest, application: Application, form: MoveForm, *, to: str
) -> HttpResponse:
    """Move as the checked form says and tell what became of it."""
    values = form.cleaned_data
    try:
        moved = moves.move_application(
            application=application,
            to=to,
            by=staff_of(request),
            at=timezone.now(),
            reason=values["reason"],
            seen=values["seen"],
            papers=form.papers(),
            due_at=values.get("due_at"),
        )
    except moves.MovedMeanwhileError as error:
        messages.warning(request, MOVED_MEANWHILE.format(state=error.state.label))
    except moves.MoveRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        label = moved.get_state_display()
        what = f"신청 상태 변경: {moved} {label}"
        note_access(request, AccessAction.CHANGE, [moved.company], what)
        messages.success(request, f"«{label}» 상태로 바꾸고 신청기업에 알렸습니다.")
    return redirect(INSPECT, application.uuid)


@require_GET
@staff_only(*READERS)
@reason_first
def paper_download(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Hand out one submitted paper of an own notice; always recorded."""
    paper = seen_paper(request, uuid)
    if paper.file.destroyed_at is not None:
        raise Http404
    response = private_file_response(paper.file)
    what = f"제출서류 {paper.label} ({paper.application})"
    note_access(request, AccessAction.DOWNLOAD, [paper.application.company], what)
    return response


@require_POST
@staff_only(*AGENCY_STAFF)
def check_paper(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Note what was found in one paper."""
    paper = seen_paper(request, uuid)
    form = DocumentCheckForm(request.POST)
    back = VIEWER if request.POST.get("back") == "papers" else INSPECT
    if not form.is_valid():
        messages.error(request, next(str(faults[0]) for faults in form.errors.values()))
        return redirect(back, paper.application.uuid)
    try:
        moves.check_document(
            document=paper,
            **form.cleaned_data,
            by=staff_of(request),
            at=timezone.now(),
        )
    except moves.MoveRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"«{paper.label}» 서류의 확인 상태를 저장했습니다.")
    return redirect(back, paper.application.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(*AGENCY_STAFF)
def permit_create(request: HttpRequest) -> HttpResponse:
    """Let one company hand in late to a notice of the own agency, with the reason (N5)."""
    agency = staff_of(request).agency
    if agency is None:
        raise PermissionDenied
    form = LatePermitForm(request.POST if request.method == "POST" else None, agency=agency)
    if request.method == "POST" and form.is_valid():
        try:
            moves.grant_late_permit(**form.cleaned_data, by=staff_of(request), at=timezone.now())
        except moves.MoveRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, "늦은 접수를 허용했습니다. 허용 기한 전까지 제출할 수 있습니다."
            )
            return redirect("late-permits_modeladmin_index")
    context = {"form": form, "title": "늦은 접수 허용", "icon": "time"}
    return render(request, "members/admin/form_page.html", context)


@require_POST
@staff_only(*AGENCY_STAFF)
def permit_revoke(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a late permit of the own agency back."""
    own = LatePermit.objects.filter(notice__agency=staff_of(request).agency)
    moves.revoke_late_permit(
        permit=get_object_or_404(own, uuid=uuid), by=staff_of(request), at=timezone.now()
    )
    messages.success(request, "늦은 접수 허용을 취소했습니다.")
    return redirect("late-permits_modeladmin_index")
