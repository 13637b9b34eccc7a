"""The moment at which a notice's questions become a version (추가 질문)."""

from datetime import datetime

from django.db.models import Max

from applications.models import QuestionSet
from applications.selectors import definitions_of, hash_of
from cms.models import NoticePage


def freeze_questions(*, notice: NoticePage, at: datetime) -> QuestionSet | None:
    """Return the version of the questions that a locked notice asks now, made when it is new.

    None for a notice that never asked anything. Questions that were changed back are the version
    that they were before; the caller holds the notice's intake row.
    """
    definitions = definitions_of(notice)
    versions = QuestionSet.objects.filter(notice=notice)
    found = versions.filter(content_hash=hash_of(definitions)).first()
    if found is not None or (not definitions and not versions.exists()):
        return found
    last = versions.aggregate(last=Max("version"))["last"] or 0
    return QuestionSet.objects.create(
        notice=notice,
        version=last + 1,
        questions=definitions,
        content_hash=hash_of(definitions),
        created_at=at,
    )
