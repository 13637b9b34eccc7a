"""사업공고 as feeds: RSS, Atom and JSON Feed, of all notices, an agency's or a category's."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from cms.models import Category, NoticePage
from cms.models.notices import NoticeQuerySet
from members.api.answers import moment, public_answer
from members.models import Agency

FEED_LENGTH = 50
JSON_FEED = "application/feed+json; charset=utf-8"


class NoticesOf:
    """Whose notices a feed holds: everybody's, one agency's or one category's."""

    def __init__(self, *, agency: str = "", category: str = "") -> None:
        self.agency = Agency.objects.active().filter(code=agency).first() if agency else None
        self.category = Category.objects.filter(slug=category).first() if category else None
        if (agency and self.agency is None) or (category and self.category is None):
            raise Http404

    @property
    def title(self) -> str:
        whose = self.agency or self.category
        return f"사업공고: {whose.name}" if whose else "사업공고"

    @property
    def description(self) -> str:
        whose = self.agency or self.category
        return f"{whose.name} 수출지원사업 공고" if whose else "모든 기관의 수출지원사업 공고"

    @property
    def link(self) -> str:
        if self.agency:
            return f"/notices/?agency={self.agency.code}"
        return f"/notices/?category={self.category.slug}" if self.category else "/notices/"

    def newest(self) -> NoticeQuerySet:
        """Return the newest published notices, in one query."""
        notices: NoticeQuerySet = NoticePage.objects.live().for_cards()
        if self.agency:
            notices = notices.filter(agency=self.agency)
        if self.category:
            notices = notices.filter(category=self.category)
        return notices.newest_first()[:FEED_LENGTH]


class NoticeFeed(Feed):  # type: ignore[type-arg]  # not subscriptable at run time
    """RSS of the newest notices."""

    language = "ko"
    item_guid_is_permalink = False

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().__call__(request, *args, **kwargs)
        response["Cache-Control"] = "public, max-age=300"
        return response

    def get_object(self, request: HttpRequest, **whose: str) -> NoticesOf:
        return NoticesOf(**whose)

    def title(self, whose: NoticesOf) -> str:
        return whose.title

    def description(self, whose: NoticesOf) -> str:
        return whose.description

    def link(self, whose: NoticesOf) -> str:
        return f"{settings.SITE_URL}{whose.link}"

    def items(self, whose: NoticesOf) -> NoticeQuerySet:
        return whose.newest()

    def item_title(self, item: NoticePage) -> str:
        return item.title

    def item_description(self, item: NoticePage) -> str:
        return item.summary

    def item_link(self, item: NoticePage) -> str:
        return f"{settings.SITE_URL}{item.url}"

    def item_guid(self, item: NoticePage) -> str:
        return item.code

    def item_author_name(self, item: NoticePage) -> str:
        return item.agency.name

    def item_pubdate(self, item: NoticePage) -> datetime:
        return item.posted_at

    def item_categories(self, item: NoticePage) -> list[str]:
        return [item.category.name]


class NoticeAtomFeed(NoticeFeed):
    """The same as Atom."""

    feed_type = Atom1Feed

    def subtitle(self, whose: NoticesOf) -> str:
        return whose.description


@login_not_required
@require_safe
def json_feed(request: HttpRequest, **whose: str) -> HttpResponse:
    """The same as JSON Feed 1.1, which other sites read most easily."""
    notices = NoticesOf(**whose)
    data = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": notices.title,
        "description": notices.description,
        "home_page_url": f"{settings.SITE_URL}{notices.link}",
        "feed_url": f"{settings.SITE_URL}{request.path}",
        "language": "ko",
        "items": [
            {
                "id": notice.code,
                "url": f"{settings.SITE_URL}{notice.url}",
                "title": notice.title,
                "content_text": notice.summary,
                "date_published": moment(notice.posted_at),
                "authors": [{"name": notice.agency.name}],
                "tags": [notice.category.name],
            }
            for notice in notices.newest()
        ],
    }
    response = public_answer(request, data)
    if response.status_code == 200:
        response["Content-Type"] = JSON_FEED
    return response
