"""Texts in force for everybody (S22 to S25), and the versions before them."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from members.enums import LegalKind
from members.models import LegalText


@login_not_required
@require_safe
def legal(request: HttpRequest, kind: str, version: str = "") -> HttpResponse:
    """Show the text of a kind in force now, or a published earlier version of it."""
    kind = kind.replace("-", "_")
    if kind not in LegalKind.values:
        raise Http404
    now = timezone.now()
    published = LegalText.objects.filter(kind=kind, is_published=True, effective_at__lte=now)
    in_force = LegalText.objects.in_force_at(now).filter(kind=kind).first()
    text = get_object_or_404(published, version=version) if version else in_force
    context = {
        "text": text,
        "kind": LegalKind(kind),
        "is_in_force": text == in_force,
        "versions": published.order_by("-effective_at", "-pk"),
        "trail": [(LegalKind(kind).label, "")],
    }
    return render(request, "members/legal.html", context)
