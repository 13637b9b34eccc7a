"""Applications and what belongs to them; all names importable from here."""

from applications.models.applications import (
    Application,
    ApplicationEvent,
    ReceiptCounter,
    SubmittedDocument,
)
from applications.models.bookmarks import Bookmark, Reminder
from applications.models.corrections import CorrectionRequest, EarlierSubmission, LatePermit
from applications.models.desk import ApplicantMessage, InternalNote, ReadMark, SavedFilter

__all__ = [
    "ApplicantMessage",
    "Application",
    "ApplicationEvent",
    "Bookmark",
    "CorrectionRequest",
    "EarlierSubmission",
    "InternalNote",
    "LatePermit",
    "ReadMark",
    "ReceiptCounter",
    "Reminder",
    "SavedFilter",
    "SubmittedDocument",
]
