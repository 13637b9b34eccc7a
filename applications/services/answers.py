"""추가 질문 of a draft: save answers as they are typed, move to a newer version."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from applications import selectors
from applications.models import Answer, Application
from applications.questions import tidy, token_of
from applications.services.drafts import locked_draft, note_change
from applications.services.freezing import freeze_questions
from cms.services.notices import lock_intake
from members.models import User


@dataclass(frozen=True)
class SavedAnswers:
    """What became of a page of answers.

    tokens: the mark of each answer as it is kept now; conflicts: what somebody else wrote into a
    question since the page was shown, where the page says something different.
    """

    application: Application
    tokens: dict[UUID, str] = field(default_factory=dict)
    conflicts: dict[UUID, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CarriedOver:
    """What moving a draft to the notice's present questions did, as labels of questions."""

    version: int
    added: list[str]
    dropped: list[str]


@transaction.atomic
def save_answers(
    *,
    application: Application,
    typed: Mapping[UUID, Any],
    seen: Mapping[UUID, str],
    by: User,
    at: datetime,
) -> SavedAnswers:
    """Keep what was typed, right or not; what another tab wrote meanwhile is never overwritten.

    `seen`: the token of each answer that the page showed. An answer that the page left alone
    keeps the other tab's words; one that both changed is a conflict and stays as it is kept.
    Unknown questions are passed over. Raises NotADraftError.
    """
    application = locked_draft(application)
    kept = {answer.key: answer for answer in application.answers.all()}
    tokens: dict[UUID, str] = {}
    conflicts: dict[UUID, Any] = {}
    changed = False
    for question in selectors.questions_of(application):
        if question.is_file or question.key not in typed:
            continue
        answer = kept.get(question.key)
        mine, now = tidy(question, typed[question.key]), answer.value if answer else None
        shown = seen.get(question.key, "")
        if token_of(mine) != token_of(now) and token_of(mine) != shown:
            if token_of(now) != shown:
                conflicts[question.key] = now
            else:
                write_answer(application, key=question.key, value=mine, by=by, at=at)
                changed, now = True, mine
        tokens[question.key] = token_of(now)
    if changed:
        note_change(application, at=at)
    return SavedAnswers(application, tokens, conflicts)


def write_answer(
    application: Application, *, key: UUID, value: Any, by: User, at: datetime
) -> Answer:
    """Write one answer of a locked draft."""
    answer, _ = Answer.objects.update_or_create(
        application=application,
        key=key,
        defaults={"value": value, "saved_at": at, "saved_by": by},
    )
    return answer


@transaction.atomic
def carry_over(*, application: Application, at: datetime) -> CarriedOver:
    """Move a draft to the questions that its notice asks now; answers stay with their questions.

    Answers to questions that are asked no more are kept with the draft and not handed in.
    Raises NotADraftError.
    """
    application = locked_draft(application)
    notice = lock_intake(application.notice)
    before = {question.key: question.label for question in selectors.questions_of(application)}
    newest = freeze_questions(notice=notice, at=at)
    application.question_set = newest
    application.save(update_fields=["question_set"])
    after = {question.key: question.label for question in selectors.questions_of(application)}
    note_change(application, at=at)
    return CarriedOver(
        version=newest.version if newest else 0,
        added=[label for key, label in after.items() if key not in before],
        dropped=[label for key, label in before.items() if key not in after],
    )
