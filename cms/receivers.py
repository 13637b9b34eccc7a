"""The one place where signals are received: Wagtail's own (domain.md section 5.4).

Page deletion, publishing and unpublishing are received here too once something follows from
them; every receiver calls one service.
"""

from typing import Any

from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import post_page_move

from cms.services.notices import settle_moved_page


@receiver(post_page_move, dispatch_uid="cms.settle_moved_page")
def follow_the_move(instance: Page, parent_page_after: Page, **_: Any) -> None:
    """Set the agency of a moved page; a page that must stay makes the whole move fail."""
    settle_moved_page(page=instance, after=parent_page_after)
