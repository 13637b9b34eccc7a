"""What of a company was handed over for statistics, and what came back (S27)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from members.access import company_person_required
from members.formatting import format_datetime, format_thousands
from members.models import Company, StatisticsHandOver
from members.services.statistics import verified_by_year
from members.views.my_page import person_and_company

RECIPIENT = "한국무역통계진흥원"


@company_person_required
@require_safe
def hand_overs(request: HttpRequest) -> HttpResponse:
    """Every hand-over of this company with its reason, and stated beside verified exports."""
    _, company = person_and_company(request)
    found = StatisticsHandOver.objects.filter(company=company).select_related(
        "request", "consent__text"
    )
    rows = [
        (
            format_datetime(row.request.made_at),
            RECIPIENT,
            f"사업자등록번호, {row.request.first_month:%Y.%m} ~ {row.request.last_month:%Y.%m}",
            row.request.reason,
            f"{row.consent.text.title} {row.consent.text.version}",
        )
        for row in found
    ]
    context = {
        "hand_overs": rows,
        "columns": ["제공 시각", "받는 곳", "제공한 내용", "목적", "근거 동의"],
        "rows": rows,
        "figure_columns": ["연도", "입력한 값", "확인된 값"],
        "figures": exports_beside(company),
    }
    return render(request, "members/hand_overs.html", context)


def exports_beside(company: Company) -> list[tuple[str, str, str]]:
    """Return year, stated and verified exports in 천불 for every verified year."""
    stated = dict(company.figures.values_list("year", "exports_thousand_usd"))
    return [
        (f"{year}년", amount_or_dash(stated.get(year)), format_thousands(amount))
        for year, amount in sorted(verified_by_year(company).items())
    ]


def amount_or_dash(amount: int | None) -> str:
    return "–" if amount is None else format_thousands(amount)
