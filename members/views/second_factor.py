"""The second factor: asked at log-in, set up, shown and switched off (S63, S54)."""

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from members import sessions
from members.confirmation import confirm_first
from members.forms.accounts import CodeForm
from members.models import SecondFactor, User
from members.one_time_codes import otpauth_address
from members.services import second_factor as services
from members.services.throttle import ThrottledError
from members.views.login import landing
from members.views.my_account import own_person
from members.views.visitors import local_target
from members.wording import too_many_tries

ISSUER = "수출지원사업"
WRONG = "인증 코드가 맞지 않습니다. 인증 앱에 지금 보이는 숫자를 입력해 주십시오."
OUT_OF_ORDER = "이미 쓰고 있거나 시작하지 않은 2단계 인증입니다. 상태를 다시 확인해 주십시오."


def is_demanded(person: User) -> bool:
    """Tell whether this person cannot work without a second factor."""
    return bool(settings.STAFF_SECOND_FACTOR_REQUIRED) and person.is_staff_account


def asked_target(request: HttpRequest) -> str:
    return local_target(request.POST.get("next") or request.GET.get("next", ""))


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the code that completes a log-in."""
    person, target = own_person(request), asked_target(request)
    if not sessions.is_half_logged_in(request.session, user=person):
        return redirect(landing(person, target))
    if not SecondFactor.objects.in_use().filter(user=person).exists():
        return redirect("members:second_factor_setup")
    form, status = CodeForm(request.POST or None), 200
    if form.is_valid():
        try:
            services.check_code(user=person, code=form.cleaned_data["code"], at=timezone.now())
        except (services.WrongCodeError, ThrottledError) as refusal:
            status = add_refusal(form, refusal)
        else:
            sessions.pass_factor(request)
            return redirect(landing(person, target))
    context = {"form": form, "next": target}
    return render(request, "members/second_factor.html", context, status=status)


def add_refusal(form: CodeForm, refusal: Exception) -> int:
    """Put the reason on the form and return the status of the answer."""
    if isinstance(refusal, ThrottledError):
        form.add_error(None, too_many_tries(refusal.retry_at))
        return 429
    form.add_error("code", WRONG)
    return 200


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@confirm_first
def set_up(request: HttpRequest) -> HttpResponse:
    """Show the secret as QR code and text; its first code puts it into use."""
    person, now = own_person(request), timezone.now()
    try:
        factor = services.begin_enrolment(user=person, at=now)
    except services.FactorInUseError:
        return redirect("members:second_factor_overview")
    form, status = CodeForm(request.POST or None), 200
    form.fields["code"].help_text = "인증 앱에 지금 보이는 숫자 6자리입니다."
    if form.is_valid():
        try:
            codes = services.confirm_enrolment(
                user=person,
                code=form.cleaned_data["code"],
                at=now,
                session_key=request.session.session_key or "",
            )
        except (services.WrongCodeError, ThrottledError) as refusal:
            status = add_refusal(form, refusal)
        else:
            sessions.pass_factor(request)
            return codes_page(request, person, codes)
    return setup_page(request, person, factor, form, status)


def setup_page(
    request: HttpRequest, person: User, factor: SecondFactor, form: CodeForm, status: int
) -> HttpResponse:
    """Show what the app needs and ask for its first code."""
    address = otpauth_address(secret=factor.secret, account=person.username, issuer=ISSUER)
    groups = [factor.secret[start : start + 4] for start in range(0, len(factor.secret), 4)]
    context = {
        "form": form,
        "qr": segno.make(address, error="m", micro=False).svg_data_uri(scale=5, light="white"),
        "secret": " ".join(groups),
        "is_demanded": is_demanded(person),
    }
    return render(request, "members/second_factor_setup.html", context, status=status)


def codes_page(request: HttpRequest, person: User, codes: list[str]) -> HttpResponse:
    """Show recovery codes, this once."""
    context = {"codes": codes, "home": landing(person, "")}
    return render(request, "members/recovery_codes.html", context)


@never_cache
@require_http_methods(["GET"])
def overview(request: HttpRequest) -> HttpResponse:
    """Say whether the second factor is on and how many recovery codes are left."""
    person = own_person(request)
    factor = SecondFactor.objects.in_use().filter(user=person).first()
    context = {
        "factor": factor,
        "left": factor.recovery_codes.filter(used_at__isnull=True).count() if factor else 0,
        "is_demanded": is_demanded(person),
    }
    return render(request, "members/second_factor_overview.html", context)


@never_cache
@require_POST
@confirm_first
def renew_codes(request: HttpRequest) -> HttpResponse:
    """Replace the recovery codes and show the new ones once."""
    person = own_person(request)
    try:
        codes = services.renew_recovery_codes(user=person, at=timezone.now())
    except services.NoFactorError:
        messages.error(request, OUT_OF_ORDER)
        return redirect("members:second_factor_overview")
    return codes_page(request, person, codes)


@never_cache
@require_POST
@confirm_first
def off(request: HttpRequest) -> HttpResponse:
    """Switch the second factor off, where the person may do without."""
    person = own_person(request)
    if is_demanded(person):
        messages.error(request, "기관 담당자는 2단계 인증을 끌 수 없습니다.")
        return redirect("members:second_factor_overview")
    try:
        services.switch_off(user=person, at=timezone.now())
    except services.NoFactorError:
        messages.error(request, OUT_OF_ORDER)
    else:
        messages.success(request, "2단계 인증을 껐습니다.")
    return redirect("members:second_factor_overview")
