"""Many joinings with one number or one ID at the same moment: one wins, the others are told so."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from members.enums import ConsentChoice
from members.models import Company, JoinDraft, User
from members.selectors import token_hash
from members.services.accounts import LoginNameTakenError, NewAccount
from members.services.join_drafts import AGENCY, DRAFT_LIFETIME, BusinessNumberTakenError
from members.services.joining import (
    DraftFinishedError,
    complete_joining,
)
from members.services.record import ProofInput
from tests.factories.members import AgencyFactory, business_number_of, legal_texts_in_force

TOGETHER = 20


class Record:
    """The smallest record that the service takes."""

    person_values = {"name": "이담당", "email": "lee@hanbit.example", "mobile": "01012345678"}
    company_values = {
        "name": "한빛금속㈜",
        "representative": "김대표",
        "representative_sex": "F",
        "founded_date": "2011-04-05",
        "head_office_road": "대전광역시 유성구 대학로 99",
        "phone": "0421234567",
        "email": "office@hanbit.example",
        "industry": "금속 가공",
        "business_type": "제조",
        "main_product": "정밀 금형",
        "employees": 24,
        "assets_million_krw": 3200,
    }
    figures_values = {}
    products_values = ()
    proofs = ProofInput()


def draft_of(number, order, *, texts, agency):
    """Return a draft that is ready to be completed."""
    now = timezone.now()
    return JoinDraft.objects.create(
        token_hash=token_hash(f"{number}-{order}"),
        business_number=number,
        choices={str(text.uuid): ConsentChoice.AGREED for text in texts},
        consented_at=now,
        verified_at=now,
        values={AGENCY: agency.code},
        created_at=now,
        expires_at=now + DRAFT_LIFETIME,
    )


def complete_together(drafts, names):
    """Complete all drafts at once; return each one's end: a company or an error."""
    barrier = Barrier(len(drafts))

    def one(draft, name):
        try:
            barrier.wait()
            return complete_joining(
                draft=draft,
                account=NewAccount(username=name, password="우산 아래 빗소리 42"),
                record=Record(),
                address="127.0.0.1",
                at=timezone.now(),
            )
        except (BusinessNumberTakenError, LoginNameTakenError, DraftFinishedError) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(drafts)) as pool:
        return list(pool.map(one, drafts, names))


@pytest.mark.django_db(transaction=True)
def test_of_twenty_joinings_with_one_number_one_succeeds():
    """S40: one company per business number; the other nineteen are told it is taken."""
    texts, agency = legal_texts_in_force(), AgencyFactory()
    number = business_number_of(1)
    drafts = [draft_of(number, n, texts=texts, agency=agency) for n in range(TOGETHER)]

    ends = complete_together(drafts, [f"hanbit{n:04d}" for n in range(TOGETHER)])

    assert sum(isinstance(end, Company) for end in ends) == 1
    assert sum(isinstance(end, BusinessNumberTakenError) for end in ends) == TOGETHER - 1
    assert Company.objects.count() == 1
    assert User.objects.filter(company__isnull=False).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_ten_joinings_with_one_id_one_succeeds():
    """S34: an ID is given once, whatever the case."""
    texts, agency = legal_texts_in_force(), AgencyFactory()
    drafts = [draft_of(business_number_of(n), n, texts=texts, agency=agency) for n in range(10)]

    ends = complete_together(drafts, ["hanbitmetal"] * 10)

    assert sum(isinstance(end, Company) for end in ends) == 1
    assert sum(isinstance(end, LoginNameTakenError) for end in ends) == 9
    assert Company.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_joins_once():
    """S50: the second click finds the joining finished."""
    texts, agency = legal_texts_in_force(), AgencyFactory()
    draft = draft_of(business_number_of(1), 1, texts=texts, agency=agency)

    ends = complete_together([draft, draft], ["hanbitmetal"] * 2)

    assert {type(end) for end in ends} == {Company, DraftFinishedError}
    assert Company.objects.count() == 1
