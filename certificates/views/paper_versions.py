"""The operator's screens of the paper's texts: new version, test PDF, put in force."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from certificates import selectors
from certificates.forms import PaperVersionForm
from certificates.models import PaperVersion
from certificates.pdf import PaperOverflowError, PaperUnavailableError, render_sample
from certificates.services import paper_versions as services
from certificates.views.scoping import person_of
from members.access import note_access, staff_only
from members.enums import AccessAction, StaffRole
from members.uploads import UploadRefusedError
from members.views.downloads import attachment_response

DETAIL = "paper-versions_modeladmin_inspect"


@require_http_methods(["GET", "POST"])
@staff_only(StaffRole.OPERATOR)
def create(request: HttpRequest) -> HttpResponse:
    """Write the next version, beginning with the texts in force."""
    at = timezone.now()
    texts = selectors.paper_texts(at=at)
    initial = {name: getattr(texts, name) for name in ("heading", "sentence", "issuer_name")}
    form = PaperVersionForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            version = services.draft_paper_version(
                texts=form.cleaned_data,
                seal=form.cleaned_data["seal"],
                keeps_seal=form.cleaned_data["keeps_seal"],
                by=person_of(request),
                at=at,
            )
        except UploadRefusedError as error:
            form.add_error("seal", str(error))
        else:
            messages.success(request, f"{version}: 저장하였습니다. 시험 PDF를 확인해 주십시오.")
            return redirect(DETAIL, version.version)
    context = {"form": form, "title": "확인증 양식 새 판", "icon": "form"}
    return render(request, "certificates/admin/paper_form.html", context)


@require_safe
@staff_only(StaffRole.OPERATOR)
def sample(request: HttpRequest, version: int) -> HttpResponse:
    """Hand out a test PDF of invented data, marked 견본."""
    row = get_object_or_404(PaperVersion, version=version)
    try:
        data = render_sample(row, at=timezone.now())
    except (PaperUnavailableError, PaperOverflowError):
        messages.error(
            request, "시험 PDF를 만들지 못했습니다. 글꼴과 문구의 길이를 확인해 주십시오."
        )
        return redirect(DETAIL, row.version)
    return attachment_response(data, filename=f"확인증_견본_{row.version}판.pdf", kind="pdf")


@require_POST
@staff_only(StaffRole.OPERATOR)
def put_in_force(request: HttpRequest, version: int) -> HttpResponse:
    """Have papers issued from now on carry this version."""
    row = get_object_or_404(PaperVersion, version=version)
    try:
        services.put_in_force(version=row, by=person_of(request), at=timezone.now())
    except services.AlreadyInForceError:
        messages.error(request, "이미 적용된 판입니다.")
    else:
        note_access(request, AccessAction.CHANGE, [], f"확인증 양식 {row} 적용")
        messages.success(request, f"{row}: 지금부터 발급하는 확인증에 적용됩니다.")
    return redirect(DETAIL, row.version)
