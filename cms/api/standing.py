"""Where a page stands between draft and public, for its own agency."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from wagtail.models import Page, WorkflowState


def with_standing(pages: Any) -> Any:
    """Annotate `is_waiting`: whether somebody has to approve the page."""
    waiting = WorkflowState.objects.active().filter(
        base_content_type=ContentType.objects.get_for_model(Page),
        object_id=Cast(OuterRef("pk"), CharField()),
    )
    return pages.annotate(is_waiting=Exists(waiting))


def standing_of(page: Any) -> dict[str, bool]:
    """Return the standing of an annotated page."""
    return {
        "is_live": page.live,
        "has_unpublished_changes": page.has_unpublished_changes,
        "is_waiting_for_approval": page.is_waiting,
    }
