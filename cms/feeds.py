"""사업공고 as a feed, for readers and for other sites."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from cms.models import NoticePage

FEED_LENGTH = 50


class NoticeFeed(Feed):  # type: ignore[type-arg]  # not subscriptable at run time
    """RSS of the newest notices of every agency."""

    title = "사업공고"
    description = "모든 기관의 수출지원사업 공고입니다."
    link = "/notices/"
    language = "ko"

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().__call__(request, *args, **kwargs)
        return response

    def items(self) -> QuerySet[NoticePage]:
        newest: QuerySet[NoticePage] = (
            NoticePage.objects.live().for_cards().newest_first()[:FEED_LENGTH]
        )
        return newest

    def item_title(self, item: NoticePage) -> str:
        return item.title

    def item_description(self, item: NoticePage) -> str:
        return item.summary

    def item_link(self, item: NoticePage) -> str:
        return f"{settings.SITE_URL}{item.url}"

    def item_guid(self, item: NoticePage) -> str:
        return item.code

    item_guid_is_permalink = False

    def item_author_name(self, item: NoticePage) -> str:
        return item.agency.name

    def item_pubdate(self, item: NoticePage) -> datetime:
        return item.posted_at

    def item_categories(self, item: NoticePage) -> list[str]:
        return [item.category.name]
