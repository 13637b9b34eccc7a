"""Addresses of the staff's own screens; `applications.wagtail_hooks` puts them under /admin/."""

from django.urls import path

from applications.views import bundles, desk, selection, staff

app_name = "applications_admin"
urlpatterns = [
    path("worklist/", desk.worklist, name="worklist"),
    path("worklist/filters/<uuid:uuid>/delete/", desk.filter_delete, name="filter_delete"),
    path("applications/<uuid:uuid>/note/", desk.note, name="application_note"),
    path("applications/<uuid:uuid>/assign/", desk.assign, name="application_assign"),
    path("applications/<uuid:uuid>/message/", desk.message, name="application_message"),
    path("applications/<uuid:uuid>/papers/", desk.papers, name="application_viewer"),
    path("applications/papers/<uuid:uuid>/inline/", desk.paper_inline, name="paper_inline"),
    path("applications/<uuid:uuid>/move/<slug:to>/", staff.move, name="move"),
    path("applications/papers/<uuid:uuid>/", staff.paper_download, name="paper"),
    path("applications/papers/<uuid:uuid>/check/", staff.check_paper, name="check_paper"),
    path("bundles/<slug:code>/", bundles.bundle_list, name="bundles"),
    path("bundles/parts/<uuid:uuid>/<int:number>/", bundles.bundle_part, name="bundle_part"),
    path("selections/", selection.selection_list, name="selections"),
    path("selections/<slug:code>/", selection.selection, name="selection"),
    path("selections/<slug:code>/setup/", selection.selection_setup, name="selection_setup"),
    path("selections/<slug:code>/propose/", selection.selection_propose, name="selection_propose"),
    path("selections/<slug:code>/decide/", selection.selection_decide, name="selection_decide"),
    path(
        "selections/<slug:code>/scores/<str:number>/",
        selection.selection_score,
        name="selection_score",
    ),
    path("late-permits/new/", staff.permit_create, name="permit_create"),
    path("late-permits/<uuid:uuid>/revoke/", staff.permit_revoke, name="permit_revoke"),
]
