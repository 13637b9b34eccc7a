"""Files of pages: what the public may take, and what only staff of the own agency may.

A document is 404 to the public unless a live page shows it; a picture is, when it lies in an
agency's internal collection.
"""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from wagtail.permissions import policy_registry

from cms.models import PortalDocument, PortalImage, PortalRendition
from cms.selectors import is_internal_file, is_public_document

# A rendition's name changes with its bytes.
PUBLIC_PICTURE = "public, max-age=86400"


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


@login_not_required
@require_safe
def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """Hand out a rendition: to everybody, or, from an internal collection, to its own staff."""
    rows = PortalRendition.objects.select_related("image")
    rendition = get_object_or_404(rows, file=path.replace("\0", ""))
    is_internal = is_internal_file(rendition.image)
    if is_internal and not is_shown_to_staff(request.user, rendition.image):
        raise Http404
    try:
        response = FileResponse(rendition.file.open("rb"))
    except FileNotFoundError as error:
        raise Http404 from error
    response["Cache-Control"] = "private, no-store" if is_internal else PUBLIC_PICTURE
    return response


def is_shown_to_staff(person: Any, file: PortalDocument | PortalImage) -> bool:
    """Tell whether a staff member may see a file in the admin, and so here too."""
    if not person.is_authenticated or not person.is_staff_account:
        return False
    policy = policy_registry.get_by_type(type(file))
    allowed = policy.instances_user_has_any_permission_for(person, ["add", "change", "choose"])
    return bool(allowed.filter(pk=file.pk).exists())
