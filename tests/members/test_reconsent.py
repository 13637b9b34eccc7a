"""What «모두 재동의합니다.» shows (S58)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from members.enums import ConsentChoice, ConsentPurpose
from members.models import LegalText
from members.reconsent import provision_to, renewals
from members.services.consents import record_consents, texts_in_force
from tests.factories.applications import ApplicationFactory
from tests.factories.members import AgencyFactory, CompanyFactory, legal_texts_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    """A company that agreed to everything in force."""
    legal_texts_in_force()
    made = ApplicationFactory(company=CompanyFactory()).company
    at = timezone.now()
    record_consents(
        company=made,
        person=made.people.first(),
        choices=dict.fromkeys(texts_in_force(at=at), ConsentChoice.AGREED),
        purpose=ConsentPurpose.JOIN,
        at=at,
        address=None,
    )
    return made


def next_version(text):
    """Publish a version with one sentence more and one heading changed."""
    sections = [
        {"heading": "새 제목", "body": [*text.sections[0]["body"], "새로 더한 문장입니다."]}
    ]
    return LegalText.objects.create(
        kind=text.kind,
        version=f"{text.version}-다음",
        title=text.title,
        statement=text.statement,
        sections=[*sections, *text.sections[1:]],
        is_required=True,
        effective_at=timezone.now(),
        is_published=True,
    )


def test_an_unchanged_text_says_so(company):
    """S58: with the day of the last consent."""
    rows = renewals(company=company, texts=texts_in_force(at=timezone.now()))

    assert rows
    assert not any(row.is_changed for row in rows)
    assert all(row.last is not None for row in rows)


def test_a_changed_text_shows_what_changed_since(company):
    """S58, N8: sentences that came and went since this company agreed."""
    old = texts_in_force(at=timezone.now())[0]
    new = next_version(old)

    (row,) = renewals(company=company, texts=[new])

    assert row.is_changed
    assert "새로 더한 문장입니다." in row.added
    assert old.sections[0]["heading"] in row.removed


def test_another_companys_consents_do_not_count(company):
    """Separation: what a stranger agreed to is nobody else's."""
    rows = renewals(company=CompanyFactory(), texts=texts_in_force(at=timezone.now()))

    assert all(row.last is None for row in rows)


def test_the_page_names_who_gets_the_record(company, log_in):
    """S58: recipient, purpose, items and period stand before the tick."""
    draft = company.applications.get()
    client = log_in(draft.created_by)

    html = client.get(reverse("applications:record", args=[draft.notice.code])).content.decode()

    for _, value in provision_to(draft.notice.agency).rows():
        assert value in html
    assert "바뀌지 않았습니다" in html
    assert "모두 재동의합니다." in html


def test_renewals_cost_one_query(company, django_assert_num_queries):
    texts = texts_in_force(at=timezone.now())

    with django_assert_num_queries(1):
        renewals(company=company, texts=texts)


def test_a_provision_names_its_four_facts():
    """S58: to whom, what for, what, how long."""
    names = [name for name, _ in provision_to(AgencyFactory()).rows()]

    assert names == ["제공받는 곳", "이용 목적", "제공 항목", "보유 기간"]
