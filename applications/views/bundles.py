"""All papers of a notice as ZIP parts: order with a reason, fetch, continue where it broke off."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from applications.desk_forms import BundleForm
from applications.models import Application, BundlePart, PaperBundle
from applications.services import bundles as services
from applications.views.selection import own_notice
from applications.views.staff import AGENCY_STAFF, staff_of
from members.access import note_access, staff_only
from members.enums import AccessAction
from members.models import Company
from members.views.downloads import ranged_file_response

SHOWN = 20


def applicants_of(code: str) -> list[Company]:
    """Return whose papers a bundle of a notice holds."""
    rows = Application.objects.submitted().filter(notice__code=code).values("company")
    return list(Company.objects.filter(pk__in=rows).only("pk", "uuid"))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(*AGENCY_STAFF)
def bundle_list(request: HttpRequest, code: str) -> HttpResponse:
    """Show the bundles of an own notice; ordering one needs a reason."""
    notice = own_notice(request, code)
    form = BundleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        services.order_bundle(notice=notice, reason=reason, by=staff_of(request), at=timezone.now())
        what = f"제출서류 묶음 {notice.code}"
        note_access(request, AccessAction.EXPORT, applicants_of(code), what, reason=reason)
        messages.success(
            request, "서류 묶음을 만들고 있습니다. 잠시 뒤에 이 화면을 다시 열어 주십시오."
        )
        return redirect("applications_admin:bundles", code)
    context = {
        "notice": notice,
        "form": form,
        "bundles": notice.paper_bundles.prefetch_related("parts__file")[:SHOWN],
        "at": timezone.now(),
        "title": f"제출서류 묶음: {notice.title}",
        "icon": "download",
    }
    return render(request, "applications/admin/bundles.html", context)


@require_GET
@staff_only(*AGENCY_STAFF)
def bundle_part(request: HttpRequest, uuid: UUID, number: int) -> HttpResponseBase:
    """Hand out one part, whole or a range of it; recorded each time."""
    rows = PaperBundle.objects.filter(notice__agency=staff_of(request).agency)
    bundle = get_object_or_404(rows.select_related("notice"), uuid=uuid)
    part = get_object_or_404(
        BundlePart.objects.select_related("file"), bundle=bundle, number=number
    )
    if not bundle.is_there_at(timezone.now()):
        raise Http404("보관 시간이 지났습니다.")
    what = f"제출서류 묶음 {bundle.notice.code} {number}"
    applicants = applicants_of(bundle.notice.code)
    note_access(request, AccessAction.DOWNLOAD, applicants, what, reason=bundle.reason)
    return ranged_file_response(part.file, asked=request.headers.get("Range", ""))
