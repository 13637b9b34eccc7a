"""My page: membership, record, people, consents (S42 to S47, S58, S64)."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from members.access import client_address, company_person_required, member_required
from members.confirmation import question_first
from members.enums import ConsentChoice, LegalKind, ProofPurpose
from members.membership import membership_card
from members.models import Company, Consent, User
from members.record_forms import RecordForms
from members.services.claims import PROMOTED
from members.services.consents import TextsMissingError, answer_email_consent
from members.services.record import changed_contacts, update_record
from members.signing_window import signing_window
from members.views.visitors import ADMIN_HOME

CONSENTS_PER_PAGE = 20


def person_and_company(request: HttpRequest) -> tuple[User, Company]:
    """Return who asks and their company; the decorators have made sure of both."""
    person = request.user
    if not isinstance(person, User) or person.company is None:
        raise TypeError("only people of a company come here")
    return person, person.company


@require_safe
def my(request: HttpRequest) -> HttpResponse:
    """The overview; staff have their own home."""
    if isinstance(request.user, User) and request.user.is_staff_account:
        return redirect(ADMIN_HOME)
    return overview(request)


@company_person_required
def overview(request: HttpRequest) -> HttpResponse:
    """State of the membership, what is missing, and the ways onward."""
    person, company = person_and_company(request)
    card = membership_card(company=company)
    last_year = timezone.localdate().year - 1
    context = {
        "person": person,
        "company": company,
        "card": card,
        "has_gone_code": company.products.filter(hs_code_gone_at__isnull=False).exists(),
        "missing_year": card.is_active and not company.figures.filter(year=last_year).exists(),
    }
    return render(request, "members/my.html", context)


@company_person_required
@require_safe
def membership(request: HttpRequest) -> HttpResponse:
    """Explain the state; the page people are led to when something is not open to them."""
    _, company = person_and_company(request)
    number = company.business_number
    can_prove = company.membership_state in PROMOTED
    context = {
        "company": company,
        "card": membership_card(company=company),
        "signing": signing_window(ProofPurpose.PROMOTE, number=number) if can_prove else None,
    }
    return render(request, "members/membership.html", context)


@member_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Contact person and company (S37 to S42)."""
    return record_page(request, "기업정보", ("person", "company"))


@member_required
@require_http_methods(["GET", "POST"])
def products(request: HttpRequest) -> HttpResponse:
    """Products (S46 to S48)."""
    return record_page(request, "제품정보", ("products",))


@member_required
@require_http_methods(["GET", "POST"])
def figures(request: HttpRequest) -> HttpResponse:
    """Sales and exports of the last three years (S43 to S45)."""
    return record_page(request, "매출·수출 실적", ("figures",))


def record_page(request: HttpRequest, title: str, parts: Sequence[str]) -> HttpResponse:
    """Show and save some parts of the record."""
    person, company = person_and_company(request)
    now = timezone.now()
    records = RecordForms(
        request.POST or None,
        request.FILES or None,
        company=company,
        person=person,
        year=timezone.localdate(now).year,
        parts=parts,
    )
    if records.is_valid():
        if changes_contacts(company, person, records) and (question := question_first(request)):
            return question
        update_record(company=company, person=person, forms=records, by=person, at=now)
        messages.success(request, f"{title}을(를) 저장했습니다.")
        return redirect(request.path)
    context = {
        "title": title,
        "records": records,
        "has_errors": bool(records.errors),
        "company": company,
        "person": person,
    }
    return render(request, "members/record.html", context)


def changes_contacts(company: Company, person: User, records: RecordForms) -> bool:
    """Tell whether mail or telephone would change: then the person is asked again (S42)."""
    pairs = ((company, records.company_values), (person, records.person_values))
    return any(changed_contacts(instance=row, values=values) for row, values in pairs)


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
