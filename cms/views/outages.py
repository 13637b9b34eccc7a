"""장애 기록: outages logged by the operator, with the extension each proposes."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cms.forms import ExtensionForm, OutageForm
from cms.models import Outage
from cms.selectors import extension_proposals
from cms.services import outages as services
from members.access import staff_only
from members.enums import StaffRole
from members.views.staff.joining import staff_of

LISTED = 50


@require_http_methods(["GET", "POST"])
@staff_only(StaffRole.OPERATOR)
def outages(request: HttpRequest) -> HttpResponse:
    """List the outages and log another one."""
    form = OutageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            outage = services.log_outage(
                **form.cleaned_data, by=staff_of(request), at=timezone.now()
            )
        except services.OutageInFutureError:
            form.add_error("ended_at", "아직 오지 않은 시각입니다. 장애가 끝난 뒤에 적어 주십시오.")
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, "장애를 기록했습니다. 연장할 공고를 확인해 주십시오.")
            return redirect("cms_staff:outage", outage.uuid)
    logged = Outage.objects.select_related("logged_by", "applied_by")[:LISTED]
    return render(request, "cms/staff/outages.html", {"form": form, "outages": logged})


@require_http_methods(["GET", "POST"])
@staff_only(StaffRole.OPERATOR)
def outage(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what an outage proposes, and give the extension by one act."""
    found = get_object_or_404(Outage, uuid=uuid)
    proposals = [] if found.applied_at else extension_proposals(outage=found)
    form = ExtensionForm(request.POST or None, proposals=proposals)
    if request.method == "POST" and not found.applied_at and form.is_valid():
        changes = apply(request, found, form)
        if changes:
            messages.success(request, f"공고 {changes}건의 접수 마감을 늦추었습니다.")
            return redirect("cms_staff:outage", found.uuid)
    context = {
        "outage": found,
        "proposals": proposals,
        "form": form,
        "changes": found.changes.select_related("notice", "by"),
    }
    return render(request, "cms/staff/outage.html", context)


def apply(request: HttpRequest, outage: Outage, form: ExtensionForm) -> int:
    """Ask the service; what it refuses is put onto the form. Returns how many were extended."""
    try:
        changes = services.apply_extensions(
            outage=outage,
            codes=form.cleaned_data["codes"],
            reason=form.cleaned_data["reason"],
            by=staff_of(request),
            at=timezone.now(),
        )
    except services.OutageAppliedError:
        form.add_error(None, "이미 연장한 장애입니다.")
    except services.NothingToExtendError:
        form.add_error(None, "고른 공고는 그사이 마감이 바뀌어 연장할 것이 없습니다.")
    else:
        return len(changes)
    return 0
