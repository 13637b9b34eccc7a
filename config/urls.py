"""Every address of the site (domain.md section 4)."""

from django.urls import include, path, re_path
from django.views.i18n import JavaScriptCatalog
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from cms.views.files import picture
from config import health, views
from config.wagtail_api import router as wagtail_api_router

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler500 = "config.errors.server_error"

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    # Wagtail's own catalogue holds its own words only; this one holds ours before them.
    path("admin/jsi18n/", JavaScriptCatalog.as_view(), name="admin_words"),
    path("admin/", include(wagtailadmin_urls)),
    path("api/v1/docs", views.api_docs, name="api_docs"),
    path("api/v1/", include("config.api")),
    path("api/wagtail/v2/", wagtail_api_router.urls),
    path("", include("certificates.urls")),
    path("", include("applications.urls")),
    path("", include("members.urls")),
    path("", include("cms.urls")),
    # Renditions only; documents and private files have views of their own.
    re_path(r"^media/(?P<path>images/.*)$", picture, name="media"),
    path("", include(wagtail_urls)),
]
