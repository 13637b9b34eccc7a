"""연중일정 as calendars: one entry, one agency, all."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from cms.calendar import calendar_of
from cms.selectors import calendar_entries, public_entries
from members.models import Agency


def calendar_answer(text: str, filename: str) -> HttpResponse:
    """Return a calendar as a file, for one hour."""
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, filename) or ""
    response["Cache-Control"] = "public, max-age=3600"
    return response


@login_not_required
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Every agency's entries of the last year and all that come."""
    at = timezone.now()
    return calendar_answer(
        calendar_of(calendar_entries(at), name="수출지원사업 연중일정", at=at), "schedule.ics"
    )


@login_not_required
@require_safe
def agency_calendar(request: HttpRequest, code: str) -> HttpResponse:
    """One agency's entries of the last year and all that come."""
    at = timezone.now()
    agency = get_object_or_404(Agency.objects.active(), code=code)
    entries = calendar_entries(at).filter(agency=agency)
    name = f"{agency.name} 연중일정"
    return calendar_answer(calendar_of(entries, name=name, at=at), f"schedule-{code}.ics")


@login_not_required
@require_safe
def entry_calendar(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One entry, whenever it is."""
    at = timezone.now()
    entry = get_object_or_404(public_entries(), translation_key=uuid)
    return calendar_answer(calendar_of([entry], name=entry.title, at=at), f"{entry.slug}.ics")
