"""The difference between two versions of a legal text (S22, S23, S66)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from members.legal_difference import difference, version_before
from members.models import LegalText
from tests.factories.members import StaffFactory

pytestmark = pytest.mark.django_db


def text(version, at, *paragraphs, **words):
    values = {"kind": "terms", "title": "이용약관", "statement": "동의합니다.", **words}
    sections = [{"heading": "제1조", "body": list(paragraphs)}]
    return LegalText.objects.create(version=version, effective_at=at, sections=sections, **values)


def marks(before, after):
    return [(line.mark, line.text) for line in difference(before, after) if line.mark != "same"]


def test_what_went_and_what_came_is_told_in_its_place(at):
    """S22: versions with their difference to the last one."""
    before = text("1", at, "가입은 무료입니다.", "기록은 5년 보관합니다.", is_published=True)
    after = text("2", at, "가입은 무료입니다.", "기록은 3년 보관합니다.")

    assert version_before(after) == before
    assert marks(before, after) == [
        ("gone", "기록은 5년 보관합니다."),
        ("new", "기록은 3년 보관합니다."),
    ]
    assert marks(before, before) == []


def test_the_first_version_has_nothing_before_it(at):
    """S22: an empty history; drafts and other kinds are no versions before."""
    text("0", at, "초안")
    text("1", at, "방침", kind="privacy", is_published=True)
    first = text("1", at, "본문", is_published=True)

    assert version_before(first) is None
    assert difference(None, first) == []


def test_an_old_version_is_compared_with_its_own_predecessor(at):
    """S22: not with what came later."""
    first = text("1", at, "가", is_published=True)
    second = text("2", at + timedelta(days=1), "나", is_published=True)
    text("3", at + timedelta(days=2), "다", is_published=True)

    assert version_before(second) == first


def test_comms_see_the_difference_before_publishing(at, log_in):
    """S66: texts of terms with versions; preview and difference."""
    text("1", at, "기록은 5년 보관합니다.", is_published=True)
    draft = text("2", at, "기록은 <3년> 보관합니다.")

    page = log_in(StaffFactory(comms=True)).get(
        reverse("legal-texts_modeladmin_inspect", args=[draft.uuid])
    )

    shown = page.content.decode()
    assert "이용약관 1과 달라진 곳" in shown
    assert "<del>기록은 5년 보관합니다.</del>" in shown
    assert "<ins>기록은 &lt;3년&gt; 보관합니다.</ins>" in shown
