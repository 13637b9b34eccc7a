"""회원 탈퇴 and 내 정보 내려받기 (S64)."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from members import sessions
from members.access import company_person_required
from members.confirmation import confirm_first
from members.forms.base import PortalForm
from members.own_data import rows_of
from members.selectors import running_work
from members.services import leaving as services
from members.services.consents import NotMasterError
from members.services.membership import MoveNotAllowedError
from members.spreadsheets import csv_bytes
from members.views.my_page import person_and_company


class LeaveForm(PortalForm):
    """A tick that what follows was read."""

    understood = forms.BooleanField(label="탈퇴한 뒤의 일을 읽었고 탈퇴합니다.")


@company_person_required
@require_http_methods(["GET", "POST"])
@confirm_first
def leave(request: HttpRequest) -> HttpResponse:
    """Say what follows, then close the membership."""
    person, company = person_and_company(request)
    form = LeaveForm(request.POST or None)
    if form.is_valid():
        try:
            services.leave(company=company, by=person, at=timezone.now())
        except NotMasterError:
            messages.error(request, "대표 담당자만 탈퇴할 수 있습니다.")
        except services.WorkRunningError:
            messages.error(request, "진행 중인 신청이 있어 지금은 탈퇴할 수 없습니다.")
        except MoveNotAllowedError:
            messages.error(request, "지금 상태에서는 탈퇴할 수 없습니다.")
        else:
            sessions.end(request)
            messages.success(request, "탈퇴했습니다. 그동안 이용해 주셔서 고맙습니다.")
            return redirect("/")
        return redirect("members:leave")
    context = {
        "person": person,
        "company": company,
        "form": form,
        "running": running_work(company),
        "years": services.KEPT_YEARS,
    }
    return render(request, "members/leave.html", context)


@company_person_required
@require_http_methods(["GET", "POST"])
def own_data(request: HttpRequest) -> HttpResponse:
    """Tell what the file holds; POST hands it out after asking who is there."""
    if request.method == "POST":
        return own_data_file(request)
    return render(request, "members/own_data.html")


@require_POST
@confirm_first
def own_data_file(request: HttpRequest) -> HttpResponse:
    """The company's own data as a spreadsheet of three columns."""
    _, company = person_and_company(request)
    content = csv_bytes(["구분", "항목", "내용"], rows_of(company))
    day = timezone.localdate().isoformat()
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="my-data-{day}.csv"',
            "Cache-Control": "no-store",
        },
    )
