"""The one view of the display preferences."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from members.display import COOKIE_MAX_AGE_SECONDS, Contrast, TextSize, cookie_name


# Without a CSRF token on purpose: the form stands on anonymous pages, which are cached whole and
# must set neither a session nor a CSRF cookie. The view reads and writes nothing but two cosmetic
# cookies, and a request from another origin is refused by its Fetch Metadata and Origin headers.
@csrf_exempt
@login_not_required
@require_POST
def display(request: HttpRequest) -> HttpResponse:
    """Keep contrast and text size in cookies and go back to the page that asked."""
    if not is_same_origin(request):
        return HttpResponseForbidden("다른 사이트에서 보낸 요청은 받지 않습니다.")
    response = HttpResponseRedirect(safe_next(request))
    chosen = {
        "contrast": (request.POST.get("contrast"), Contrast.values),
        "size": (request.POST.get("size"), TextSize.values),
    }
    for part, (value, allowed) in chosen.items():
        if value in allowed:
            response.set_cookie(
                cookie_name(part),
                value,
                max_age=COOKIE_MAX_AGE_SECONDS,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
    return response


def is_same_origin(request: HttpRequest) -> bool:
    """Whether the browser's headers name our own site as the sender, or nothing at all."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.get_host()


def safe_next(request: HttpRequest) -> str:
    """The local page to go back to; the front page where `next` points elsewhere."""
    target = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(
        target, allowed_hosts=None, require_https=request.is_secure()
    )
    return target if allowed and target.startswith("/") else "/"
