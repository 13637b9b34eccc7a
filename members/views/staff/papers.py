"""One paper on the officer's desk: look, mark, send back, destroy (S31, decision A17)."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.access import note_access, reason_first, staff_only
from members.enums import SENSITIVE_SLOTS, AccessAction
from members.forms.staff import PaperMarkForm, ReasonForm
from members.models import Paper
from members.rules import may_mark_papers
from members.selectors import companies_visible_to
from members.services import papers as services
from members.views.downloads import private_file_response
from members.views.staff.joining import AGENCY_STAFF, staff_of

CHECK = "members_admin:paper_check"


def found_paper(request: HttpRequest, uuid: UUID) -> Paper:
    """Return a paper within this person's own companies."""
    companies = companies_visible_to(staff_of(request))
    papers = Paper.objects.filter(company__in=companies.values("pk"))
    found: Paper = get_object_or_404(papers.select_related("file", "company"), uuid=uuid)
    return found


def found_for_marking(request: HttpRequest, uuid: UUID) -> Paper:
    """Return a paper that this person decides on; 403 where it lies on another agency's desk."""
    paper = found_paper(request, uuid)
    if not may_mark_papers(user=staff_of(request), company=paper.company).allowed:
        raise PermissionDenied
    return paper


@require_http_methods(["GET", "POST"])
@staff_only(*AGENCY_STAFF)
@reason_first
def download(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Hand out one paper, always recorded; a sensitive one only with the reason typed for it."""
    paper = found_paper(request, uuid)
    reason = ""
    if paper.file.is_withheld:
        messages.error(request, "악성코드 검사가 끝나지 않아 내려받을 수 없습니다.")
        return redirect(CHECK, uuid)
    if paper.slot in SENSITIVE_SLOTS:
        form = ReasonForm(request.POST)
        if not form.is_valid():
            messages.error(request, "민감한 서류입니다. 열람 사유를 적어 주십시오.")
            return redirect(CHECK, uuid)
        reason = form.cleaned_data["reason"]
    response = private_file_response(paper.file)
    what = f"{paper.get_slot_display()} {paper.uuid}"
    note_access(request, AccessAction.DOWNLOAD, [paper.company], what, reason)
    return response


@require_safe
@staff_only(*AGENCY_STAFF)
@reason_first
def check(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The paper with its state and what can be done with it."""
    paper = found_paper(request, uuid)
    note_access(
        request, AccessAction.VIEW, [paper.company], f"{paper.get_slot_display()} 확인 화면"
    )
    context = {
        "title": "서류 확인",
        "icon": "doc-full",
        "paper": paper,
        "is_sensitive": paper.slot in SENSITIVE_SLOTS,
        "may_mark": may_mark_papers(user=staff_of(request), company=paper.company).allowed,
        "mark_form": PaperMarkForm(initial={"state": paper.state, "reason": paper.reason}),
        "reason_form": ReasonForm(),
    }
    return render(request, "members/admin/paper.html", context)


@require_POST
@staff_only(*AGENCY_STAFF)
@reason_first
def mark(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Keep the verdict on a paper; «다시 제출» is told to the company with the reason."""
    paper = found_for_marking(request, uuid)
    form = PaperMarkForm(request.POST)
    if not form.is_valid():
        messages.error(request, "다시 제출을 요청할 때에는 사유를 적어 주십시오.")
        return redirect(CHECK, uuid)
    try:
        services.mark_paper(
            paper=paper, **form.cleaned_data, by=staff_of(request), at=timezone.now()
        )
    except services.PaperReplacedError:
        messages.error(request, "기업이 그사이 새 서류를 냈습니다. 새 서류를 확인해 주십시오.")
    else:
        paper.refresh_from_db()
        what = f"{paper.get_slot_display()}: {paper.get_state_display()}"
        note_access(request, AccessAction.CHANGE, [paper.company], what, paper.reason)
        messages.success(request, f"{what} 상태로 저장하였습니다.")
    return redirect(CHECK, uuid)


@require_POST
@staff_only(*AGENCY_STAFF)
@reason_first
def destroy(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Destroy a sensitive paper after its check; the record of it stays (A17)."""
    paper = found_for_marking(request, uuid)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, "파기 사유를 적어 주십시오.")
        return redirect(CHECK, uuid)
    try:
        services.destroy_checked_paper(
            paper=paper, reason=form.cleaned_data["reason"], by=staff_of(request), at=timezone.now()
        )
    except services.PaperNotCheckedError:
        messages.error(request, "확인을 마친 민감한 서류만 파기할 수 있습니다.")
    else:
        messages.success(request, "서류를 파기하였습니다. 파기 기록은 남습니다.")
    return redirect(CHECK, uuid)
