"""The one public address of a notice (domain.md section 5.5)."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from cms.models import NoticePage


@login_not_required
@require_safe
def notice(request: HttpRequest, code: str) -> HttpResponse:
    """Show a published notice by its code; drafts are 404 to everybody here."""
    pages = NoticePage.objects.live().select_related("agency__page", "category", "programme")
    page = get_object_or_404(pages, code=code.upper())
    if code != page.code:
        return redirect(page.url, permanent=True)
    return TemplateResponse(request, page.get_template(request), page.get_context(request))
