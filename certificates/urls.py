"""Addresses of this room (domain.md section 4)."""

from django.urls import path

from certificates.views import check, issue, joining_papers, mine

app_name = "certificates"
urlpatterns = [
    path("apply/<str:code>/certificate/", issue.issue, name="issue"),
    path("my/certificates/", mine.list_, name="list"),
    path("certificates/<uuid:uuid>/", mine.detail, name="detail"),
    path("certificates/<uuid:uuid>/done/", issue.done, name="done"),
    path("certificates/<uuid:uuid>/reissue/", issue.reissue, name="reissue"),
    path("certificates/<uuid:uuid>/pdf/", mine.download, name="download"),
    path("certificates/<uuid:uuid>/print/", mine.print_page, name="print"),
    path("my/consent-form/", joining_papers.own_consent_form, name="consent_form"),
    path("my/cover-sheet/", joining_papers.own_cover_sheet, name="cover_sheet"),
    path("check/", check.check, name="check"),
    path("check/<str:token>/", check.check_token, name="check_token"),
]
