"""The staff's own screens: revoke, and the paper itself; always within the person's scope."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from certificates import services
from certificates.forms import BulkCheckForm, RevokeForm
from certificates.models import Certificate
from certificates.selectors import certificates_visible_to, found_among
from certificates.views.scoping import person_of
from members.access import note_access, reason_first, staff_only
from members.confirmation import confirm_first
from members.enums import AccessAction, StaffRole
from members.views.downloads import private_file_response

AGENCY_STAFF = (StaffRole.OFFICER, StaffRole.MANAGER, StaffRole.OPERATOR)
DETAIL = "certificates_modeladmin_inspect"


def visible_or_404(request: HttpRequest, uuid: UUID) -> Certificate:
    """Return a certificate of the person's own scope; any other is not there."""
    rows = certificates_visible_to(person_of(request)).select_related("company", "notice", "pdf")
    return get_object_or_404(rows, uuid=uuid)


@require_POST
@staff_only(*AGENCY_STAFF)
@reason_first
@confirm_first
def revoke(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Revoke with a reason that the company is told."""
    certificate = visible_or_404(request, uuid)
    form = RevokeForm(request.POST)
    if not form.is_valid():
        messages.error(request, "폐기 사유를 입력해 주십시오.")
        return redirect(DETAIL, certificate.uuid)
    try:
        services.revoke_certificate(
            certificate=certificate, by=person_of(request), at=timezone.now(), **form.cleaned_data
        )
    except services.RevokeRefusedError as error:
        messages.error(request, error.verdict.reason)
    else:
        reason = form.cleaned_data["reason"]
        what = f"확인증 폐기: {certificate.number}"
        note_access(request, AccessAction.CHANGE, [certificate.company], what, reason=reason)
        messages.success(
            request, f"{certificate.number}: 폐기하였습니다. 기업에 메일을 보냈습니다."
        )
    return redirect(DETAIL, certificate.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(*AGENCY_STAFF)
@reason_first
def bulk_check(request: HttpRequest) -> HttpResponse:
    """Check many numbers at once; what is shown of others' data is recorded."""
    is_post = request.method == "POST"
    form = BulkCheckForm(*((request.POST, request.FILES) if is_post else ()))
    rows = None
    if is_post and form.is_valid():
        rows = found_among(form.cleaned_data["entries"], user=person_of(request))
        companies = list(dict.fromkeys(found.company for _, found in rows if found))
        note_access(request, AccessAction.SEARCH, companies, f"확인증 일괄 확인 {len(rows)}건")
    context = {"form": form, "rows": rows, "title": "확인증 일괄 확인", "icon": "check"}
    return render(request, "certificates/admin/bulk_check.html", context)


@require_safe
@staff_only(*AGENCY_STAFF)
@reason_first
def download(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Hand out the paper of a certificate in the person's scope; always recorded."""
    certificate = visible_or_404(request, uuid)
    if certificate.pdf is None:
        raise Http404
    response = private_file_response(certificate.pdf)
    what = f"확인증 PDF: {certificate.number}"
    note_access(request, AccessAction.DOWNLOAD, [certificate.company], what)
    return response
