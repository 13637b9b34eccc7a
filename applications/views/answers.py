"""추가 질문: one page, saved as it is typed (with scripts) or by its button (without)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from applications import selectors
from applications.answer_forms import AnswersForm, seen_name
from applications.models import Application
from applications.questions import Question, shown
from applications.services import answers as service
from applications.services.drafts import NotADraftError
from applications.views.drafts import UNPROCESSABLE, already_submitted, frame
from applications.views.scoping import draft_required, person_of, wants_json
from members.formatting import in_seoul

CONFLICT = 409


@require_http_methods(["GET", "HEAD", "POST"])
@draft_required
def answers(request: HttpRequest, draft: Application) -> HttpResponse:
    """Show the questions; keep whatever was typed and say what is still wrong with it."""
    questions = selectors.questions_of(draft)
    kept = selectors.answers_of(draft)
    if request.method != "POST":
        form = AnswersForm(questions=questions, answers=kept)
        return render(request, "applications/answers.html", answers_page(draft, form))
    form = AnswersForm(request.POST, questions=questions, answers=kept)
    try:
        saved = save(request, draft, form)
    except NotADraftError:
        return already_submitted(request, draft)
    if wants_json(request):
        return autosaved(saved, questions)
    return saved_page(request, draft, form, saved)


def save(request: HttpRequest, draft: Application, form: AnswersForm) -> service.SavedAnswers:
    """Keep what the page says."""
    return service.save_answers(
        application=draft,
        typed=form.typed(),
        seen=form.posted_tokens(),
        by=person_of(request),
        at=timezone.now(),
    )


def saved_page(
    request: HttpRequest, draft: Application, form: AnswersForm, saved: service.SavedAnswers
) -> HttpResponse:
    """Go on when everything is answered; otherwise show what was typed with what is wrong."""
    form.seen |= saved.tokens
    is_whole = form.is_valid()
    for key, theirs in saved.conflicts.items():
        form.note_conflict(key, conflict_words(form.questions, key, theirs))
    draft.updated_at = saved.application.updated_at
    if request.POST.get("action") == "stay" and not saved.conflicts:
        messages.success(request, "저장했습니다. 아직 제출되지 않았습니다.")
        return redirect("applications:answers", draft.notice.code)
    if is_whole and not saved.conflicts:
        messages.success(request, "답을 저장했습니다. 아직 제출되지 않았습니다.")
        return redirect("applications:check", draft.notice.code)
    context = answers_page(draft, form)
    return render(request, "applications/answers.html", context, status=UNPROCESSABLE)


def autosaved(saved: service.SavedAnswers, questions: list[Question]) -> JsonResponse:
    """Answer the page's own script: when it was saved, and where somebody else was first."""
    body = {
        "saved_at": f"{in_seoul(saved.application.updated_at):%H:%M}",
        "seen": {seen_name(key): token for key, token in saved.tokens.items()},
        "conflicts": {
            seen_name(key): conflict_words(questions, key, theirs)
            for key, theirs in saved.conflicts.items()
        },
    }
    return JsonResponse(body, status=CONFLICT if saved.conflicts else 200)


def conflict_words(questions: list[Question], key: UUID, theirs: Any) -> str:
    """Say what the other tab wrote, so that neither text is lost."""
    question = next(question for question in questions if question.key == key)
    text = readable(question, theirs)
    return (
        f"다른 창이나 다른 담당자가 이 답을 먼저 «{text or '빈 답'}»(으)로 저장했습니다. "
        "지금 화면의 내용으로 바꾸려면 저장 버튼을 다시 눌러 주십시오."
    )


def readable(question: Question, typed: Any) -> str:
    """Write an unchecked answer for people."""
    try:
        return shown(question, typed)
    except (ValueError, ArithmeticError):
        return str(typed)


def answers_page(draft: Application, form: AnswersForm) -> dict[str, Any]:
    """Return what the page of the questions shows."""
    return {
        **frame(draft, step=3),
        "form": form,
        "marks": form.marks(),
        "files": [row for row in selectors.paper_rows(draft) if row.is_question],
        "has_newer_questions": selectors.has_newer_questions(draft),
    }


@require_POST
@draft_required
def carry_over(request: HttpRequest, draft: Application) -> HttpResponse:
    """Move the draft to the notice's present questions and say what changed."""
    try:
        carried = service.carry_over(application=draft, at=timezone.now())
    except NotADraftError:
        return already_submitted(request, draft)
    parts = [f"바뀐 질문({carried.version}판)으로 옮겼습니다. 같은 질문의 답은 그대로 있습니다."]
    parts += [f"새 질문: {', '.join(carried.added)}."] if carried.added else []
    parts += [f"없어진 질문: {', '.join(carried.dropped)}."] if carried.dropped else []
    messages.success(request, " ".join(parts))
    return redirect("applications:answers", draft.notice.code)
