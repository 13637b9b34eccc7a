"""The whole way of a company by plain requests: notice, start, record, papers, check, receipt."""

import pytest
from django.urls import reverse

from applications.models import Application
from members.models import Consent, OutboxMail
from tests.applications.conftest import pdf
from tests.members import steps

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(log_in, person):
    return log_in(person)


def record_entries(**changes):
    """Return a right record with the one tick, as a browser posts it."""
    return {
        **steps.required_record_entries(),
        **steps.product_entries({"name": "정밀 금형"}),
        "agree_all": "on",
        **changes,
    }


def test_record_page_is_prefilled_and_names_the_recipient(member, draft, notice, company):
    """S57, S58: 가입정보 확인 prefilled; the agency that gets it is named beside the tick."""
    html = member.get(reverse("applications:record", args=[notice.code])).content.decode()

    assert f'value="{company.name}"' in html
    assert "모두 재동의합니다." in html
    assert notice.agency.name in html
    assert "전문보기" in html


def test_record_page_writes_record_and_consents(member, draft, notice, company, person):
    """S56, S57, S58: the record is updated and every consent renewed, with recipient and notice."""
    response = member.post(reverse("applications:record", args=[notice.code]), record_entries())

    draft.refresh_from_db()
    company.refresh_from_db()
    assert response.url == reverse("applications:documents", args=[notice.code])
    assert company.name == "한빛금속㈜"
    assert draft.record_confirmed_at == draft.consented_at is not None
    given = Consent.objects.filter(company=company, purpose="apply")
    assert given.count() == 3
    assert {(row.recipient, row.notice_code, row.person) for row in given} == {
        (notice.agency, notice.code, person)
    }


def test_record_page_without_the_tick_writes_nothing(member, draft, notice, company):
    """S58: without 모두 재동의합니다 nothing goes on, and what was typed stays."""
    entries = record_entries(**{"person-name": "새담당"})
    del entries["agree_all"]

    response = member.post(reverse("applications:record", args=[notice.code]), entries)

    draft.refresh_from_db()
    html = response.content.decode()
    assert "오류: " in html
    assert 'value="새담당"' in html
    assert draft.consented_at is None


def test_the_whole_way_without_scripts(member, texts, notice, company):
    """S17, S55, S56, S58, S65: from the notice's panel to the receipt and the mail."""
    code = notice.code
    assert reverse("applications:start", args=[code]) in member.get(notice.url).content.decode()

    member.post(reverse("applications:start", args=[code]))
    member.post(reverse("applications:record", args=[code]), record_entries())
    row = notice.required_documents.get(is_required=True)
    member.post(
        reverse("applications:documents", args=[code]),
        {"key": str(row.key), "seen": "", "file": pdf("사업계획서.pdf")},
    )
    check = member.get(reverse("applications:check", args=[code]))
    form = check.context["form"]
    response = member.post(
        reverse("applications:submit", args=[code]),
        {name: form[name].value() for name in ("submission_key", "version")},
        follow=True,
    )

    application = Application.objects.get()
    assert application.receipt_number == f"{code}-R0001"
    assert application.receipt_number in response.content.decode()
    assert application.snapshot["company"]["name"] == "한빛금속㈜"
    assert OutboxMail.objects.get(kind="application_receipt").company == company
    assert application.receipt_number in member.get(reverse("applications:list")).content.decode()
