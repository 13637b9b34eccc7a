"""Addresses of the staff's own screens; `applications.wagtail_hooks` puts them under /admin/."""

from django.urls import path

from applications.views import staff

app_name = "applications_admin"
urlpatterns = [
    path("applications/<uuid:uuid>/move/<slug:to>/", staff.move, name="move"),
    path("applications/papers/<uuid:uuid>/", staff.paper_download, name="paper"),
    path("applications/papers/<uuid:uuid>/check/", staff.check_paper, name="check_paper"),
    path("late-permits/new/", staff.permit_create, name="permit_create"),
    path("late-permits/<uuid:uuid>/revoke/", staff.permit_revoke, name="permit_revoke"),
]
