"""Agencies, by the operator: create and change through services."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from members.access import staff_only
from members.confirmation import confirm_first
from members.enums import StaffRole
from members.forms.staff import AgencyForm
from members.models import Agency
from members.services.agencies import create_agency, update_agency
from members.views.staff.joining import staff_of

LIST = "agencies_modeladmin_index"


@require_http_methods(["GET", "POST"])
@staff_only(StaffRole.OPERATOR)
@confirm_first
def create(request: HttpRequest) -> HttpResponse:
    """Create an agency with its groups; `cms` adds its page and folders."""
    form = AgencyForm(request.POST or None, instance=Agency())
    if request.method == "POST" and form.is_valid():
        agency = create_agency(**form.cleaned_data, by=staff_of(request), at=timezone.now())
        messages.success(request, f"{agency}: 등록하였습니다.")
        return redirect(LIST)
    return render(request, "members/admin/form_page.html", {"form": form, "title": "기관 등록"})


@require_http_methods(["GET", "POST"])
@staff_only(StaffRole.OPERATOR)
@confirm_first
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change an agency's facts; a changed name leaves the old one findable."""
    agency = get_object_or_404(Agency, uuid=uuid)
    form = AgencyForm(request.POST or None, instance=agency)
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "code"}
        update_agency(agency=agency, values=values, by=staff_of(request), at=timezone.now())
        messages.success(request, f"{values['name']}: 저장하였습니다.")
        return redirect(LIST)
    return render(request, "members/admin/form_page.html", {"form": form, "title": "기관 수정"})
