"""The operator's part in a company's life events: decisions, and a master who is gone (S64)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from members.access import note_access, reason_first, staff_only
from members.enums import AccessAction, ChangeEffect, StaffRole
from members.forms.changes import DecisionForm, MasterForm
from members.models import Company, CompanyChange
from members.services import company_changes as services
from members.services.membership import MoveNotAllowedError
from members.services.outbox import InvalidRecipientError
from members.services.people import NotAColleagueError, TooManyPeopleError
from members.services.throttle import ThrottledError
from members.views.staff.joining import staff_of

FILL_IN = "빠진 항목이 있습니다. 처리와 사유를 모두 입력해 주십시오."
NOT_DONE = "처리하지 못했습니다. 입력한 내용을 확인하고 잠시 뒤 다시 해 주십시오."


@require_POST
@staff_only(StaffRole.OPERATOR)
@reason_first
def decide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Carry out or decline a report."""
    change = get_object_or_404(CompanyChange, uuid=uuid)
    form = DecisionForm(request.POST)
    target = redirect("company-changes_modeladmin_inspect", change.uuid)
    if not form.is_valid():
        messages.error(request, FILL_IN)
        return target
    refusal = try_to_decide(request, change, form)
    if refusal:
        messages.error(request, refusal)
        return target
    reason = form.cleaned_data["reason"]
    note_access(request, AccessAction.CHANGE, [change.company], "기업 변경 신청 처리", reason)
    messages.success(request, "변경 신청을 처리하고 기업에 메일을 보냈습니다.")
    return target


def try_to_decide(request: HttpRequest, change: CompanyChange, form: DecisionForm) -> str:
    """Carry the decision out, or return why it cannot be."""
    values = form.cleaned_data
    decision = services.Decision(
        is_approved=values["verdict"] == "approve",
        effect=ChangeEffect(values["effect"]),
        reason=values["reason"],
    )
    try:
        services.decide_change(
            change=change, decision=decision, by=staff_of(request), at=timezone.now()
        )
    except services.ChangeDecidedError:
        return "이미 처리한 신청입니다."
    except services.NumberOfAnotherError:
        return "새 사업자등록번호를 쓰는 다른 기업이 있어 바꿀 수 없습니다."
    except MoveNotAllowedError:
        return "지금 회원 상태에서는 이용을 정지할 수 없습니다. ‘그대로 이어 간다’를 골라 주십시오."
    return ""


@require_POST
@staff_only(StaffRole.OPERATOR)
@reason_first
def replace_master(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Fill the place of a master who is gone."""
    company = get_object_or_404(Company, uuid=uuid)
    form = MasterForm(request.POST, company=company)
    if not form.is_valid():
        messages.error(request, FILL_IN)
        return redirect("companies_modeladmin_inspect", company.uuid)
    reason = form.cleaned_data["reason"]
    try:
        services.replace_master(
            company=company, by=staff_of(request), at=timezone.now(), **form.cleaned_data
        )
    except (InvalidRecipientError, NotAColleagueError, ThrottledError, TooManyPeopleError):
        messages.error(request, NOT_DONE)
    else:
        note_access(request, AccessAction.CHANGE, [company], "대표 담당자 변경", reason)
        messages.success(request, "대표 담당자를 바꾸거나 초대했습니다. 메일로 알렸습니다.")
    return redirect("companies_modeladmin_inspect", company.uuid)
