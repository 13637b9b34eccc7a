"""One's own log-ins and password (S54; ui.md 1.5)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from members import sessions as log_ins
from members.access import client_address
from members.forms.accounts import PasswordChangeForm
from members.hashing import HashingBusyError
from members.models import LoginSession, User
from members.services.login_sessions import end_session, end_sessions
from members.services.passwords import WrongPasswordError, change_password
from members.services.throttle import ThrottledError
from members.views.login import BUSY, landing
from members.wording import too_many_tries


def own_person(request: HttpRequest) -> User:
    """Return who asks; the middleware has made sure of a log-in."""
    if not isinstance(request.user, User):
        raise TypeError("only people who are logged in come here")
    return request.user


@require_http_methods(["GET", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """List the person's log-ins; POST ends all but this one."""
    person, own_key = own_person(request), request.session.session_key or ""
    if request.method == "POST":
        count = end_sessions(user=person, except_key=own_key)
        messages.success(request, f"다른 기기의 로그인 {count}건을 끝냈습니다.")
        return redirect("members:sessions")
    since = timezone.now() - log_ins.absolute_limit(person)
    context = {
        "log_ins": LoginSession.objects.filter(user=person, started_at__gt=since),
        "own_key": own_key,
    }
    return render(request, "members/sessions.html", context)


@require_POST
def end_one_session(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End one of the person's own log-ins."""
    session = get_object_or_404(LoginSession, user=own_person(request), uuid=uuid)
    if session.session_key == request.session.session_key:
        log_ins.end(request)
        return redirect("/")
    end_session(session=session)
    messages.success(request, "로그인을 끝냈습니다.")
    return redirect("members:sessions")


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password_change(request: HttpRequest) -> HttpResponse:
    """Change the password; other devices are logged out, this one goes on."""
    person = own_person(request)
    form, status = PasswordChangeForm(request.POST or None, owner=person), 200
    if form.is_valid():
        refusal = try_to_change(person, form)
        if refusal is None:
            log_ins.begin(request, user=person, address=client_address(request), factor_passed=True)
            messages.success(
                request, "비밀번호를 바꾸었습니다. 다른 기기에서는 로그아웃되었습니다."
            )
            return redirect(landing(person, ""))
        status = add_refusal(form, refusal)
    return render(request, "members/password_change.html", {"form": form}, status=status)


def try_to_change(person: User, form: PasswordChangeForm) -> Exception | None:
    """Set the new password, or return why not."""
    values = form.cleaned_data
    try:
        change_password(
            user=person,
            present=values["present"],
            password=values["password"],
            at=timezone.now(),
        )
    except (WrongPasswordError, ThrottledError, HashingBusyError) as refusal:
        return refusal
    return None


def add_refusal(form: PasswordChangeForm, refusal: Exception) -> int:
    """Put the reason on the form and return the status of the answer."""
    if isinstance(refusal, ThrottledError):
        form.add_error(None, too_many_tries(refusal.retry_at))
        return 429
    if isinstance(refusal, HashingBusyError):
        form.add_error(None, BUSY)
        return 503
    form.add_error("present", "지금 비밀번호가 맞지 않습니다. 다시 확인해 주십시오.")
    return 200
