"""My page: membership, record, people, consents (S42 to S47, S58, S64)."""

from collections.abc import Sequence
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from members.access import company_person_required, member_required
from members.confirmation import question_first
from members.enums import ProofPurpose
from members.membership import membership_card
from members.models import Company, User
from members.record_forms import RecordForms
from members.services.claims import PROMOTED
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
def my(request: HttpRequest) -> HttpResponseBase:
    """The overview; staff have their own home."""
    if isinstance(request.user, User) and request.user.is_staff_account:
        return redirect(ADMIN_HOME)
    return overview(request)


@company_person_required
def overview(request: HttpRequest) -> HttpResponse:
    """State of the membership, what is missing, and the ways onward."""
    person, company = person_and_company(request)
    card = membership_card(company=company)
    context = {
        "person": person,
        "company": company,
        "card": card,
        "has_gone_code": company.products.filter(hs_code_gone_at__isnull=False).exists(),
        "missing_year": card.is_active and lacks_last_year(company),
    }
    return render(request, "members/my.html", context)


def lacks_last_year(company: Company) -> bool:
    """Tell whether last year's figures are asked for: from 2 January until they are there (S45)."""
    today = timezone.localdate()
    is_season = today >= date(today.year, 1, 2)
    return is_season and not company.figures.filter(year=today.year - 1).exists()


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
