"""Staff accounts: made, given and denied rights by an operator or the agency's manager."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_http_methods, require_POST

from members.access import reason_first, staff_only
from members.confirmation import confirm_first
from members.enums import StaffRole
from members.forms.staff import ReasonForm, RoleForm, StaffAccountForm
from members.models import AgencyAssignment, User
from members.rules import may_manage_account, roles_to_grant
from members.services import second_factor
from members.services import staff as services
from members.services.agencies import grant_role, revoke_role
from members.views.staff.joining import staff_of

LIST = "staff_modeladmin_index"
DETAIL = "staff_modeladmin_inspect"
# Signs that are not mistaken for each other when read out; sixteen of them are 78 random bits.
PASSWORD_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"  # noqa: S105  (an alphabet)
PASSWORD_LENGTH = 16


def found_account(request: HttpRequest, uuid: UUID) -> User:
    """Return a staff account that this person may change; 403 or 404 otherwise."""
    manager = staff_of(request)
    accounts = User.objects.of_persons().filter(pk__in=AgencyAssignment.objects.values("user"))
    if manager.agency is not None:
        accounts = accounts.filter(agency=manager.agency)
    person: User = get_object_or_404(accounts, uuid=uuid)
    if not may_manage_account(manager=manager, person=person).allowed:
        raise PermissionDenied
    return person


def role_form_words(request: HttpRequest) -> dict[str, Any]:
    """Return what this person may give: roles, and the only agency for a manager."""
    manager = staff_of(request)
    return {"roles": roles_to_grant(manager), "own_agency": manager.agency}


def new_password() -> str:
    """Return a temporary password; it lives a day and must be changed at log-in."""
    return get_random_string(PASSWORD_LENGTH, PASSWORD_SIGNS)


@require_http_methods(["GET", "POST"])
@staff_only(StaffRole.OPERATOR, StaffRole.MANAGER)
@reason_first
@confirm_first
def create(request: HttpRequest) -> HttpResponse:
    """Create an account and show its temporary password once."""
    form = StaffAccountForm(request.POST or None, **role_form_words(request))
    if request.method == "POST" and form.is_valid():
        password = new_password()
        details = {name: form.cleaned_data.pop(name) for name in ("department", "position")}
        try:
            person = services.create_staff(
                **form.cleaned_data,
                password=password,
                by=staff_of(request),
                at=timezone.now(),
                is_temporary=True,
                details=details,
            )
        except services.LoginNameTakenError:
            form.add_error("username", "이미 쓰인 아이디입니다. 아이디는 다시 쓰지 않습니다.")
        else:
            return password_page(request, person, password)
    context = {"form": form, "title": "직원 계정 등록"}
    return render(request, "members/admin/form_page.html", context)


def password_page(request: HttpRequest, person: User, password: str) -> HttpResponse:
    """Show a temporary password once; it is nowhere else."""
    context = {"person": person, "password": password}
    return render(request, "members/admin/staff_password.html", context)


@require_POST
@staff_only(StaffRole.OPERATOR, StaffRole.MANAGER)
@reason_first
@confirm_first
def grant(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give another role; the old one ends, with every session."""
    person = found_account(request, uuid)
    form = RoleForm(request.POST, **role_form_words(request))
    if form.is_valid():
        grant_role(
            user=person,
            role=form.cleaned_data["role"],
            agency=form.cleaned_data["agency"],
            by=staff_of(request),
            at=timezone.now(),
        )
        messages.success(request, f"{person}: 역할을 바꾸었습니다. 다시 로그인해야 합니다.")
    else:
        messages.error(request, "역할과 기관을 다시 확인해 주십시오.")
    return redirect(DETAIL, person.uuid)


@require_POST
@staff_only(StaffRole.OPERATOR, StaffRole.MANAGER)
@reason_first
@confirm_first
def revoke(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take the role away at once."""
    person = found_account(request, uuid)
    if person.staff_role:
        revoke_role(user=person, by=staff_of(request), at=timezone.now())
        messages.success(request, f"{person}: 역할을 회수하였습니다.")
    return redirect(LIST)


@require_POST
@staff_only(StaffRole.OPERATOR, StaffRole.MANAGER)
@reason_first
@confirm_first
def reset_password(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give a temporary password to somebody who cannot log in, and show it once."""
    person = found_account(request, uuid)
    password = new_password()
    services.set_temporary_password(
        user=person, password=password, by=staff_of(request), at=timezone.now()
    )
    return password_page(request, person, password)


@require_POST
@staff_only(StaffRole.OPERATOR, StaffRole.MANAGER)
@reason_first
@confirm_first
def close(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End an account, or open a closed one again (without a role)."""
    person = found_account(request, uuid)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, "사유를 입력해 주십시오.")
        return redirect(DETAIL, person.uuid)
    change = services.deactivate_user if person.is_active else services.reactivate_user
    change(
        user=person,
        by=staff_of(request),
        at=timezone.now(),
        reason=form.cleaned_data["reason"],
    )
    done = "사용을 중지하였습니다." if person.is_active else "다시 사용하게 하였습니다."
    messages.success(request, f"{person}: {done}")
    return redirect(LIST)


@require_POST
@staff_only(StaffRole.OPERATOR)
@reason_first
@confirm_first
def reset_factor(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End a lost second factor; the person sets up a new one at the next log-in."""
    person = found_account(request, uuid)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, "사유를 입력해 주십시오.")
        return redirect(DETAIL, person.uuid)
    try:
        second_factor.reset_second_factor(
            user=person,
            by=staff_of(request),
            at=timezone.now(),
            reason=form.cleaned_data["reason"],
        )
    except second_factor.NoFactorError:
        messages.error(request, f"{person}: 등록한 2단계 인증이 없습니다.")
    except second_factor.OwnFactorError:
        messages.error(request, "자신의 2단계 인증은 다른 운영자가 초기화합니다.")
    else:
        messages.success(request, f"{person}: 2단계 인증을 초기화하였습니다.")
    return redirect(DETAIL, person.uuid)
