"""The one place where signals are received: Wagtail's own (domain.md section 5.4).

Every receiver calls one service, in the transaction of the change.
"""

from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished, post_page_move

from cms.services.notices import settle_moved_page
from cms.services.search import forget_page, hide_page, index_page


@receiver(post_page_move, dispatch_uid="cms.settle_moved_page")
def follow_the_move(instance: Page, parent_page_after: Page, **_: Any) -> None:
    """Set the agency of a moved page; a page that must stay makes the whole move fail."""
    settle_moved_page(page=instance, after=parent_page_after)


@receiver(page_published, dispatch_uid="cms.index_page")
def index_what_is_published(instance: Page, **_: Any) -> None:
    """Make a published page findable; scheduling sends this signal too, with nothing live yet."""
    if instance.live:
        index_page(page=instance)
    else:
        hide_page(page=instance)


@receiver(page_unpublished, dispatch_uid="cms.hide_page")
def hide_what_is_unpublished(instance: Page, **_: Any) -> None:
    hide_page(page=instance)


@receiver(post_delete, sender=Page, dispatch_uid="cms.forget_page")
def forget_what_is_deleted(instance: Page, **_: Any) -> None:
    """Runs for each page of a deleted branch, whatever its kind: all of them are rows of Page."""
    forget_page(key=instance.pk)
