"""추가 질문 of a notice: versions, saving without losing, moving on, handing in."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from applications import selectors
from applications.models import Answer, Application, QuestionSet
from applications.questions import token_of
from applications.services.answers import carry_over, save_answers
from applications.services.drafts import NotADraftError, start_application
from applications.services.submissions import SubmissionRefusedError
from tests.applications.conftest import hand_in, make_ready, pdf
from tests.factories.applications import master_of
from tests.factories.cms import NoticePageFactory, NoticeQuestionFactory
from tests.factories.members import CompanyFactory, MemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def questions(notice):
    """A question with text and a table; made before any draft."""
    purpose = NoticeQuestionFactory(page=notice, label="참가 목적")
    table = NoticeQuestionFactory(
        page=notice, label="수출 실적", kind="table", options="나라\n금액|숫자"
    )
    return purpose, table


@pytest.fixture
def asked(questions, draft):
    """A draft that answers both questions."""
    return Application.objects.get(pk=draft.pk)


@pytest.fixture
def member(log_in, person):
    return log_in(person)


def address(name, draft):
    return reverse(f"applications:{name}", args=[draft.notice.code])


def posted(purpose, table, *, text="", rows=(), seen=("", "")):
    """Return what the page of these two questions posts."""
    cells = {
        f"answer-{table.key}-{line}-{cell}": value
        for line, row in enumerate(rows or [["", ""]])
        for cell, value in enumerate(row)
    }
    return {
        f"answer-{purpose.key}": text,
        f"seen-{purpose.key}": seen[0],
        f"seen-{table.key}": seen[1],
        **cells,
    }


def answer(draft, values, *, at, seen=None):
    return save_answers(
        application=draft, typed=values, seen=seen or {}, by=draft.created_by, at=at
    )


# --- versions -----------------------------------------------------------------------------------


def test_the_first_draft_freezes_the_questions(questions, asked, at):
    """Issue D.1: frozen once the first draft exists; a later edit is a new version."""
    purpose, _ = questions
    other = CompanyFactory()
    second = start_application(notice=asked.notice, company=other, by=master_of(other), at=at)
    purpose.label = "참가 목적과 목표"
    purpose.save()
    third_company = CompanyFactory()

    third = start_application(
        notice=asked.notice, company=third_company, by=master_of(third_company), at=at
    )

    assert [row.question_set.version for row in (asked, second, third)] == [1, 1, 2]
    assert selectors.questions_of(asked)[0].label == "참가 목적"
    assert selectors.has_newer_questions(asked)
    assert not selectors.has_newer_questions(third)


def test_questions_that_were_changed_back_are_the_version_they_were(questions, asked, at):
    purpose, _ = questions
    for label in ("다른 질문", "참가 목적"):
        purpose.label = label
        purpose.save()
    other = CompanyFactory()

    draft = start_application(notice=asked.notice, company=other, by=master_of(other), at=at)

    assert draft.question_set == asked.question_set


def test_a_notice_without_questions_has_no_version(draft):
    assert draft.question_set is None
    assert not QuestionSet.objects.exists()


def test_a_version_number_is_given_once(questions, asked, at):
    """domain.md: versions of a notice are unique by constraint."""
    with pytest.raises(IntegrityError), transaction.atomic():
        QuestionSet.objects.create(
            notice=asked.notice, version=1, questions=[], content_hash="0" * 64, created_at=at
        )


def test_carrying_over_keeps_the_answers_of_questions_that_stay(questions, asked, at):
    """Issue D.1: a draft is carried over with a clear message of what changed."""
    purpose, table = questions
    answer(asked, {purpose.key: "시장 개척"}, at=at)
    table.delete()
    NoticeQuestionFactory(page=asked.notice, label="희망 국가")

    carried = carry_over(application=asked, at=at)

    asked.refresh_from_db()
    assert (carried.added, carried.dropped) == (["희망 국가"], ["수출 실적"])
    assert asked.question_set.version == 2
    assert selectors.answers_of(asked)[purpose.key] == "시장 개척"


# --- saving -------------------------------------------------------------------------------------


def test_half_an_answer_is_kept_as_it_was_typed(questions, asked, at):
    """Issue D.1: autosave never loses what is not right yet."""
    _, table = questions

    answer(asked, {table.key: [["베트남", "많음"]]}, at=at)

    assert selectors.answers_of(asked)[table.key] == [["베트남", "많음"]]


def test_two_tabs_do_not_overwrite_each_other(questions, asked, at):
    """Issue D.1: both changed the same answer: the first stays, the second is told what it says."""
    purpose, table = questions
    answer(asked, {purpose.key: "첫째 창"}, at=at)

    late = answer(asked, {purpose.key: "둘째 창", table.key: [["태국", "5"]]}, at=at)

    assert late.conflicts == {purpose.key: "첫째 창"}
    assert selectors.answers_of(asked) == {purpose.key: "첫째 창", table.key: [["태국", "5"]]}


def test_an_answer_left_alone_keeps_what_the_other_tab_wrote(questions, asked, at):
    """Issue D.1: an old page with one changed answer takes nothing back."""
    purpose, table = questions
    answer(asked, {purpose.key: "처음"}, at=at)
    old = {purpose.key: token_of("처음")}
    answer(asked, {purpose.key: "고침"}, seen=old, at=at)

    saved = answer(asked, {purpose.key: "처음", table.key: [["태국", "5"]]}, seen=old, at=at)

    assert saved.conflicts == {}
    assert selectors.answers_of(asked)[purpose.key] == "고침"


def test_saving_the_same_again_changes_no_version(questions, asked, at):
    """The check page of a colleague must not go stale by somebody's idle autosave."""
    purpose, _ = questions
    first = answer(asked, {purpose.key: "같음"}, at=at).application.version

    again = answer(asked, {purpose.key: "같음"}, seen={purpose.key: token_of("같음")}, at=at)

    assert again.application.version == first


def test_an_answer_after_hand_in_is_refused(questions, asked, at):
    purpose, table = questions
    answer(asked, {purpose.key: "목적", table.key: [["태국", "5"]]}, at=at)
    hand_in(make_ready(asked))

    with pytest.raises(NotADraftError):
        answer(asked, {purpose.key: "뒤늦음"}, at=at)


def test_answers_are_encrypted_in_the_database(questions, asked, at):
    """domain.md 5.8: what companies write is not readable in a copy of the database."""
    purpose, _ = questions
    answer(asked, {purpose.key: "비밀 계획"}, at=at)

    stored = Answer.objects.extra(select={"raw": "value"}).values_list("raw", flat=True).get()

    assert "비밀" not in stored


# --- handing in ---------------------------------------------------------------------------------


def test_hand_in_needs_the_required_answers(questions, asked, at):
    """S55: the rule says which question, and where it is mended."""
    with pytest.raises(SubmissionRefusedError, match="참가 목적") as refusal:
        hand_in(make_ready(asked))

    assert refusal.value.verdict.mend_url.endswith("/answers/")


def test_hand_in_copies_questions_and_answers(questions, asked, at):
    """S55, N6: version, question, checked value and words stand in what is hashed."""
    purpose, table = questions
    answer(asked, {purpose.key: "시장 개척", table.key: [["베트남", "1,200"]]}, at=at)

    snapshot = hand_in(make_ready(asked)).snapshot

    assert snapshot["notice"]["question_version"] == 1
    assert [(row["label"], row["value"]) for row in snapshot["answers"]] == [
        ("참가 목적", "시장 개척"),
        ("수출 실적", [["베트남", "1200"]]),
    ]


def test_a_file_question_is_a_paper_of_the_application(notice, texts, company, person, at, member):
    """S55: asked among the questions, sent and checked like every other paper."""
    question = NoticeQuestionFactory(page=notice, kind="file", label="제품 사진", formats=["pdf"])
    draft = start_application(notice=notice, company=company, by=person, at=at)
    ready = make_ready(draft)
    with pytest.raises(SubmissionRefusedError, match="제품 사진"):
        hand_in(ready)

    member.post(address("documents", draft), {"key": str(question.key), "file": pdf("사진.pdf")})
    submitted = hand_in(Application.objects.get(pk=draft.pk))

    assert "제품 사진" in {row["label"] for row in submitted.snapshot["documents"]}


# --- the page -----------------------------------------------------------------------------------


def test_the_page_saves_and_goes_on(member, questions, asked):
    """Issue D.1: without scripts, one form and one button."""
    data = posted(*questions, text="시장 개척", rows=[["베트남", "5"], ["", ""]])

    response = member.post(address("answers", asked), data, follow=True)

    html = response.content.decode()
    assert response.redirect_chain[-1][0] == address("check", asked)
    assert "시장 개척" in html
    assert "베트남 / 5" in html
    assert "아직 제출되지 않았습니다" in html


def test_the_page_keeps_wrong_answers_and_says_what_is_wrong(member, questions, asked):
    """Issue D.1: nothing that was typed is lost."""
    purpose, table = questions
    data = posted(purpose, table, text="목적", rows=[["베트남", "많음"]])

    response = member.post(address("answers", asked), data)

    html = response.content.decode()
    assert response.status_code == 422
    assert "1번째 줄 ‘금액’" in html
    assert selectors.answers_of(asked)[table.key] == [["베트남", "많음"]]


def test_the_page_shows_both_texts_of_a_conflict(member, questions, asked, at):
    """Issue D.1: clear message, nothing lost; a second press takes mine."""
    purpose, table = questions
    rows = [["베트남", "5"]]
    answer(asked, {purpose.key: "동료의 답", table.key: rows}, at=at)

    response = member.post(
        address("answers", asked), posted(purpose, table, text="내 답", rows=rows)
    )

    html = response.content.decode()
    assert response.status_code == 422
    assert "동료의 답" in html
    assert "내 답" in html
    form = response.context["form"]
    seen = (form.seen[purpose.key], form.seen[table.key])
    member.post(
        address("answers", asked), posted(purpose, table, text="내 답", rows=rows, seen=seen)
    )
    assert selectors.answers_of(asked)[purpose.key] == "내 답"


def test_autosave_answers_with_the_time_and_the_marks(member, questions, asked):
    """Issue D.1: the script learns when it was saved and what the page now shows."""
    purpose, table = questions

    response = member.post(
        address("answers", asked),
        posted(purpose, table, text="목적"),
        headers={"accept": "application/json"},
    )

    body = response.json()
    assert response.status_code == 200
    assert body["seen"][f"seen-{purpose.key}"] == token_of("목적")
    assert body["conflicts"] == {}


def test_newer_questions_are_told_and_taken(member, questions, asked):
    """Issue D.1: carried over by a button, with what is new."""
    NoticeQuestionFactory(page=asked.notice, label="희망 국가")
    before = member.get(address("start", asked)).content.decode()

    after = member.post(address("carry_over", asked), follow=True).content.decode()

    assert "담당 기관이 추가 질문을 고쳤습니다" in before
    assert "희망 국가" in after
    assert "담당 기관이 추가 질문을 고쳤습니다" not in after


def test_answers_are_the_companys_own(log_in, questions, asked, at):
    """Separation: a colleague answers the same draft, a stranger finds none."""
    purpose, _ = questions
    answer(asked, {purpose.key: "우리 답"}, at=at)
    colleague = log_in(MemberFactory(company=asked.company, colleague=True))
    stranger = log_in(MemberFactory())

    assert "우리 답" in colleague.get(address("answers", asked)).content.decode()
    assert stranger.get(address("answers", asked)).status_code == 302


def test_the_start_names_the_questions_beforehand(member, site):
    """S17: what is needed is known before anything is begun."""
    notice = NoticePageFactory()
    NoticeQuestionFactory(page=notice, label="참가 목적")

    html = member.get(reverse("applications:start", args=[notice.code])).content.decode()

    assert "참가 목적" in html
