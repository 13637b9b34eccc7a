"""아이디찾기 and 비밀번호찾기 (S51 to S53, decisions A10 and A11)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from members.access import client_address
from members.forms.accounts import FindIdForm, FindPasswordForm, NewPasswordForm
from members.hashing import HashingBusyError
from members.services.passwords import ResetLinkError, reset_by_link, usable_reset
from members.services.recovery import mail_login_names, mail_reset_link
from members.services.throttle import ThrottledError
from members.views.login import BUSY
from members.wording import too_many_tries

ID_ANSWER = "입력하신 정보와 일치하는 회원이 있으면 대표 이메일로 아이디를 보냈습니다."
LINK_ANSWER = (
    "입력하신 정보와 일치하는 회원이 있으면 담당자 이메일로 비밀번호를 다시 정하는 주소를 "
    "보냈습니다. 주소는 1시간 동안 쓸 수 있습니다."
)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def find_id(request: HttpRequest) -> HttpResponse:
    """Mail the company's IDs; the answer on the screen is always the same."""
    form = FindIdForm(request.POST or None)
    return answer(request, form, mail_login_names, ID_ANSWER, "members/find_id.html")


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def find_password(request: HttpRequest) -> HttpResponse:
    """Mail a one-time link to the person; the answer on the screen is always the same."""
    form = FindPasswordForm(request.POST or None)
    return answer(request, form, mail_reset_link, LINK_ANSWER, "members/find_password.html")


def answer(
    request: HttpRequest, form: FindIdForm, service: Any, said: str, template: str
) -> HttpResponse:
    """Ask the service and show the page with the answer that everybody gets."""
    shown, status = "", 200
    if form.is_valid():
        try:
            service(**form.cleaned_data, address=client_address(request), at=timezone.now())
            shown = said
        except ThrottledError as refusal:
            form.add_error(None, too_many_tries(refusal.retry_at))
            status = 429
    return render(request, template, {"form": form, "answer": shown}, status=status)


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def reset_password(request: HttpRequest, token: str) -> HttpResponse:
    """Set a new password by a one-time link; a link that is used or too old says so."""
    reset = usable_reset(token=token, at=timezone.now())
    if reset is None:
        return render(request, "members/reset_link_dead.html", status=410)
    form = NewPasswordForm(request.POST or None, owner=reset.user)
    if form.is_valid():
        try:
            reset_by_link(token=token, password=form.cleaned_data["password"], at=timezone.now())
        except ResetLinkError:
            return render(request, "members/reset_link_dead.html", status=410)
        except HashingBusyError:
            form.add_error(None, BUSY)
            return render(request, "members/reset_password.html", {"form": form}, status=503)
        messages.success(request, "새 비밀번호를 정했습니다. 새 비밀번호로 로그인해 주십시오.")
        return redirect("members:login")
    return render(request, "members/reset_password.html", {"form": form})
