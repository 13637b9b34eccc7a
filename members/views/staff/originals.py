"""The originals desk: tick what arrived, find an envelope by its code, hand it over (A9)."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from members.access import note_access, reason_first, staff_only
from members.enums import AccessAction
from members.forms.staff import CoverCodeForm, HandOverForm, OriginalsForm
from members.models import OriginalsFile
from members.services import originals as services
from members.services.throttle import ThrottledError, hit
from members.views.staff.joining import AGENCY_STAFF, staff_of

LIST = "originals_modeladmin_index"
DETAIL = "originals_modeladmin_inspect"
UNKNOWN_CODE = "이 표지 번호의 원본서류를 찾을 수 없습니다. 번호 전체를 다시 확인해 주십시오."
TOO_MANY = "표지 번호를 너무 여러 번 입력했습니다. 한 시간 뒤에 다시 시도해 주십시오."


def own_desk(request: HttpRequest) -> QuerySet[OriginalsFile]:
    """Return the originals on this person's desk; the operator has all desks."""
    person = staff_of(request)
    files = OriginalsFile.objects.select_related("company", "agency")
    if person.is_operator or person.is_superuser:
        return files
    return files.filter(agency=person.agency)


def count_code(request: HttpRequest) -> None:
    """Count a code typed by this person. Raises ThrottledError."""
    hit(scope="cover_code_staff", key=str(staff_of(request).pk), at=timezone.now())


@require_POST
@staff_only(*AGENCY_STAFF)
@reason_first
def receive(request: HttpRequest, code: str) -> HttpResponse:
    """Keep the ticks; the last one makes a provisional member a full one (S32)."""
    found = get_object_or_404(own_desk(request), cover_code=code)
    form = OriginalsForm(request.POST, choices=services.slot_labels())
    if form.is_valid():
        try:
            found = services.receive_originals(
                originals=found,
                slots=form.cleaned_data["slots"],
                by=staff_of(request),
                at=timezone.now(),
            )
        except services.OriginalsNotExpectedError:
            messages.error(request, "원본서류를 받을 수 있는 상태의 기업이 아닙니다.")
        else:
            note_access(request, AccessAction.CHANGE, [found.company], "원본서류 접수")
            is_complete = found.completed_at is not None
            done = "원본서류를 모두 받았습니다." if is_complete else "받은 원본을 저장하였습니다."
            messages.success(request, f"{found.company}: {done}")
    return redirect(DETAIL, code)


@require_POST
@staff_only(*AGENCY_STAFF)
@reason_first
def find(request: HttpRequest) -> HttpResponse:
    """Find an envelope by its whole code; another agency's shows name, slots and hand-over only."""
    try:
        count_code(request)
    except ThrottledError:
        messages.error(request, TOO_MANY)
        return redirect(LIST)
    form = CoverCodeForm(request.POST)
    code = form.cleaned_data["code"] if form.is_valid() else ""
    if own_desk(request).filter(cover_code=code).exists():
        return redirect(DETAIL, code)
    found = OriginalsFile.objects.select_related("company").filter(cover_code=code).first()
    if found is None:
        messages.error(request, UNKNOWN_CODE)
        return redirect(LIST)
    note_access(request, AccessAction.VIEW, [found.company], "다른 기관의 원본서류 (표지 번호)")
    labels = dict(services.slot_labels())
    context = {
        "originals": found,
        "received": [labels[slot] for slot in found.received_slots if slot in labels],
        "form": HandOverForm(initial={"agency": staff_of(request).agency}),
    }
    return render(request, "members/admin/originals_elsewhere.html", context)


def found_by_code(request: HttpRequest, code: str) -> OriginalsFile:
    """Return originals of the own desk, or any by the whole code; such tries are counted."""
    found = own_desk(request).filter(cover_code=code).first()
    if found is None:
        count_code(request)
        found = get_object_or_404(OriginalsFile.objects.select_related("company"), cover_code=code)
    return found


@require_POST
@staff_only(*AGENCY_STAFF)
@reason_first
def hand_over(request: HttpRequest, code: str) -> HttpResponse:
    """Hand originals over to another agency: by who holds them, or knows the whole code."""
    try:
        found = found_by_code(request, code)
    except ThrottledError:
        messages.error(request, TOO_MANY)
        return redirect(LIST)
    form = HandOverForm(request.POST)
    if not form.is_valid():
        messages.error(request, "넘겨받을 기관을 골라 주십시오.")
        return redirect(LIST)
    agency = form.cleaned_data["agency"]
    try:
        services.hand_over_originals(
            originals=found, agency=agency, by=staff_of(request), at=timezone.now()
        )
    except services.SameAgencyError:
        messages.error(request, "이미 그 기관에 있는 원본서류입니다.")
    else:
        note_access(request, AccessAction.CHANGE, [found.company], f"원본서류 이관: {agency}")
        messages.success(request, f"{found.company}: 원본서류를 {agency}(으)로 넘겼습니다.")
    return redirect(LIST)
