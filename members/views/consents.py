"""동의 관리: what was agreed to, mail switched on and off, withdrawal and what follows (A18)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from members.access import client_address, company_person_required
from members.confirmation import confirm_first
from members.enums import ConsentChoice, LegalKind
from members.models import Company, Consent, User
from members.services.consents import (
    NothingToWithdrawError,
    NotMasterError,
    TextsMissingError,
    answer_email_consent,
    withdraw_company_info,
)
from members.views.my_page import person_and_company

CONSENTS_PER_PAGE = 20


@company_person_required
@require_http_methods(["GET", "POST"])
def consents(request: HttpRequest) -> HttpResponse:
    """What was agreed to and when; consent to mail is given and withdrawn here (A18)."""
    person, company = person_and_company(request)
    if request.method == "POST":
        return answer_mail(request, person, company)
    given = Consent.objects.filter(company=company).select_related("text", "person", "recipient")
    latest = Consent.objects.latest_of(company).select_related("text")
    email = next((row for row in latest if row.text.kind == LegalKind.EMAIL), None)
    context = {
        "latest": latest,
        "page_obj": Paginator(given, CONSENTS_PER_PAGE).get_page(request.GET.get("page")),
        "agrees_to_mail": email is not None and email.choice == ConsentChoice.AGREED,
    }
    return render(request, "members/consents.html", context)


def answer_mail(request: HttpRequest, person: User, company: Company) -> HttpResponse:
    """Write the new answer on mail and say what follows."""
    agrees = request.POST.get("email") == "agree"
    try:
        answer_email_consent(
            company=company,
            person=person,
            agrees=agrees,
            at=timezone.now(),
            address=client_address(request),
        )
    except TextsMissingError:
        messages.error(
            request, "이메일 수신 동의문이 준비되지 않았습니다. 나중에 다시 시도해 주십시오."
        )
        return redirect("members:consents")
    said = "앞으로 안내 메일을 보내 드립니다." if agrees else "앞으로 안내 메일을 보내지 않습니다."
    messages.success(request, f"{said} 신청·심사처럼 꼭 필요한 알림은 계속 보내 드립니다.")
    return redirect("members:consents")


@company_person_required
@require_http_methods(["GET", "POST"])
@confirm_first
def withdraw(request: HttpRequest) -> HttpResponse:
    """Say what follows, then withdraw the consent to providing company information."""
    person, company = person_and_company(request)
    if request.method != "POST":
        latest = Consent.objects.latest_of(company).agreed().select_related("text")
        given = latest.filter(text__kind=LegalKind.COMPANY_INFO).first()
        return render(request, "members/consent_withdraw.html", {"given": given, "person": person})
    try:
        withdraw_company_info(
            company=company, person=person, at=timezone.now(), address=client_address(request)
        )
    except NotMasterError:
        messages.error(request, "대표 담당자만 철회할 수 있습니다.")
    except NothingToWithdrawError:
        messages.error(request, "지금 동의한 내용이 없습니다.")
    else:
        messages.success(request, "동의를 철회했습니다. 앞으로 기업정보를 제공하지 않습니다.")
    return redirect("members:consents")
