"""Applications and what belongs to them; all names importable from here."""

from applications.models.applications import (
    Application,
    ApplicationEvent,
    ReceiptCounter,
    SubmittedDocument,
)
from applications.models.bookmarks import Bookmark, Reminder
from applications.models.corrections import CorrectionRequest, EarlierSubmission, LatePermit

__all__ = [
    "Application",
    "ApplicationEvent",
    "Bookmark",
    "CorrectionRequest",
    "EarlierSubmission",
    "LatePermit",
    "ReceiptCounter",
    "Reminder",
    "SubmittedDocument",
]
