"""Logging in and out, and staying logged in (S4)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members import sessions
from members.access import client_address
from members.forms.accounts import LoginForm
from members.hashing import HashingBusyError
from members.models import User
from members.services.login import (
    LoginRefusedError,
    MembershipLeftError,
    TemporaryPasswordExpiredError,
    check_log_in,
)
from members.services.throttle import ThrottledError
from members.views.visitors import ADMIN_HOME, local_target, signed_in_person
from members.wording import too_many_tries

REFUSED = "아이디 또는 비밀번호가 맞지 않습니다. 다시 확인해 주십시오."
LOCKED = "5번 잘못 입력하면 15분 동안 로그인할 수 없습니다. 비밀번호를 다시 정하면 바로 풀립니다."
BUSY = "지금 로그인하는 분이 많습니다. 잠시 뒤 다시 눌러 주십시오."
EXPIRED = "임시 비밀번호를 쓸 수 있는 24시간이 지났습니다. 비밀번호 찾기를 다시 해 주십시오."
LEFT = "탈퇴한 기업의 아이디입니다. 다시 가입하시려면 회원가입에서 기업을 확인해 주십시오."


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """Show the log-in page; a right ID and password begin a session under a new id."""
    target = local_target(request.POST.get("next") or request.GET.get("next", ""))
    if person := signed_in_person(request):
        return redirect(landing(person, target))
    form = LoginForm(request.POST or None)
    status = 200
    if form.is_valid():
        refusal = try_to_begin(request, form)
        if refusal is None and isinstance(request.user, User):
            return redirect(landing(request.user, target))
        status = add_refusal(form, refusal)
    context = {"form": form, "next": target, "has_expired": "expired" in request.GET}
    return render(request, "members/login.html", context, status=status)


def try_to_begin(request: HttpRequest, form: LoginForm) -> Exception | None:
    """Begin a session, or return why not."""
    address = client_address(request)
    try:
        user = check_log_in(**form.cleaned_data, address=address, at=timezone.now())
    except (
        LoginRefusedError,
        MembershipLeftError,
        TemporaryPasswordExpiredError,
        ThrottledError,
        HashingBusyError,
    ) as refusal:
        return refusal
    sessions.begin(request, user=user, address=address)
    return None


def add_refusal(form: LoginForm, refusal: Exception | None) -> int:
    """Put the reason on the form and return the status of the answer."""
    if isinstance(refusal, ThrottledError):
        form.add_error(None, f"{too_many_tries(refusal.retry_at)} {LOCKED}")
        return 429
    if isinstance(refusal, HashingBusyError):
        form.add_error(None, BUSY)
        return 503
    if isinstance(refusal, TemporaryPasswordExpiredError):
        form.add_error(None, EXPIRED)
    elif isinstance(refusal, MembershipLeftError):
        form.add_error(None, LEFT)
    else:
        form.add_error(None, REFUSED)
    return 200


def landing(person: User, target: str) -> str:
    """Return where a person goes after logging in: staff to the admin, members elsewhere."""
    is_admin_page = target.startswith(ADMIN_HOME)
    if person.is_staff_account:
        return target if is_admin_page else ADMIN_HOME
    return target if target and not is_admin_page else "/my/"


@login_not_required
@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End this session; without one there is nothing to do."""
    if signed_in_person(request):
        sessions.end(request)
        messages.success(request, "로그아웃했습니다.")
    return redirect("/")


@never_cache
@require_POST
def extend_session(request: HttpRequest) -> HttpResponse:
    """Keep the session alive and say how many seconds it lasts now."""
    if not isinstance(request.user, User):
        return JsonResponse({}, status=401)
    sessions.extend(request.session)
    expires_at = sessions.expires_at(request.session, user=request.user)
    left = expires_at - timezone.now() if expires_at else None
    return JsonResponse({"seconds": int(left.total_seconds()) if left else 0})


@login_not_required
@require_safe
def token(request: HttpRequest) -> HttpResponse:
    """Give the main page's log-in box its CSRF token: the page itself is cached and has none."""
    response = JsonResponse({"token": get_token(request)})
    response["Cache-Control"] = "no-store"
    return response
