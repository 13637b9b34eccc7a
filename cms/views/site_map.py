"""For people and for machines: what there is on this site."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cms.models import StandardPage
from members.menu import MAIN_MENU


@login_not_required
@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """사이트맵: the menu and every standard page."""
    pages = StandardPage.objects.live().order_by("path").only("title", "url_path", "depth")
    return render(request, "cms/site_map.html", {"menu": MAIN_MENU, "pages": pages})


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """robots.txt: everything public is open to search engines (품질관리 지침)."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /my/",
        "Disallow: /apply/",
        "Allow: /",
        f"Sitemap: {settings.SITE_URL}{reverse('cms:sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
