"""Keeping the search in step with what is published, in the same transaction."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.db import transaction
from wagtail.models import Page

from cms.models import SearchEntry
from cms.models.base import AgencyOwnedPage
from cms.search import index
from cms.search.grams import grams
from cms.search.texts import READERS, SearchText, text_of_page
from members.models import Agency

REBUILD_CHUNK = 500
# A page that was published before dates were kept comes last.
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


@transaction.atomic
def index_page(*, page: Page) -> None:
    """Make a page findable as it stands now, or bring what is found of it up to date."""
    specific = page.specific
    text = text_of_page(specific)
    if text is not None:
        write_entry(page=specific, text=text)


def write_entry(*, page: Page, text: SearchText) -> None:
    """Write one page's entry and tokens."""
    SearchEntry.objects.update_or_create(
        page_id=page.pk,
        defaults={
            "kind": text.kind,
            "agency": text.agency,
            "title": text.title,
            "text": text.text,
            "dated_at": text.dated_at or UNDATED,
            "is_live": page.live,
        },
    )
    names = "\n".join([text.title, *text.names])
    index.put(key=page.pk, title=grams(names), body=grams(text.text))


def hide_page(*, page: Page) -> None:
    """Take an unpublished page out of the public search; staff still find it."""
    SearchEntry.objects.filter(page_id=page.pk).update(is_live=False)


def forget_page(*, key: int) -> None:
    """Drop what is known of a deleted page."""
    SearchEntry.objects.filter(page_id=key).delete()
    index.drop(keys=[key])


@transaction.atomic
def index_agency(*, agency: Agency) -> None:
    """Bring an agency's pages up to date after its name changed: they are found by it."""
    entries = SearchEntry.objects.filter(agency=agency).values_list("page_id", flat=True)
    index_pages(pages=Page.objects.filter(pk__in=list(entries)).specific())


def index_pages(*, pages: Iterable[Page]) -> int:
    """Index pages of any kind and return how many of them can be found."""
    found = 0
    for page in pages:
        text = text_of_page(page)
        if text is not None:
            write_entry(page=page, text=text)
            found += 1
    return found


@transaction.atomic
def rebuild_search() -> int:
    """Read every page that was ever published anew, and return how many can be found."""
    SearchEntry.objects.all().delete()
    index.clear()
    count = 0
    for model in READERS:
        pages = model.objects.exclude(first_published_at=None, live=False)
        if issubclass(model, AgencyOwnedPage):
            pages = pages.select_related("agency")
        count += index_pages(pages=pages.iterator(chunk_size=REBUILD_CHUNK))
    return count
