"""Addresses of the staff's own screens; `certificates.wagtail_hooks` puts them under /admin/."""

from django.urls import path

from certificates.views import paper_versions, staff

app_name = "certificates_admin"
urlpatterns = [
    path("certificate/<uuid:uuid>/revoke/", staff.revoke, name="revoke"),
    path("certificate/<uuid:uuid>/pdf/", staff.download, name="download"),
    path("certificate/bulk-check/", staff.bulk_check, name="bulk_check"),
    path("paper-version/new/", paper_versions.create, name="paper_create"),
    path("paper-version/<int:version>/sample/", paper_versions.sample, name="paper_sample"),
    path("paper-version/<int:version>/start/", paper_versions.put_in_force, name="paper_start"),
]
