"""The one public address of a notice (domain.md section 5.5), and the count of its readers."""

from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from cms.models import NoticePage
from cms.services.views import count_view
from members.access import client_address
from members.services import throttle


@login_not_required
@require_safe
def notice(request: HttpRequest, code: str) -> HttpResponse:
    """Show a published notice by its code; drafts are 404 to everybody here."""
    pages = NoticePage.objects.live().select_related("agency__page", "category", "programme")
    page = get_object_or_404(pages, code=code.upper())
    if code != page.code:
        return redirect(page.url, permanent=True)
    return TemplateResponse(request, page.get_template(request), page.get_context(request))


# Without a CSRF token on purpose: the page is cached whole and sets no cookie. Only a script of
# our own pages is heard, and all it can do is add one reader a day.
@csrf_exempt
@login_not_required
@require_POST
def notice_view(request: HttpRequest, code: str) -> HttpResponse:
    """Count a reader (decision A19); the answer is empty whether it counted or not."""
    page = get_object_or_404(NoticePage.objects.live(), code=code)
    address = client_address(request) or ""
    if not is_our_script(request):
        return HttpResponse(status=403)
    try:
        throttle.hit(scope="notice_view_address", key=address, at=timezone.now())
    except throttle.ThrottledError:
        return HttpResponse(status=429)
    browser = request.headers.get("User-Agent", "")
    count_view(notice=page, address=address, browser=browser, at=timezone.now())
    return HttpResponse(status=204)


def is_our_script(request: HttpRequest) -> bool:
    """Tell whether the browser says that a page of ours is asking."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    origin = request.headers.get("Origin", "")
    return bool(origin) and urlsplit(origin).netloc == request.get_host()
