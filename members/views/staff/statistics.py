"""Export records by consent: the operator makes a request and takes its result in (S27, S66)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from members.access import note_access, reason_first, staff_only
from members.enums import AccessAction, StaffRole
from members.forms.statistics import ResultForm, StatisticsRequestForm
from members.models import Company, StatisticsRequest
from members.services import statistics as services
from members.views.downloads import attachment_response
from members.views.staff.joining import staff_of

DETAIL = "statistics_modeladmin_inspect"


@require_http_methods(["GET", "POST"])
@staff_only(StaffRole.OPERATOR)
@reason_first
def create(request: HttpRequest) -> HttpResponse:
    """Write down a request for the companies whose consent is alive."""
    form = StatisticsRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.make_request(
                **form.cleaned_data, by=staff_of(request), at=timezone.now()
            )
        except services.NobodyConsentedError:
            form.add_error(None, "기업정보 제공에 동의한 기업이 없어 요청할 수 없습니다.")
        except services.RequestedAlreadyError:
            messages.error(request, "같은 요청을 방금 만들었습니다. 목록에서 확인해 주십시오.")
            return redirect("statistics_modeladmin_index")
        else:
            messages.success(request, f"{made}: 요청을 만들었습니다. 요청 파일을 내려받으십시오.")
            return redirect(DETAIL, made.uuid)
    context = {"form": form, "title": "수출통계 요청"}
    return render(request, "members/admin/form_page.html", context)


@require_POST
@staff_only(StaffRole.OPERATOR)
@reason_first
def download(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Hand out the request file; every company in it is on record with the request's reason."""
    made = get_object_or_404(StatisticsRequest, uuid=uuid)
    companies = list(Company.objects.filter(hand_overs__request=made))
    note_access(request, AccessAction.EXPORT, companies, f"수출통계 요청 {made}", made.reason)
    return attachment_response(services.request_file(made), filename="request.csv", kind="csv")


@require_POST
@staff_only(StaffRole.OPERATOR)
@reason_first
def take_result(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take the result file in, all or nothing, and say what came of it."""
    made = get_object_or_404(StatisticsRequest, uuid=uuid)
    form = ResultForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, "결과 파일(CSV, XLSX, 20MB까지)을 골라 주십시오.")
        return redirect(DETAIL, uuid)
    try:
        report = services.take_result(
            made=made, **form.cleaned_data, by=staff_of(request), at=timezone.now()
        )
    except services.ResultTakenError:
        messages.error(request, "이 요청의 결과는 이미 등록되었습니다.")
    except services.ResultRefusedError as refusal:
        messages.error(request, f"등록하지 않았습니다. {refusal}")
    else:
        note_access(request, AccessAction.CHANGE, [], f"수출통계 결과 {made}", made.reason)
        messages.success(
            request,
            f"{report.rows}줄을 읽어 기업 {report.companies}곳의 수출액을 등록하였습니다. "
            f"동의가 없어 제외한 줄: {report.refused_rows}",
        )
    return redirect(DETAIL, uuid)
