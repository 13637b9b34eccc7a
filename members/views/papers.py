"""A company's own papers: see, send again, take away (S31, S64)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from members.access import company_person_required
from members.enums import JOINING_SLOTS, MembershipState, PaperState
from members.forms.papers import PaperForm
from members.models import Paper
from members.services.papers import PapersClosedError, send_joining_papers
from members.services.throttle import ThrottledError, hit
from members.views.downloads import private_file_response
from members.views.my_page import person_and_company
from members.wording import too_many_tries

NOT_ASKED = "이 서류는 지금 다시 낼 수 없습니다. 다시 제출을 요청받은 서류인지 확인해 주십시오."
OPEN_STATES = frozenset({MembershipState.WAITING, MembershipState.REFUSED})


@company_person_required
@require_http_methods(["GET", "POST"])
def papers(request: HttpRequest) -> HttpResponse:
    """The papers with their states; joining papers are sent again while the membership waits."""
    _, company = person_and_company(request)
    listed = Paper.objects.current().filter(company=company).select_related("file", "product")
    is_asked = listed.filter(slot__in=JOINING_SLOTS, state=PaperState.REDO).exists()
    is_open = is_asked or company.membership_state in OPEN_STATES
    form = PaperForm(request.POST or None, request.FILES or None) if is_open else None
    status = 200
    if form is not None and form.is_valid():
        try:
            return send_papers(request, form)
        except ThrottledError as refusal:
            form.add_error(None, too_many_tries(refusal.retry_at))
            status = 429
    context = {"papers": listed, "form": form, "is_open": is_open, "company": company}
    return render(request, "members/papers.html", context, status=status)


def send_papers(request: HttpRequest, form: PaperForm) -> HttpResponse:
    """Take the files in and say what comes next. Raises ThrottledError."""
    person, company = person_and_company(request)
    now = timezone.now()
    hit(scope="upload_person", key=str(person.pk), at=now)
    try:
        send_joining_papers(
            company=company,
            slot=form.cleaned_data["slot"],
            uploads=form.cleaned_data["uploads"],
            by=person,
            at=now,
        )
        messages.success(request, "서류를 받았습니다. 접수 기관이 확인하면 메일로 알려 드립니다.")
    except PapersClosedError:
        messages.error(
            request,
            NOT_ASKED,
        )
    return redirect("members:papers")


@company_person_required
@require_safe
def paper_download(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give the company its own paper back."""
    _, company = person_and_company(request)
    paper = get_object_or_404(
        Paper.objects.select_related("file").filter(file__destroyed_at__isnull=True),
        company=company,
        uuid=uuid,
    )
    return private_file_response(paper.file)
