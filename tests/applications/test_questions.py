"""What an answer may be, kind by kind, and how it reads."""

from decimal import Decimal
from uuid import uuid4

import pytest

from applications.questions import AnswerError, Question, checked, copied_answers, shown, tidy
from cms.enums import QuestionKind
from cms.models import NoticeQuestion

KEY = uuid4()
COUNTRIES = ("베트남", "태국", "인도네시아")
COLUMNS = (("품목", "text"), ("수출액", "number"), ("계약일", "date"))


def question(kind, **fields):
    defaults = {"options": COUNTRIES, "columns": COLUMNS, "max_length": 20}
    return Question(key=KEY, kind=kind, label="질문", **{**defaults, **fields})


@pytest.mark.parametrize(
    ("kind", "fields", "typed", "value", "words"),
    [
        ("text", {}, "  베트남 진출  ", "베트남 진출", "베트남 진출"),
        ("long_text", {}, "첫째\r\n둘째", "첫째\n둘째", "첫째\n둘째"),
        ("number", {"unit": "명"}, "1,200.50", "1200.5", "1,200.5명"),
        ("number", {"unit": "%"}, "１２", "12", "12%"),
        ("number", {"minimum": Decimal(-5)}, "-5", "-5", "-5"),
        ("money", {"unit": "원"}, "3,000,000", "3000000", "3,000,000원"),
        ("date", {}, "2026.3.9", "2026-03-09", "2026-03-09"),
        ("choice", {}, "태국", "태국", "태국"),
        ("choices", {}, ["인도네시아", "베트남"], ["베트남", "인도네시아"], "베트남, 인도네시아"),
        (
            "table",
            {},
            [["베어링", "1,000", "20260309"], ["", "", ""]],
            [["베어링", "1000", "2026-03-09"]],
            "베어링 / 1000 / 2026-03-09",
        ),
        ("text", {"is_required": False}, "", "", ""),
        ("table", {"is_required": False}, [["", "", ""]], [], ""),
    ],
)
def test_answers_are_taken_as_people_write_them(kind, fields, typed, value, words):
    """S55, product.md 4: every kind of question, in the writings that companies use."""
    asked = question(kind, **fields)

    taken = checked(asked, typed)

    assert (taken, shown(asked, taken)) == (value, words)


@pytest.mark.parametrize(
    ("kind", "fields", "typed", "said"),
    [
        ("text", {}, "", "답해 주십시오"),
        ("text", {}, "가" * 21, "20자까지"),
        ("number", {}, "열둘", "숫자만"),
        ("number", {"maximum": Decimal(10)}, "10.0001", "10 이하"),
        ("number", {"minimum": Decimal(2)}, "1", "2 이상"),
        ("number", {}, "9" * 15, "14자리"),
        ("number", {}, "0.00001", "소수점 아래"),
        ("number", {}, "NaN", "숫자만"),
        ("money", {}, "1.5", "소수점 없이"),
        ("money", {}, "-1", "0 이상"),
        ("date", {}, "2026-02-30", "2026-03-31처럼"),
        ("choice", {}, "미국", "하나를 골라"),
        ("choices", {}, ["미국"], "골라 주십시오"),
        ("table", {}, [], "한 줄 이상"),
        ("table", {}, [["", "5", ""]], "1번째 줄의 품목을"),
        ("table", {}, [["가", "다섯", ""]], "1번째 줄 ‘수출액’"),
        ("table", {"max_rows": 1}, [["가", "", ""], ["나", "", ""]], "1줄까지"),
    ],
)
def test_a_wrong_answer_says_what_to_do(kind, fields, typed, said):
    with pytest.raises(AnswerError, match=said):
        checked(question(kind, **fields), typed)


def test_marks_that_hide_or_turn_text_are_left_out():
    """security.md 5: no control and no direction marks in what staff will read."""
    assert tidy(question("text"), "가\x00나\u202e다\x1b") == "가나다"


def test_every_kind_that_staff_may_choose_is_copied_or_a_paper():
    """S55: no kind of question is lost at hand-in."""
    asked = [question(kind, is_required=False) for kind in QuestionKind.values]

    copied = copied_answers(asked, {})

    assert {row["kind"] for row in copied} == set(QuestionKind.values) - {"file"}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"kind": "choice", "options": "하나"}, "options"),
        ({"kind": "choices", "options": "같음\n같음"}, "options"),
        ({"kind": "table", "options": ""}, "options"),
        ({"kind": "table", "options": "수량|숫자\n날|요일"}, "options"),
        ({"kind": "number", "minimum": Decimal(5), "maximum": Decimal(4)}, "maximum"),
    ],
)
def test_a_question_that_nobody_can_answer_is_refused(fields, wrong):
    """Staff's mistakes are told where they are made."""
    assert NoticeQuestion(label="질문", **fields).problems()[wrong]


def test_a_table_question_names_its_columns():
    asked = NoticeQuestion(kind="table", label="실적", options="품목\n\n 수출액|숫자 \n계약일|날짜")

    assert asked.problems() == {"options": "", "maximum": ""}
    assert asked.definition()["columns"] == [
        {"name": "품목", "kind": "text"},
        {"name": "수출액", "kind": "number"},
        {"name": "계약일", "kind": "date"},
    ]
