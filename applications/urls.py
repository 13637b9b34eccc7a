"""Addresses of this room (domain.md section 4)."""

from django.urls import URLPattern, path

from applications.views import (
    answers,
    bookmarks,
    calendar,
    corrections,
    drafts,
    mail,
    mine,
    receipts,
)
from applications.views.start import start

app_name = "applications"
urlpatterns: list[URLPattern] = [
    path("apply/<slug:code>/", start, name="start"),
    path("apply/<slug:code>/record/", drafts.record, name="record"),
    path("apply/<slug:code>/documents/", drafts.documents, name="documents"),
    path("apply/<slug:code>/answers/", answers.answers, name="answers"),
    path("apply/<slug:code>/answers/newest/", answers.carry_over, name="carry_over"),
    path("apply/<slug:code>/check/", drafts.check, name="check"),
    path("apply/<slug:code>/submit/", drafts.submit, name="submit"),
    path("my/applications/", mine.application_list, name="list"),
    path("my/applications/<uuid:uuid>/", mine.detail, name="detail"),
    path("my/applications/<uuid:uuid>/receipt/", mine.receipt, name="receipt"),
    path("my/applications/<uuid:uuid>/receipt/pdf/", mine.receipt_pdf, name="receipt_pdf"),
    path("my/applications/<uuid:uuid>/withdraw/", mine.withdraw, name="withdraw"),
    path("my/applications/<uuid:uuid>/give-up/", mine.give_up, name="give_up"),
    path("my/applications/<uuid:uuid>/replace/", corrections.replace, name="replace"),
    path("my/applications/<uuid:uuid>/answer/", corrections.answer, name="answer"),
    path("my/documents/<uuid:uuid>/", mine.document_download, name="document_download"),
    path("my/deadlines.ics", calendar.deadlines, name="deadlines"),
    path("mail/stop/<str:token>/", mail.stop, name="mail_stop"),
    path("receipts/check/", receipts.check, name="receipt_check"),
    path("my/bookmarks/", bookmarks.bookmark_list, name="bookmarks"),
    path("my/bookmarks/<slug:code>/", bookmarks.bookmark, name="bookmark"),
]
