"""The parts of a draft: record and consents, papers, check page, handing in (S55 to S58)."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications import rules, selectors
from applications.forms import PaperForm, PaperRemovalForm, SubmissionForm
from applications.models import Application
from applications.services import drafts, submissions
from applications.services.snapshots import consents_copy
from applications.views.papers import (
    PAPER_ERRORS,
    paper_error,
    paper_forms,
    paper_refused,
    paper_saved,
    posted_paper,
)
from applications.views.scoping import company_of, draft_required, person_of, wants_json
from applications.views.start import draft_page
from members.access import client_address, member_required, waited
from members.clock import database_now
from members.record_step import RecordStep

# The answer to a form that has to be corrected.
UNPROCESSABLE = 422
GONE = 410


@require_http_methods(["GET", "HEAD", "POST"])
@draft_required
def record(request: HttpRequest, draft: Application) -> HttpResponse:
    """가입정보 확인 and 재동의 for this application (S56 to S58)."""
    person, at = person_of(request), timezone.now()
    step = RecordStep(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        company=draft.company,
        person=person,
        recipient=draft.notice.agency,
        at=at,
    )
    if request.method == "POST" and step.is_valid():
        try:
            drafts.confirm_record(
                application=draft, step=step, by=person, at=at, address=client_address(request)
            )
        except drafts.NotADraftError:
            return already_submitted(request, draft)
        messages.success(request, "기업정보와 동의를 저장했습니다. 아직 제출되지 않았습니다.")
        return redirect("applications:documents", draft.notice.code)
    context = {**frame(draft, step=1), "step": step, "has_errors": bool(step.errors)}
    return render(request, "applications/record.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@draft_required
def documents(request: HttpRequest, draft: Application) -> HttpResponse:
    """The papers, one row and one request each; ``action=remove`` takes a file out."""
    if request.method != "POST":
        return render(request, "applications/documents.html", papers_page(draft))
    if request.POST.get("action") == "remove":
        return remove_paper(request, draft)
    form = posted_paper(request, selectors.paper_rows(draft))
    if form is None:
        messages.error(request, "공고의 제출서류가 바뀌었습니다. 목록을 다시 확인해 주십시오.")
        return redirect("applications:documents", draft.notice.code)
    return save_paper(request, draft, form)


def save_paper(request: HttpRequest, draft: Application, form: PaperForm) -> HttpResponse:
    """Put the posted file into its row, or show the rows again with what was wrong."""
    if not form.is_valid():
        return refused_paper(request, draft, form)
    try:
        document = drafts.attach_document(
            application=draft,
            key=form.row.key,
            upload=form.cleaned_data["file"],
            seen=form.cleaned_data["seen"],
            by=person_of(request),
            at=timezone.now(),
        )
    except PAPER_ERRORS as error:
        form.add_error("file", paper_error(error, form.row))
        return refused_paper(request, draft, form)
    except drafts.NotADraftError:
        return already_submitted(request, draft)
    if wants_json(request):
        return paper_saved(document)
    messages.success(request, "파일을 저장했습니다. 아직 제출되지 않았습니다.")
    return redirect(f"{request.path}#paper-{form.row.key}")


def remove_paper(request: HttpRequest, draft: Application) -> HttpResponse:
    """Take the file that the page showed out of its row."""
    form = PaperRemovalForm(request.POST)
    current = draft.documents.current()
    found = form.is_valid() and current.filter(uuid=form.cleaned_data["document"]).first()
    if found:
        try:
            drafts.remove_document(application=draft, document=found, at=timezone.now())
        except drafts.NotADraftError:
            return already_submitted(request, draft)
        messages.success(request, f"«{found.label}» 파일을 지웠습니다.")
    return redirect("applications:documents", draft.notice.code)


def refused_paper(request: HttpRequest, draft: Application, form: PaperForm) -> HttpResponse:
    """Show the papers again with the error at its row; every other file is still there."""
    if wants_json(request):
        return paper_refused(draft, form)
    context = {**papers_page(draft, failed=form), "form": form}
    return render(request, "applications/documents.html", context, status=UNPROCESSABLE)


def papers_page(draft: Application, *, failed: PaperForm | None = None) -> dict[str, Any]:
    """Return what the page of the papers shows."""
    forms = paper_forms(selectors.paper_rows(draft), failed=failed)
    return {**frame(draft, step=2), "paper_forms": forms}


def frame(draft: Application, *, step: int) -> dict[str, Any]:
    """Return what every page of a draft shows: the notice, the clock, how far it is."""
    at = database_now()
    permit = selectors.late_permit_for(draft.notice, company=draft.company, at=at)
    return {
        "draft": draft,
        "notice": draft.notice,
        "at": at,
        "permit": permit,
        "intake": rules.check_intake(draft.notice, at=at, permit=permit),
        **steps_of(draft, step=step),
    }


def steps_of(draft: Application, *, step: int) -> dict[str, Any]:
    """Return the row of steps; a notice without questions has no page for them."""
    names = ["기업정보·동의", "제출서류", "추가 질문", "확인 후 제출"]
    if not selectors.questions_of(draft):
        del names[2]
    return {"steps": names, "step_number": min(step, len(names)), "step_count": len(names)}


@require_safe
@draft_required
def check(request: HttpRequest, draft: Application) -> HttpResponse:
    """Everything that will be handed in, and the one button that does it."""
    at = database_now()
    context = {**draft_page(draft, at=at), **frame(draft, step=4)}
    context |= {
        "form": SubmissionForm.of(draft),
        "person": person_of(request),
        "products": list(draft.company.products.all()),
        "figures": list(draft.company.figures.all()),
        "consents": consents_copy(draft),
    }
    return render(request, "applications/check.html", context)


@require_POST
@member_required
def submit(request: HttpRequest, code: str) -> HttpResponse:
    """Hand in: light, and the same receipt however often it is sent (security.md section 6)."""
    form = SubmissionForm(request.POST)
    if not form.is_valid():
        return redirect("applications:check", code)
    own = Application.objects.owned_by(company_of(request)).filter(notice__code=code)
    application = get_object_or_404(own, submission_key=form.cleaned_data["submission_key"])
    try:
        application = submissions.submit_application(
            application=application,
            **form.cleaned_data,
            by=person_of(request),
            waited=partial(waited, request),
        )
    except submissions.IntakeClosedError as refusal:
        return too_late(request, application, refusal)
    except submissions.SubmissionRefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect("applications:start", code)
    except submissions.DraftChangedError:
        messages.warning(
            request, "확인하신 뒤에 내용이 바뀌었습니다. 다시 확인하고 제출해 주십시오."
        )
        return redirect("applications:check", code)
    return redirect("applications:receipt", application.uuid)


def too_late(
    request: HttpRequest, draft: Application, refusal: submissions.IntakeClosedError
) -> HttpResponse:
    """Say that the moment of intake was outside the period, with that moment."""
    context = {"draft": draft, "notice": draft.notice, "reason": str(refusal), "at": refusal.at}
    return render(request, "applications/too_late.html", context, status=UNPROCESSABLE)


def already_submitted(request: HttpRequest, application: Application) -> HttpResponse:
    """Lead to the application that a colleague or another tab handed in meanwhile."""
    if wants_json(request):
        return JsonResponse({"message": "이미 제출된 신청이라 저장하지 않았습니다."}, status=GONE)
    messages.info(request, "이미 제출된 신청입니다. 제출된 내용을 보여 드립니다.")
    return redirect("applications:detail", application.uuid)
