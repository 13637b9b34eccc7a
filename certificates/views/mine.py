"""A company's own certificates: list, detail, download and the twin for printing."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from certificates import rules, services
from certificates.models import Certificate
from certificates.printing import company_rows, data_address, printed_paper, qr_svg
from certificates.views.scoping import certificate_or_404, company_of
from members.access import company_person_required
from members.services.files import FileDamagedError, read_file
from members.views.downloads import private_file_response

PAGE_SIZE = 20
# A waiting page asks again after this many seconds, also without scripts.
REFRESH_SECONDS = 3


@company_person_required
@require_safe
def list_(request: HttpRequest) -> HttpResponse:
    """Every certificate of the company, the newest first."""
    owned = Certificate.objects.owned_by(company_of(request))
    certificates = owned.order_by("-issued_at", "-pk")
    page_obj = Paginator(certificates, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "certificates/list.html", {"page_obj": page_obj})


@company_person_required
@require_safe
def detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One certificate: what it says, its state, and what can be done."""
    company = company_of(request)
    certificate = certificate_or_404(request, uuid, "notice__agency", "pdf", "replaced_by")
    verdict = rules.reissue_verdict(certificate=certificate, company=company, at=timezone.now())
    context = {
        "certificate": certificate,
        "rows": company_rows(certificate),
        "reissue": verdict,
        "has_changed": certificate.printed_company != services.company_values(company),
    }
    return render(request, "certificates/detail.html", context)


@company_person_required
@require_safe
def download(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Hand over the stored PDF, always the same bytes; a missing one is made now."""
    certificate = certificate_or_404(request, uuid, "pdf", "paper__seal", "company")
    certificate = services.ensure_paper(certificate=certificate, at=timezone.now())
    if certificate.pdf is None:
        response = render(
            request,
            "certificates/waiting.html",
            {"certificate": certificate, "seconds": REFRESH_SECONDS},
            status=503,
        )
        response["Retry-After"] = response["Refresh"] = str(REFRESH_SECONDS)
        return response
    try:
        return private_file_response(certificate.pdf)
    except FileDamagedError:
        return render(
            request, "certificates/damaged.html", {"certificate": certificate}, status=503
        )


@company_person_required
@require_safe
def print_page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The paper as a page to print, for readers without a PDF program (S60)."""
    certificate = certificate_or_404(request, uuid, "paper__seal")
    seal = certificate.paper.seal if certificate.paper else None
    context = {
        "certificate": certificate,
        "paper": printed_paper(certificate),
        "qr": data_address(qr_svg(certificate), "image/svg+xml"),
        "seal": data_address(read_file(seal), "image/png") if seal else "",
    }
    return render(request, "certificates/print.html", context)
