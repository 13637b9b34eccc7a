"""Applications and what belongs to them; all names importable from here."""

from applications.models.answers import Answer, QuestionSet
from applications.models.applications import (
    Application,
    ApplicationEvent,
    ReceiptCounter,
    SubmittedDocument,
)
from applications.models.bookmarks import Bookmark, Reminder
from applications.models.bundles import BundlePart, PaperBundle
from applications.models.corrections import CorrectionRequest, EarlierSubmission, LatePermit
from applications.models.desk import ApplicantMessage, InternalNote, ReadMark, SavedFilter
from applications.models.digests import NoticeDigest
from applications.models.selection import (
    Conflict,
    Criterion,
    Proposal,
    Reviewer,
    Score,
    Selection,
)

__all__ = [
    "Answer",
    "ApplicantMessage",
    "Application",
    "ApplicationEvent",
    "Bookmark",
    "BundlePart",
    "Conflict",
    "CorrectionRequest",
    "Criterion",
    "EarlierSubmission",
    "InternalNote",
    "LatePermit",
    "NoticeDigest",
    "PaperBundle",
    "Proposal",
    "QuestionSet",
    "ReadMark",
    "ReceiptCounter",
    "Reminder",
    "Reviewer",
    "SavedFilter",
    "Score",
    "Selection",
    "SubmittedDocument",
]
