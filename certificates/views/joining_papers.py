"""The papers that a company prints, stamps and posts, filled with its own data (S31)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from certificates.joining_papers import PaperTooLongError, consent_form, cover_sheet
from certificates.pdf import PaperUnavailableError
from members.access import company_person_required
from members.views.downloads import attachment_response
from members.views.my_page import person_and_company

NOT_NOW = (
    "지금은 양식을 만들 수 없습니다. 잠시 뒤에 다시 시도하거나 시스템 이용문의로 연락해 주십시오."
)
NO_ORIGINALS = "보내실 원본서류가 없어 봉투 표지가 필요하지 않습니다."


@company_person_required
@require_safe
def own_consent_form(request: HttpRequest) -> HttpResponse:
    """The consent form with the company's own data (S31)."""
    _, company = person_and_company(request)
    try:
        data = consent_form(company=company, at=timezone.now())
    except (PaperUnavailableError, PaperTooLongError):
        messages.error(request, NOT_NOW)
        return redirect("members:membership")
    return attachment_response(data, filename="기업정보활용동의서.pdf", kind="pdf")


@company_person_required
@require_safe
def own_cover_sheet(request: HttpRequest) -> HttpResponse:
    """The cover sheet of the company's envelope, with its code (S32, A9)."""
    _, company = person_and_company(request)
    originals = company.originals.select_related("company", "agency").first()
    if originals is None:
        messages.error(request, NO_ORIGINALS)
        return redirect("members:membership")
    try:
        data = cover_sheet(originals=originals)
    except (PaperUnavailableError, PaperTooLongError):
        messages.error(request, NOT_NOW)
        return redirect("members:membership")
    return attachment_response(data, filename="봉투 표지.pdf", kind="pdf")
