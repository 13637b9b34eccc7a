"""진위확인: anybody checks a paper by number and code, by QR code or by the file itself (N2)."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from certificates import services
from certificates.forms import CheckForm, FileCheckForm
from certificates.models import Certificate
from certificates.printing import company_rows
from members.access import client_address
from members.formatting import format_datetime, mask_name
from members.services.throttle import ThrottledError


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Ask for number and code, or for the file, and answer on the same page."""
    if request.method != "POST":
        return render(request, "certificates/check.html", forms())
    if "file" in request.FILES or request.POST.get("way") == "file":
        return check_file(request)
    form = CheckForm(request.POST)
    if not form.is_valid():
        return render(request, "certificates/check.html", forms(form=form))
    try:
        certificate = services.check_by_code(
            **form.cleaned_data, address=client_address(request), at=timezone.now()
        )
    except services.UnknownCertificateError:
        form.add_error(
            None,
            "발행번호와 확인코드가 맞는 확인증이 없습니다. 다시 입력해 주십시오.",
        )
        return render(request, "certificates/check.html", forms(form=form))
    except ThrottledError as error:
        return too_many(request, error=error)
    return render(request, "certificates/check_result.html", shown(certificate))


@login_not_required
@never_cache
@require_safe
def check_token(request: HttpRequest, token: str) -> HttpResponse:
    """Answer the QR code's address."""
    try:
        certificate = services.check_by_token(
            token=token, address=client_address(request), at=timezone.now()
        )
    except services.UnknownCertificateError:
        return render(request, "certificates/check_unknown.html", status=404)
    except ThrottledError as error:
        return too_many(request, error=error)
    return render(request, "certificates/check_result.html", shown(certificate))


def check_file(request: HttpRequest) -> HttpResponse:
    """Compare a dropped PDF with what was issued; the file is not kept."""
    form = FileCheckForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "certificates/check.html", forms(file_form=form))
    try:
        result = services.check_file(
            data=form.cleaned_data["file"].read(),
            address=client_address(request),
            at=timezone.now(),
        )
    except ThrottledError as error:
        return too_many(request, error=error)
    if result.certificate is None:
        return render(request, "certificates/check_file_unknown.html", {"result": result})
    return render(
        request, "certificates/check_result.html", {**shown(result.certificate), "file": result}
    )


def forms(**bound: object) -> dict[str, object]:
    """Return both forms of the page, unbound but for the one that was sent."""
    return {"form": CheckForm(), "file_form": FileCheckForm(), **bound}


def shown(certificate: Certificate) -> dict[str, object]:
    """Return what a stranger may see: what the paper shows, the representative masked."""
    rows = [
        (label, mask_name(value) if label == "대표자" else value)
        for label, value in company_rows(certificate)
    ]
    return {"certificate": certificate, "rows": rows}


def too_many(request: HttpRequest, *, error: ThrottledError) -> HttpResponse:
    """Say until when no more tries are taken from this address."""
    context = {"retry_at": format_datetime(error.retry_at)}
    return render(request, "certificates/check_limited.html", context, status=429)
