"""Joining in four steps on the paper route (S20 to S27, S31 to S50)."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.access import client_address
from members.enums import ProofPurpose
from members.forms.joining import ConsentsForm, LoginNameForm, PapersRouteForm
from members.models import JoinDraft
from members.selectors import join_draft_of
from members.services.consents import texts_in_force
from members.services.join_drafts import (
    AGENCY,
    DRAFT_LIFETIME,
    BusinessNumberTakenError,
    cancel_draft,
    check_login_name,
    choose_papers_route,
    record_choices,
    start_draft,
)
from members.services.joining import DONE, ConsentMissingError, agreed_choices
from members.services.throttle import ThrottledError
from members.signing_window import signing_window
from members.views.visitors import signed_in_person
from members.wording import too_many_tries

STEPS = ["약관동의", "기업인증", "기업정보 입력", "회원가입 완료"]
TAKEN = (
    "이미 가입한 사업자등록번호입니다. 아이디나 비밀번호를 찾거나, "
    "대표 담당자에게 초대를 부탁하거나, "
    "모르는 가입이라면 시스템 이용문의로 알려 주십시오."
)
NO_DRAFT = "가입을 시작하지 않았거나 7일이 지났습니다. 약관동의부터 다시 진행해 주십시오."
NEW_TEXTS = "약관이나 동의문이 바뀌었습니다. 내용을 읽고 다시 동의해 주십시오."
NO_NUMBER = "기업인증을 먼저 진행해 주십시오."

View = Callable[..., HttpResponse]


def cookie_name() -> str:
    """The name of the draft's cookie, with the __Host- prefix wherever cookies must be secure."""
    return ("__Host-" if settings.SESSION_COOKIE_SECURE else "") + "joining"


def current_draft(request: HttpRequest, *, at: datetime) -> JoinDraft | None:
    """Return the draft of this browser, a finished one too."""
    return join_draft_of(request.COOKIES.get(cookie_name(), ""), at=at)


def remember(response: HttpResponse, token: str) -> HttpResponse:
    """Give the browser the draft's token for as long as the draft lives after a change."""
    response.set_cookie(
        cookie_name(),
        token,
        max_age=int(DRAFT_LIFETIME.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def visitors_only(view: View) -> View:
    """Send people who are logged in to my page: they have joined already."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if signed_in_person(request):
            return redirect("members:my")
        return view(request, *args, **kwargs)

    return never_cache(wrapper)


def draft_required(view: View) -> View:
    """Hand the unfinished draft to a view of a later step; without one begin at step 1.

    The draft must hold an agreement to every required text in force now.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        now = timezone.now()
        draft = current_draft(request, at=now)
        if draft is None:
            messages.warning(request, NO_DRAFT)
            return redirect("members:join_terms")
        if draft.finished_at is not None:
            return redirect("members:join_done")
        try:
            agreed_choices(draft=draft, at=now)
        except ConsentMissingError:
            messages.warning(request, NEW_TEXTS if draft.consented_at else NO_DRAFT)
            return redirect("members:join_terms")
        response = view(request, draft, *args, **kwargs)
        return remember(response, request.COOKIES[cookie_name()])

    return visitors_only(wrapper)


def step_page(
    request: HttpRequest, number: int, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Render one step with its place on the way."""
    context |= {"steps": STEPS, "step": number, "step_title": STEPS[number - 1]}
    return render(request, template, context, status=status)


@login_not_required
@visitors_only
@require_http_methods(["GET", "POST"])
def join_terms(request: HttpRequest) -> HttpResponse:
    """Step 1: every text in force, agree and disagree both offered."""
    now = timezone.now()
    draft = current_draft(request, at=now)
    if draft is not None and draft.finished_at is not None:
        draft = None
    texts = texts_in_force(at=now)
    answers = draft.choices if draft else {}
    form = ConsentsForm(request.POST or None, texts=texts, answers=answers)
    if "agree_required" in request.POST:
        form = form.with_required_agreed()
    elif form.is_valid():
        return keep_choices(request, draft, form)
    is_open = any(text.is_required for text in texts)
    return step_page(request, 1, "members/join_terms.html", form=form, is_open=is_open)


def keep_choices(request: HttpRequest, draft: JoinDraft | None, form: ConsentsForm) -> HttpResponse:
    """Write the answers into the draft, a new one where there is none."""
    now, token = timezone.now(), request.COOKIES.get(cookie_name(), "")
    try:
        if draft is None:
            draft, token = start_draft(address=client_address(request), at=now)
    except ThrottledError as refusal:
        form.add_error(None, too_many_tries(refusal.retry_at))
        return step_page(request, 1, "members/join_terms.html", form=form, is_open=True, status=429)
    record_choices(draft=draft, choices=form.choices(), at=now)
    return remember(redirect("members:join_verify"), token)


@login_not_required
@draft_required
@require_http_methods(["GET", "POST"])
def join_verify(request: HttpRequest, draft: JoinDraft) -> HttpResponse:
    """Step 2: how the company proves itself, by certificate or by papers."""
    initial = {"business_number": draft.business_number, "agency": draft.values.get(AGENCY)}
    form = PapersRouteForm(request.POST or None, initial=initial)
    status, is_taken = 200, False
    if form.is_valid():
        try:
            choose_papers_route(
                draft=draft,
                **form.cleaned_data,
                address=client_address(request),
                at=timezone.now(),
            )
            return redirect("members:join_company")
        except BusinessNumberTakenError:
            form.add_error("business_number", TAKEN)
            is_taken = True
        except ThrottledError as refusal:
            form.add_error(None, too_many_tries(refusal.retry_at))
            status = 429
    signing = signing_window(ProofPurpose.SIGNUP, number=draft.business_number)
    context = {"form": form, "is_taken": is_taken, "signing": signing}
    return step_page(request, 2, "members/join_verify.html", status=status, **context)


@login_not_required
@draft_required
@require_POST
def id_check(request: HttpRequest, draft: JoinDraft) -> HttpResponse:
    """Answer 중복확인 of a page with scripts (S34)."""
    form = LoginNameForm({"username": request.POST.get("id", "")})
    if not form.is_valid():
        message = form.errors["username"][0]
        return JsonResponse({"available": False, "message": message})
    answer, status = answer_id_check(request, draft, form.cleaned_data["username"])
    return JsonResponse(answer, status=status)


def answer_id_check(
    request: HttpRequest, draft: JoinDraft, name: str
) -> tuple[dict[str, Any], int]:
    """Check one ID and return the answer with its status."""
    try:
        is_free = check_login_name(
            draft=draft, name=name, address=client_address(request), at=timezone.now()
        )
    except ThrottledError as refusal:
        return {"available": False, "message": too_many_tries(refusal.retry_at)}, 429
    message = "사용할 수 있는 아이디입니다." if is_free else "이미 쓰고 있는 아이디입니다."
    return {"available": is_free, "message": message}, 200


@login_not_required
@visitors_only
@require_safe
def join_done(request: HttpRequest) -> HttpResponse:
    """Step 4: what was done and what comes next."""
    draft = current_draft(request, at=timezone.now())
    if draft is None or draft.finished_at is None:
        return redirect("members:join_terms")
    return step_page(request, 4, "members/join_done.html", done=draft.values[DONE])


@login_not_required
@require_POST
def join_cancel(request: HttpRequest) -> HttpResponse:
    """취소: destroy what was entered and go home."""
    now = timezone.now()
    draft = current_draft(request, at=now)
    if draft is not None and draft.finished_at is None:
        cancel_draft(draft=draft, at=now)
    messages.success(request, "회원가입을 취소하고 입력한 내용을 지웠습니다.")
    response = redirect("/")
    response.delete_cookie(cookie_name())
    return response


@login_not_required
@require_safe
def consent_form(request: HttpRequest) -> HttpResponse:
    """The 기업정보활용동의서 to print, fill in and stamp (S31)."""
    texts = texts_in_force(at=timezone.now())
    return render(request, "members/consent_form.html", {"texts": texts})
