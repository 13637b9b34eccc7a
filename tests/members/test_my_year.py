"""Yearly figures moved by a year and asked for; consent withdrawn (S24, S43 to S45)."""

import pytest
import time_machine
from django.utils import timezone

from members.enums import ConsentChoice, LegalKind
from members.models import Consent
from members.services.consents import texts_to_renew
from tests.factories.members import (
    ConsentFactory,
    LegalTextFactory,
    MemberFactory,
    YearlyFiguresFactory,
)
from tests.members import steps

pytestmark = pytest.mark.django_db


def figure_entries(*amounts):
    years = steps.figure_years()
    entries = {}
    for year, amount in zip(years, amounts, strict=True):
        entries[f"figures-sales_{year}"] = amount
        entries[f"figures-exports_{year}"] = "0"
    return entries


def value_of(page, name):
    start = page.index(f'name="{name}"')
    tag = page[page.rindex("<", 0, start) : page.index(">", start)]
    return tag.partition('value="')[2].partition('"')[0]


def test_amounts_move_by_a_year_and_nothing_is_saved_yet(log_in):
    """S45: «1년 이동» without scripts: −1Y goes to −2Y, the last year is empty."""
    member = MemberFactory()
    entries = figure_entries("100", "200", "300") | {"shift_year": "1"}

    page = log_in(member).post("/my/figures/", entries).content.decode()

    shown = [value_of(page, f"figures-sales_{year}") for year in steps.figure_years()]
    assert shown == ["200", "300", ""]
    assert not member.company.figures.exists()


def test_amounts_move_while_joining_too():
    """S45: the draft keeps the moved amounts."""
    client = steps.at_step_three()
    entries = steps.joining_entries(**figure_entries("100", "200", "300"), shift_year="1")

    answer = client.post(steps.COMPANY, entries)
    page = client.get(steps.COMPANY).content.decode()

    assert answer.headers["Location"].endswith("#figures-title")
    shown = [value_of(page, f"figures-sales_{year}") for year in steps.figure_years()]
    assert shown == ["200", "300", ""]


@pytest.mark.parametrize(("day", "is_asked"), [("01-01", False), ("01-02", True), ("12-30", True)])
def test_last_year_is_asked_for_from_2_january(log_in, day, is_asked):
    """S45: until the figures are there."""
    year = timezone.localdate().year + 1
    with time_machine.travel(f"{year}-{day}T12:00:00+09:00", tick=False):
        member = MemberFactory()
        client = log_in(member)

        before = client.get("/my/").content.decode()
        YearlyFiguresFactory(company=member.company, year=year - 1)
        after = client.get("/my/").content.decode()

    assert ("지난해 실적을 입력해 주십시오." in before) == is_asked
    assert "지난해 실적을" not in after


def test_the_consent_on_company_information_is_withdrawn(log_in):
    """S24: what follows is said first; the withdrawal is another row; the next step asks again."""
    member = MemberFactory()
    text = LegalTextFactory(kind=LegalKind.COMPANY_INFO)
    ConsentFactory(company=member.company, person=member, text=text, choice=ConsentChoice.AGREED)
    client = log_in(member)

    page = client.get("/my/consents/withdraw/").content.decode()
    done = client.post("/my/consents/withdraw/")

    assert "다시 동의해야 합니다." in page
    assert done.headers["Location"] == "/my/consents/"
    assert list(Consent.objects.order_by("pk").values_list("choice", flat=True)) == [
        "agreed",
        "withdrawn",
    ]
    assert text in texts_to_renew(company=member.company, at=timezone.now())
    assert "지금 동의한 내용이 없습니다." in client.get("/my/consents/withdraw/").content.decode()


def test_a_colleague_withdraws_nothing(log_in):
    """S24: the master decides for the company."""
    master = MemberFactory()
    colleague = MemberFactory(company=master.company, colleague=True)
    text = LegalTextFactory(kind=LegalKind.COMPANY_INFO)
    ConsentFactory(company=master.company, person=master, text=text)

    log_in(colleague).post("/my/consents/withdraw/")

    assert Consent.objects.count() == 1


def test_a_list_of_mail_domains_stands_beside_the_address():
    """S38: the field takes the whole address; the list is added by script."""
    page = steps.at_step_three().get(steps.COMPANY).content.decode()

    assert page.count("<mail-domain") == 2
