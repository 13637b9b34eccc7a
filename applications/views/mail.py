"""One-click stop of mails, without a log-in (decision A18)."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from applications.services.reminders import (
    UnknownStopLinkError,
    person_of_stop_link,
    stop_mail,
)
from members.access import client_address


@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Show one button, and stop by it: a GET changes nothing, so that link readers do no harm.

    Mail programs post without cookie or form (RFC 8058); the signed token is the authority.
    """
    try:
        if request.method == "POST":
            stop_mail(token=token, at=timezone.now(), address=client_address(request))
            return render(request, "applications/mail_stopped.html")
        person_of_stop_link(token=token)
    except UnknownStopLinkError:
        return render(request, "applications/mail_stop_unknown.html", status=404)
    return render(request, "applications/mail_stop.html")
