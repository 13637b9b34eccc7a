"""가입정보 확인, re-consent and the issue (S56 to S59); reissue goes the same way."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from certificates import rules, selectors, services
from certificates.forms import ReasonForm
from certificates.papers import require_parts
from certificates.pdf import PaperUnavailableError
from certificates.views.scoping import certificate_or_404, company_of, person_of
from cms.models import NoticePage
from members.access import client_address, company_person_required, member_required, waited
from members.clock import moment_of_intake
from members.enums import ConsentPurpose
from members.formatting import format_datetime
from members.record_step import RecordStep
from members.rules import Verdict
from members.services.throttle import ThrottledError

# Seconds after which a browser, or a person, may try again.
RETRY_AFTER = 600


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: HttpRequest, code: str) -> HttpResponse:
    """Show the record with one tick, and issue on «동의 후 확인증 발행»."""
    notice = get_object_or_404(NoticePage.objects.live(), code=code)
    company, at = company_of(request), moment_of_intake(waited=waited(request))
    last = selectors.last_certificate(notice=notice, company=company)
    if last is not None and last.is_valid:
        return redirect("certificates:detail", last.uuid)
    verdict = rules.issue_verdict(notice=notice, company=company, last=last, at=at)
    if not verdict.allowed:
        return refused(request, notice=notice, verdict=verdict)
    try:
        require_parts(at=at)
        step = record_step(request, notice=notice, at=at)
        if request.method == "POST" and step.is_valid():
            confirm(request, step=step, notice=notice, at=at)
            certificate = services.issue_certificate(
                notice=notice, company=company, by=person_of(request), at=at
            )
            return redirect("certificates:done", certificate.uuid)
    except PaperUnavailableError:
        return unavailable(request, notice=notice)
    except services.IssueRefusedError as error:
        return refused(request, notice=notice, verdict=error.verdict)
    except ThrottledError as error:
        return throttled(request, notice=notice, error=error)
    context = {"notice": notice, "step": step, "has_errors": step.errors, "warning": verdict.reason}
    return render(request, "certificates/issue.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def reissue(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Replace a certificate by a new number after the record has changed (재발급)."""
    certificate = certificate_or_404(request, uuid, "notice__agency")
    notice, at = certificate.notice, moment_of_intake(waited=waited(request))
    verdict = rules.reissue_verdict(certificate=certificate, company=company_of(request), at=at)
    if not verdict.allowed:
        return refused(request, notice=notice, verdict=verdict)
    step, form = record_step(request, notice=notice, at=at), ReasonForm(request.POST or None)
    try:
        require_parts(at=at)
        if request.method == "POST" and all([step.is_valid(), form.is_valid()]):
            confirm(request, step=step, notice=notice, at=at)
            new = services.reissue_certificate(
                certificate=certificate, by=person_of(request), at=at, **form.cleaned_data
            )
            return redirect("certificates:done", new.uuid)
    except services.NothingChangedError:
        messages.warning(request, "확인증에 적힌 내용과 달라진 것이 없어 재발급하지 않았습니다.")
        return redirect("certificates:detail", certificate.uuid)
    except PaperUnavailableError:
        return unavailable(request, notice=notice)
    except services.IssueRefusedError as error:
        return refused(request, notice=notice, verdict=error.verdict)
    except ThrottledError as error:
        return throttled(request, notice=notice, error=error)
    context = {"certificate": certificate, "notice": notice, "step": step, "form": form}
    return render(request, "certificates/reissue.html", {**context, "has_errors": step.errors})


@company_person_required
@require_safe
def done(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The end of the way (S59): the number, and the PDF that downloads by itself."""
    certificate = certificate_or_404(request, uuid)
    return render(request, "certificates/done.html", {"certificate": certificate})


def record_step(request: HttpRequest, *, notice: NoticePage, at: datetime) -> RecordStep:
    """Return the shared screen of S56 to S58 for the person behind this request."""
    is_post = request.method == "POST"
    return RecordStep(
        request.POST if is_post else None,
        request.FILES if is_post else None,
        company=company_of(request),
        person=person_of(request),
        recipient=notice.agency,
        at=at,
    )


def confirm(request: HttpRequest, *, step: RecordStep, notice: NoticePage, at: datetime) -> None:
    """Write the record and the renewed consents for this notice's agency."""
    step.confirm(
        by=person_of(request),
        at=at,
        address=client_address(request),
        purpose=ConsentPurpose.CERTIFICATE,
        recipient=notice.agency,
        notice_code=notice.code,
    )


def refused(request: HttpRequest, *, notice: NoticePage, verdict: Verdict) -> HttpResponse:
    """Say why there is no certificate: not offered, too early, too late, or not for this member."""
    context = {"notice": notice, "verdict": verdict}
    return render(request, "certificates/refused.html", context, status=403)


def throttled(request: HttpRequest, *, notice: NoticePage, error: ThrottledError) -> HttpResponse:
    """Say when the next certificate may be made."""
    until = format_datetime(error.retry_at)
    reason = f"짧은 시간에 너무 많이 발급했습니다. {until} 이후에 다시 시도해 주십시오."
    context = {"notice": notice, "verdict": Verdict(allowed=False, reason=reason)}
    return render(request, "certificates/refused.html", context, status=429)


def unavailable(request: HttpRequest, *, notice: NoticePage) -> HttpResponse:
    """Say that this machine cannot make a PDF now; no number was taken."""
    response = render(request, "certificates/unavailable.html", {"notice": notice}, status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    return response
