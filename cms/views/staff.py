"""Screens under /admin/ that Wagtail does not have: intake, next year's notice, corners."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cms.forms import IntakeChangeForm
from cms.models import NoticePage, PartnerAgencyPage
from cms.rules import may_change_intake
from cms.services.agencies import provision_agency_corner
from cms.services.notices import NothingChangedError, change_intake, clone_notice
from members.models import Agency, User


def staff_member(request: HttpRequest) -> User:
    """Return who works here; the admin lets nobody anonymous in."""
    return cast(User, request.user)


@require_http_methods(["GET", "POST"])
def intake(request: HttpRequest, code: str) -> HttpResponse:
    """접수 변경: new intake facts of a published notice, with a reason and its history (5.1)."""
    notice = get_object_or_404(NoticePage, code=code)
    if not notice.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    verdict = may_change_intake(notice)
    if not verdict.allowed:
        messages.error(request, verdict.reason)
        return redirect("wagtailadmin_pages:edit", notice.pk)
    form = IntakeChangeForm(request.POST or None, instance=notice)
    if request.method == "POST" and form.is_valid() and save_intake(request, notice, form):
        messages.success(request, "접수 정보를 바꾸었습니다. 사유는 공고의 이력에 남습니다.")
        return redirect("cms_staff:intake", notice.code)
    context = {
        "notice": notice,
        "form": form,
        "history": notice.intake_changes.select_related("by"),
    }
    return render(request, "cms/staff/intake.html", context)


def save_intake(request: HttpRequest, notice: NoticePage, form: IntakeChangeForm) -> bool:
    """Ask the service; what it refuses is put onto the form."""
    reason = form.cleaned_data["reason"]
    try:
        change_intake(
            notice=notice,
            changes=form.changes(),
            reason=reason,
            by=staff_member(request),
            at=timezone.now(),
        )
    except NothingChangedError:
        form.add_error(None, "바뀐 항목이 없습니다. 바꿀 값을 고쳐 주십시오.")
    except ValidationError as error:
        form.add_error(None, error.messages)
    return not form.errors


@require_http_methods(["GET", "POST"])
def clone(request: HttpRequest, code: str) -> HttpResponse:
    """지난 공고 복제: last year's notice as this year's draft."""
    notice = get_object_or_404(NoticePage, code=code)
    parent = notice.get_parent()
    if not notice.permissions_for_user(request.user).can_copy_to(parent):
        raise PermissionDenied
    if request.method == "GET":
        return render(request, "cms/staff/clone.html", {"notice": notice})
    copy = clone_notice(
        notice=notice,
        by=staff_member(request),
        at=timezone.now(),
    )
    messages.success(request, f"공고를 복제했습니다. 새 공고번호는 {copy.code}입니다.")
    return redirect("wagtailadmin_pages:edit", copy.pk)


@require_http_methods(["GET", "POST"])
def corners(request: HttpRequest) -> HttpResponse:
    """기관 자리: whether every agency has its page, files and rights; brings them in step."""
    if not staff_member(request).is_operator:
        raise PermissionDenied
    agencies = Agency.objects.active().in_order()
    if request.method == "POST":
        agency = get_object_or_404(agencies, uuid=request.POST.get("agency"))
        provision_agency_corner(agency=agency, by=staff_member(request))
        messages.success(request, f"{agency.name}의 자리와 권한을 맞추었습니다.")
        return redirect("cms_staff:corners")
    pages = {page.agency_id: page for page in PartnerAgencyPage.objects.all()}
    rows = [(agency, pages.get(agency.pk)) for agency in agencies]
    return render(request, "cms/staff/corners.html", {"rows": rows})
