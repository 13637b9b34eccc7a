"""The tasks of a draft, each with its state (S56; ui.md section 7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from applications import rules, selectors
from applications.models import Application, LatePermit, SubmittedDocument
from applications.questions import Question, checked, faults, shown
from applications.selectors import PaperRow
from members.models import LegalText
from members.rules import Verdict
from members.services.consents import texts_in_force

TASK_DONE = {"label": "완료", "tone": "success"}
TASK_OPEN = {"label": "작성 필요", "tone": "warning"}
TASK_STOPPED = {"label": "확인 필요", "tone": "danger"}
TASK_READY = {"label": "제출 전", "tone": "primary"}
RECORD_HINT = "회원정보를 이번 신청에 맞게 확인하고 고칩니다."


@dataclass(frozen=True)
class DraftState:
    """Everything that is known of a draft at one moment, read once for a page."""

    draft: Application
    at: datetime
    rows: list[PaperRow]
    questions: list[Question]
    answers: dict[UUID, Any]
    texts: list[LegalText]
    permit: LatePermit | None
    intake: Verdict

    @property
    def documents(self) -> list[SubmittedDocument]:
        return [row.document for row in self.rows if row.document is not None]

    @property
    def wrong(self) -> dict[UUID, str]:
        """What is missing or wrong in the answers, by question."""
        return faults(self.questions, self.answers)

    @property
    def may_submit(self) -> Verdict:
        return rules.may_submit(
            self.draft,
            notice=self.draft.notice,
            at=self.at,
            required=[row.required for row in self.rows],
            documents=self.documents,
            texts=self.texts,
            questions=self.questions,
            answers=self.answers,
            permit=self.permit,
        )


def state_of(draft: Application, *, at: datetime) -> DraftState:
    """Read what a draft holds; constant queries."""
    permit = selectors.late_permit_for(draft.notice, company=draft.company, at=at)
    return DraftState(
        draft=draft,
        at=at,
        rows=selectors.paper_rows(draft),
        questions=selectors.questions_of(draft),
        answers=selectors.answers_of(draft),
        texts=texts_in_force(at=at),
        permit=permit,
        intake=rules.check_intake(draft.notice, at=at, permit=permit),
    )


def task_list(state: DraftState) -> list[dict[str, Any]]:
    """Return the tasks of a draft for components/task_list.html, each with its state."""
    draft, code = state.draft, state.draft.notice.code
    is_open, ready = state.intake.allowed, state.may_submit.allowed
    record = rules.check_record(draft)
    consents = rules.check_consents(draft, texts=state.texts)
    papers = rules.check_documents(
        draft, required=[row.required for row in state.rows], documents=state.documents
    )
    record_url = reverse("applications:record", args=[code]) if is_open else ""
    papers_url = reverse("applications:documents", args=[code]) if is_open else ""
    consent_url = f"{record_url}#reconsent-title" if record_url else ""
    answering = [answers_task(state)] if state.questions else []
    return [
        eligibility_task(draft, at=state.at),
        task("기업정보 갱신", record, url=record_url, hint=RECORD_HINT),
        task("제출서류", papers, url=papers_url, hint=papers_hint(state.rows)),
        *answering,
        task("동의", consents, url=consent_url, hint=consents.reason),
        submission_task(code, can_submit=is_open and ready, ready=ready),
    ]


def answers_task(state: DraftState) -> dict[str, Any]:
    """Return 추가 질문: how many questions still need an answer."""
    asked, wrong = len(state.questions), len(state.wrong)
    address = reverse("applications:answers", args=[state.draft.notice.code])
    return {
        "title": "추가 질문",
        "url": address if state.intake.allowed else "",
        "hint": f"질문 {asked}개 가운데 {wrong}개를 확인해 주십시오." if wrong else "",
        **(TASK_OPEN if wrong else TASK_DONE),
    }


def answer_lines(
    questions: Sequence[Question], answers: Mapping[UUID, Any], *, wrong: Mapping[UUID, str]
) -> list[dict[str, Any]]:
    """Return each question with its answer in words, for the check page; files are papers."""
    return [
        {
            "label": question.label,
            "is_required": question.is_required,
            "text": ""
            if question.key in wrong
            else shown(question, checked(question, answers.get(question.key, question.empty))),
            "problem": wrong.get(question.key, ""),
        }
        for question in questions
        if not question.is_file
    ]


def task(title: str, verdict: Verdict, *, url: str, hint: str) -> dict[str, Any]:
    """Return one task, done when its rule allows going on."""
    mark = TASK_DONE if verdict.allowed else TASK_OPEN
    return {"title": title, "url": url, "hint": hint, **mark}


def eligibility_task(draft: Application, *, at: datetime) -> dict[str, Any]:
    """Return 자격 확인: membership and originals as they are now."""
    member = rules.check_membership(draft.notice, company=draft.company, at=at)
    originals = rules.check_originals(draft.notice, company=draft.company, at=at)
    mark = TASK_DONE if member.allowed and originals.allowed else TASK_STOPPED
    return {
        "title": "자격 확인",
        "url": "",
        "hint": member.reason or originals.reason,
        **mark,
    }


def submission_task(code: str, *, can_submit: bool, ready: bool) -> dict[str, Any]:
    """Return 확인 후 제출, which opens when everything else is done."""
    return {
        "title": "확인 후 제출",
        "url": reverse("applications:check", args=[code]) if can_submit else "",
        "hint": "" if ready else "위 항목을 모두 마치면 제출할 수 있습니다.",
        **(TASK_READY if ready else TASK_OPEN),
    }


def papers_hint(rows: list[PaperRow]) -> str:
    """Return how far the papers are: «필수 3개 가운데 2개를 올렸습니다.»"""
    needed = [row for row in rows if row.required.is_required]
    if not needed:
        return "필수 제출서류가 없는 공고입니다." if not rows else "올릴 수 있는 서류가 있습니다."
    present = sum(1 for row in needed if row.document is not None)
    return f"필수 서류 {len(needed)}개 가운데 {present}개를 올렸습니다."
