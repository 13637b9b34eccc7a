"""Public files: 404 unless a live page shows them, or the viewer is staff who may see them."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from wagtail.documents import get_document_model
from wagtail.permissions import policy_registry

from cms.models import PortalDocument
from cms.selectors import is_public_document


@login_not_required
@require_safe
def document(request: HttpRequest, uuid: UUID, filename: str) -> HttpResponseBase:
    """Hand out a file as an attachment, never shown in the browser's own window."""
    file = get_object_or_404(PortalDocument, uuid=uuid)
    if file.filename != filename:
        raise Http404
    if not is_public_document(file) and not is_shown_to_staff(request.user, file):
        raise Http404
    try:
        opened = file.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(opened, as_attachment=True, filename=file.filename)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def is_shown_to_staff(person: Any, file: PortalDocument) -> bool:
    """Tell whether a staff member may see a file in the admin, and so here too."""
    if not person.is_authenticated or not person.is_staff_account:
        return False
    policy = policy_registry.get_by_type(get_document_model())
    allowed = policy.instances_user_has_any_permission_for(person, ["add", "change", "choose"])
    return bool(allowed.filter(pk=file.pk).exists())
