"""Before and during the draft: may I apply, and what is left to do (S17, S56; ui.md section 7)."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from applications import rules, selectors
from applications.models import Application
from applications.questions import read_questions
from applications.selectors import PaperRow
from applications.services.drafts import StartRefusedError, start_application
from applications.views.scoping import company_of, notice_or_404, person_of
from applications.views.tasks import answer_lines, state_of, task_list
from members.access import member_required
from members.clock import database_now


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Show whether the company may apply and begin by POST; a draft shows what is left to do."""
    notice, company, at = notice_or_404(code), company_of(request), database_now()
    if request.method == "POST":
        try:
            start_application(notice=notice, company=company, by=person_of(request), at=at)
        except StartRefusedError as refusal:
            messages.error(request, str(refusal))
        return redirect("applications:start", code)
    existing = selectors.applications_on(notice, company=company)
    draft = selectors.draft_on(notice, company=company)
    if draft is not None:
        return render(request, "applications/draft.html", draft_page(draft, at=at))
    permit = selectors.late_permit_for(notice, company=company, at=at)
    checks = rules.eligibility(notice, company=company, at=at, existing=existing, permit=permit)
    context = {
        "notice": notice,
        "checks": checks,
        "may_start": all(check.verdict.allowed for check in checks),
        "permit": permit,
        "rows": [PaperRow(row) for row in notice.required_documents.select_related("template")],
        "questions": read_questions(selectors.definitions_of(notice)),
        "existing": existing,
        "at": at,
    }
    return render(request, "applications/start.html", context)


def draft_page(draft: Application, *, at: datetime) -> dict[str, Any]:
    """Return what the task list of a draft shows."""
    state = state_of(draft, at=at)
    return {
        "draft": draft,
        "notice": draft.notice,
        "rows": state.rows,
        "permit": state.permit,
        "intake": state.intake,
        "may_submit": state.may_submit,
        "answers": answer_lines(state.questions, state.answers, wrong=state.wrong),
        "has_newer_questions": selectors.has_newer_questions(draft),
        "tasks": task_list(state),
        "at": at,
    }
