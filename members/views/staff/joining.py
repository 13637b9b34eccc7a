"""Decisions on companies: let in, send back, stop, resume."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from members.access import note_access, reason_first, staff_only
from members.enums import AccessAction, StaffRole
from members.forms.staff import ReasonForm, RefusalForm
from members.models import Company, User
from members.rules import may_screen
from members.selectors import companies_visible_to
from members.services import membership

AGENCY_STAFF = (StaffRole.OFFICER, StaffRole.MANAGER, StaffRole.OPERATOR)
MOVED_MEANWHILE = "그사이 상태가 바뀌었습니다. 다시 확인해 주십시오."
NOTHING_TO_DO = "joining_modeladmin_index"


def found_for_screening(request: HttpRequest, uuid: UUID) -> Company:
    """Return a company among those this person sees; 403 where another one decides."""
    company: Company = get_object_or_404(companies_visible_to(staff_of(request)), uuid=uuid)
    if not may_screen(user=staff_of(request), company=company).allowed:
        raise PermissionDenied
    return company


def staff_of(request: HttpRequest) -> User:
    """Return who is asking, as our own user model."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


@require_POST
@staff_only(*AGENCY_STAFF)
@reason_first
def approve(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let a company in as a provisional member (S32)."""
    company = found_for_screening(request, uuid)
    try:
        company = membership.approve_joining(
            company=company, by=staff_of(request), at=timezone.now()
        )
    except membership.MoveNotAllowedError:
        messages.error(request, MOVED_MEANWHILE)
    else:
        note_access(request, AccessAction.CHANGE, [company], "가입 승인")
        state = company.get_membership_state_display()
        messages.success(request, f"{company}: {state} 승인하였습니다. 기업에 메일을 보냈습니다.")
    return redirect(NOTHING_TO_DO)


@require_POST
@staff_only(*AGENCY_STAFF)
@reason_first
def refuse(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Send the papers back with the reason that the company is told (S32)."""
    company = found_for_screening(request, uuid)
    form = RefusalForm(request.POST)
    if not form.is_valid():
        messages.error(request, "반려 사유를 입력해 주십시오.")
        return redirect("joining_modeladmin_inspect", company.uuid)
    reason = form.cleaned_data["reason"]
    try:
        membership.refuse_joining(
            company=company, by=staff_of(request), at=timezone.now(), reason=reason
        )
    except membership.MoveNotAllowedError:
        messages.error(request, MOVED_MEANWHILE)
    else:
        note_access(request, AccessAction.CHANGE, [company], "가입 반려", reason=reason)
        messages.success(request, f"{company}: 가입을 반려하였습니다. 기업에 메일을 보냈습니다.")
    return redirect(NOTHING_TO_DO)


@require_POST
@staff_only(StaffRole.OPERATOR)
@reason_first
def suspend(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Stop a member's use, or resume it (S64)."""
    company = get_object_or_404(companies_visible_to(staff_of(request)), uuid=uuid)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, "사유를 입력해 주십시오.")
        return redirect("companies_modeladmin_inspect", company.uuid)
    move = membership.resume if "resume" in request.POST else membership.suspend
    reason = form.cleaned_data["reason"]
    try:
        company = move(company=company, by=staff_of(request), at=timezone.now(), reason=reason)
    except membership.MoveNotAllowedError:
        messages.error(request, MOVED_MEANWHILE)
    else:
        state = company.get_membership_state_display()
        note_access(request, AccessAction.CHANGE, [company], f"회원 상태 변경: {state}", reason)
        messages.success(request, f"{company}: {state} 상태로 바꾸었습니다.")
    return redirect("companies_modeladmin_inspect", company.uuid)
