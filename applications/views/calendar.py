"""The person's calendar of deadlines as a file that calendar programs read (ICS)."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from applications.selectors import deadlines_of
from applications.views.scoping import person_of
from members.access import member_required


@require_safe
@member_required
def deadlines(request: HttpRequest) -> HttpResponse:
    """Return the closings of drafts and scraps and the corrections due, those still to come."""
    calendar = Calendar()
    calendar.add("prodid", "-//export-support-portal//deadlines//KO")
    calendar.add("version", "2.0")
    now = timezone.now()
    for deadline in deadlines_of(person_of(request), at=now):
        event = Event()
        event.add("uid", f"{deadline.key}@{request.get_host()}")
        event.add("dtstamp", now)
        event.add("dtstart", deadline.moment)
        event.add("summary", deadline.summary)
        calendar.add_component(event)
    response = HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="deadlines.ics"'
    return response
