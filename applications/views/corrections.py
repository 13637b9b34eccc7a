"""New papers in the place of handed-in ones: until closing, and when asked for (N14)."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from applications import selectors
from applications.forms import PaperForm
from applications.models import Application
from applications.services import afterwards, submissions
from applications.views.mine import UNPROCESSABLE, detail_page
from applications.views.papers import PAPER_ERRORS, paper_error, posted_paper
from applications.views.scoping import application_or_404, person_of
from members.access import member_required, waited
from members.clock import database_now


@require_POST
@member_required
def replace(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Replace one handed-in paper by a new file; one request a file."""
    application = application_or_404(request, uuid)
    form = posted_paper(request, selectors.paper_rows(application))
    if form is None:
        messages.error(request, "이 신청의 제출서류가 아닙니다.")
        return redirect("applications:detail", uuid)
    try:
        if not form.is_valid():
            return refused_paper(request, application, form)
        afterwards.replace_document(
            application=application,
            key=form.row.key,
            upload=form.cleaned_data["file"],
            seen=form.cleaned_data["seen"],
            by=person_of(request),
            waited=partial(waited, request),
            at=timezone.now(),
        )
    except PAPER_ERRORS as error:
        form.add_error("file", paper_error(error, form.row))
        return refused_paper(request, application, form)
    except submissions.SubmissionRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "서류를 바꾸었습니다. 이전 서류도 이력에 남아 있습니다.")
    return redirect("applications:detail", uuid)


def refused_paper(request: HttpRequest, application: Application, form: PaperForm) -> HttpResponse:
    """Show the application again with the error at the row; nothing was changed."""
    context = {**detail_page(application, at=database_now(), failed=form), "form": form}
    return render(request, "applications/application_detail.html", context, status=UNPROCESSABLE)


@require_POST
@member_required
def answer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """보완 제출: hand the corrected application back to the agency."""
    application = application_or_404(request, uuid)
    try:
        afterwards.answer_corrections(
            application=application, by=person_of(request), at=timezone.now()
        )
    except afterwards.CorrectionOpenError as error:
        names = ", ".join(f"«{label}»" for label in error.labels)
        messages.error(request, f"아직 보완하지 않은 서류가 있습니다: {names}")
    else:
        messages.success(request, "보완한 서류를 제출했습니다. 담당 기관이 다시 확인합니다.")
    return redirect("applications:detail", uuid)
