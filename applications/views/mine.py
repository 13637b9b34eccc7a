"""The company's own applications: list, one of them, receipt, files, withdrawing (S55, S65)."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from applications import rules, selectors
from applications.enums import STAGE_OF, STAGES, ApplicationState
from applications.forms import GivingUpForm, PaperForm, WithdrawalForm
from applications.models import Application, CorrectionRequest
from applications.pdf import render_receipt
from applications.selectors import PaperRow
from applications.services import afterwards
from applications.views.papers import paper_forms
from applications.views.scoping import application_or_404, company_of, person_of
from members.access import member_required, waited
from members.clock import database_now
from members.pdf import PaperUnavailableError
from members.views.downloads import attachment_response, private_file_response

PER_PAGE = 20
UNPROCESSABLE = 422


@require_safe
@member_required
def application_list(request: HttpRequest) -> HttpResponse:
    """Every application of the company, whoever of its people began it."""
    rows = selectors.with_open_corrections(selectors.applications_of(company_of(request)))
    page_obj = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page_obj, "at": timezone.now()}
    return render(request, "applications/application_list.html", context)


@require_safe
@member_required
def detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One application: its stages, what was handed in, its history, what can be done now."""
    application = application_or_404(request, uuid)
    if application.is_draft:
        return redirect("applications:start", application.notice.code)
    return render(
        request,
        "applications/application_detail.html",
        detail_page(application, at=database_now()),
    )


def detail_page(
    application: Application, *, at: datetime, failed: PaperForm | None = None
) -> dict[str, Any]:
    """Return what the page of one handed-in application shows."""
    notice = application.notice
    is_correcting = application.state == ApplicationState.CORRECTION_ASKED
    corrections = list(selectors.last_corrections(application)) if is_correcting else []
    rows = selectors.paper_rows(application, corrections=corrections)
    replaceable = replaceable_keys(application, rows=rows, corrections=corrections, at=at)
    return {
        "application": application,
        "notice": notice,
        "paper_forms": paper_forms(rows, failed=failed),
        "replaceable": replaceable,
        "stages": STAGES,
        "stage": STAGE_OF[application.state],
        "events": application.events.select_related("by"),
        "sent": application.messages.all(),
        "is_correcting": is_correcting,
        "corrections": corrections,
        "due_at": next((c.due_at for c in corrections if c.due_at), None),
        "may_withdraw": rules.may_withdraw(application, notice=notice, at=at),
        "may_give_up": rules.may_give_up(application),
        "at": at,
    }


def replaceable_keys(
    application: Application,
    *,
    rows: Sequence[PaperRow],
    corrections: Sequence[CorrectionRequest],
    at: datetime,
) -> set[UUID]:
    """Return the keys of the papers that the company may replace now."""
    notice, company = application.notice, application.company
    permit = selectors.late_permit_for(notice, company=company, at=at)
    return {
        row.key
        for row in rows
        if rules.may_replace(
            application,
            notice=notice,
            key=row.key,
            corrections=corrections,
            at=at,
            permit=permit,
        ).allowed
    }


@require_safe
@member_required
def receipt(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """접수증: number, moment of intake, files with SHA-256, hash of the whole (N6)."""
    application = application_or_404(request, uuid)
    if application.is_draft:
        return redirect("applications:start", application.notice.code)
    context = {
        "application": application,
        "notice": application.notice,
        "snapshot": application.snapshot,
    }
    return render(request, "applications/receipt.html", context)


@require_safe
@member_required
def receipt_pdf(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The receipt as a PDF to keep; where none can be made, the page to print instead."""
    application = application_or_404(request, uuid)
    if application.is_draft:
        return redirect("applications:start", application.notice.code)
    try:
        data = render_receipt(application)
    except PaperUnavailableError:
        messages.error(request, "지금은 PDF를 만들 수 없습니다. 이 화면을 인쇄해 보관해 주십시오.")
        return redirect("applications:receipt", uuid)
    return attachment_response(
        data, filename=f"접수증_{application.receipt_number}.pdf", kind="pdf"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """취하: ask for the reason, then do it; say why where it is not possible."""
    application = application_or_404(request, uuid)
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            afterwards.withdraw_application(
                application=application,
                by=person_of(request),
                reason=form.cleaned_data["reason"],
                waited=partial(waited, request),
            )
        except afterwards.WithdrawalRefusedError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "신청을 취하했습니다. 접수 기간에는 다시 신청할 수 있습니다.")
        return redirect("applications:detail", uuid)
    verdict = rules.may_withdraw(application, notice=application.notice, at=database_now())
    context = {"application": application, "form": form, "verdict": verdict}
    return render(request, "applications/withdraw.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def give_up(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """포기: give up a place after selection or on the waiting list."""
    application = application_or_404(request, uuid)
    form = GivingUpForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            afterwards.give_up_place(
                application=application,
                by=person_of(request),
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
            )
        except afterwards.WithdrawalRefusedError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "선정을 포기했습니다. 담당 기관에 전달했습니다.")
        return redirect("applications:detail", uuid)
    context = {
        "application": application,
        "form": form,
        "verdict": rules.may_give_up(application),
    }
    return render(request, "applications/give_up.html", context)


@require_safe
@member_required
def document_download(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A file of the company's own applications, replaced ones too."""
    own = Application.objects.owned_by(company_of(request))
    application = get_object_or_404(own.defer("snapshot"), documents__uuid=uuid)
    document = application.documents.select_related("file").get(uuid=uuid)
    if document.file.destroyed_at is not None:
        raise Http404
    return private_file_response(document.file)
