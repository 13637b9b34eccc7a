"""Before and during the draft: may I apply, and what is left to do (S17, S56; ui.md section 7)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from applications import rules, selectors
from applications.models import Application
from applications.questions import Question, checked, faults, read_questions, shown
from applications.selectors import PaperRow
from applications.services.drafts import StartRefusedError, start_application
from applications.views.scoping import company_of, notice_or_404, person_of
from cms.models import NoticePage
from members.access import member_required
from members.clock import database_now
from members.rules import Verdict
from members.services.consents import texts_in_force

TASK_DONE = {"label": "완료", "tone": "success"}
TASK_OPEN = {"label": "작성 필요", "tone": "warning"}
TASK_STOPPED = {"label": "확인 필요", "tone": "danger"}
TASK_READY = {"label": "제출 전", "tone": "primary"}
RECORD_HINT = "회원정보를 이번 신청에 맞게 확인하고 고칩니다."


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Show whether the company may apply and begin by POST; a draft shows what is left to do."""
    notice, company, at = notice_or_404(code), company_of(request), database_now()
    if request.method == "POST":
        try:
            start_application(notice=notice, company=company, by=person_of(request), at=at)
        except StartRefusedError as refusal:
            messages.error(request, str(refusal))
        return redirect("applications:start", code)
    existing = selectors.applications_on(notice, company=company)
    draft = selectors.draft_on(notice, company=company)
    if draft is not None:
        return render(request, "applications/draft.html", draft_page(draft, at=at))
    permit = selectors.late_permit_for(notice, company=company, at=at)
    checks = rules.eligibility(notice, company=company, at=at, existing=existing, permit=permit)
    context = {
        "notice": notice,
        "checks": checks,
        "may_start": all(check.verdict.allowed for check in checks),
        "permit": permit,
        "rows": [PaperRow(row) for row in notice.required_documents.select_related("template")],
        "questions": read_questions(selectors.definitions_of(notice)),
        "existing": existing,
        "at": at,
    }
    return render(request, "applications/start.html", context)


def draft_page(draft: Application, *, at: datetime) -> dict[str, Any]:
    """Return what the task list of a draft shows."""
    notice: NoticePage = draft.notice
    rows = selectors.paper_rows(draft)
    documents = [row.document for row in rows if row.document is not None]
    permit = selectors.late_permit_for(notice, company=draft.company, at=at)
    intake = rules.check_intake(notice, at=at, permit=permit)
    questions, answers = selectors.questions_of(draft), selectors.answers_of(draft)
    verdict = rules.may_submit(
        draft,
        notice=notice,
        at=at,
        required=[row.required for row in rows],
        documents=documents,
        texts=texts_in_force(at=at),
        questions=questions,
        answers=answers,
        permit=permit,
    )
    wrong = faults(questions, answers)
    return {
        "draft": draft,
        "notice": notice,
        "rows": rows,
        "permit": permit,
        "intake": intake,
        "may_submit": verdict,
        "answers": answer_lines(questions, answers, wrong=wrong),
        "has_newer_questions": selectors.has_newer_questions(draft),
        "tasks": task_list(
            draft,
            rows=rows,
            asked=len(questions),
            wrong=len(wrong),
            at=at,
            is_open=intake.allowed,
            ready=verdict.allowed,
        ),
        "at": at,
    }


def task_list(
    draft: Application,
    *,
    rows: list[PaperRow],
    asked: int,
    wrong: int,
    at: datetime,
    is_open: bool,
    ready: bool,
) -> list[dict[str, Any]]:
    """Return the tasks of a draft for components/task_list.html, each with its state.

    asked: how many questions the notice has; wrong: how many of them still need an answer.
    """
    code = draft.notice.code
    documents = [row.document for row in rows if row.document is not None]
    required = [row.required for row in rows]
    record = rules.check_record(draft)
    consents = rules.check_consents(draft, texts=texts_in_force(at=at))
    papers = rules.check_documents(draft, required=required, documents=documents)
    record_url = reverse("applications:record", args=[code]) if is_open else ""
    papers_url = reverse("applications:documents", args=[code]) if is_open else ""
    consent_url = f"{record_url}#reconsent-title" if record_url else ""
    tasks = [
        eligibility_task(draft, at=at),
        task("기업정보 확인", record, url=record_url, hint=RECORD_HINT),
        task("제출서류", papers, url=papers_url, hint=papers_hint(rows)),
    ]
    if asked:
        tasks.append(answers_task(code, asked=asked, wrong=wrong, is_open=is_open))
    return [
        *tasks,
        task("동의", consents, url=consent_url, hint=consents.reason),
        submission_task(code, can_submit=is_open and ready, ready=ready),
    ]


def answers_task(code: str, *, asked: int, wrong: int, is_open: bool) -> dict[str, Any]:
    """Return 추가 질문: how many questions still need an answer."""
    return {
        "title": "추가 질문",
        "url": reverse("applications:answers", args=[code]) if is_open else "",
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
