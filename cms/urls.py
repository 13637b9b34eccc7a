"""Addresses of this room that are not pages of the tree (domain.md section 4)."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from wagtail.contrib.sitemaps.views import sitemap

from cms.feeds import NoticeAtomFeed, NoticeFeed, json_feed
from cms.views.files import document
from cms.views.notices import notice, notice_view
from cms.views.schedule import agency_calendar, calendar, entry_calendar
from cms.views.search import search
from cms.views.site_map import robots, site_map

app_name = "cms"
FEEDS = (
    ("", NoticeFeed(), "feed"),
    ("atom/", NoticeAtomFeed(), "feed_atom"),
    ("json/", json_feed, "feed_json"),
)
WHOSE = (
    ("", ""),
    ("agencies/<slug:agency>/", "_of_agency"),
    ("categories/<slug:category>/", "_of_category"),
)
urlpatterns = [
    path("notices/<slug:code>/", notice, name="notice"),
    path("notices/<slug:code>/view/", notice_view, name="notice_view"),
    path("schedule/calendar.ics", calendar, name="calendar"),
    path("schedule/agencies/<slug:code>.ics", agency_calendar, name="agency_calendar"),
    path("schedule/entries/<uuid:uuid>.ics", entry_calendar, name="entry_calendar"),
    path("files/<uuid:uuid>/<str:filename>", document, name="document"),
    path("search/", search, name="search"),
    path("sitemap/", site_map, name="site_map"),
    path("sitemap.xml", login_not_required(sitemap), name="sitemap"),
    path("robots.txt", robots, name="robots"),
    *(
        path(f"feeds/notices/{whose}{ending}", login_not_required(view), name=f"{name}{of}")
        for ending, view, name in FEEDS
        for whose, of in WHOSE
    ),
]
