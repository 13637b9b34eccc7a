"""Handing in: receipts, what is copied, and what stands against it."""

import pytest

from applications.enums import ApplicationState
from applications.models import Application, ApplicationEvent, ReceiptCounter
from applications.services.drafts import start_application
from applications.services.snapshots import canonical_json, content_hash
from applications.services.submissions import (
    DraftChangedError,
    IntakeClosedError,
    SubmissionRefusedError,
    submit_application,
)
from members.models import Company, OutboxMail
from tests.applications.conftest import hand_in, make_ready, no_wait
from tests.factories.applications import master_of
from tests.factories.members import CompanyFactory, LegalTextFactory, YearlyFiguresFactory

pytestmark = pytest.mark.django_db


def test_submit_application_gives_a_receipt_number(ready, notice):
    """S55, S65: the number is the notice's code and a counter; the state becomes 접수."""
    application = hand_in(ready)

    assert application.receipt_number == f"{notice.code}-R0001"
    assert application.state == ApplicationState.SUBMITTED
    assert application.submitted_by == ready.created_by


def test_receipt_numbers_count_per_notice_and_widen_after_9999(ready, notice):
    """Requirements, decision table: BZA0000005-R0001, widening after 9999."""
    ReceiptCounter.objects.create(notice=notice, last_number=9999)

    application = hand_in(ready)

    assert application.receipt_number == f"{notice.code}-R10000"


def test_submit_application_twice_gives_the_same_receipt(ready):
    """security.md 2, row 3: double click, Back and resubmit, client retry: one application."""
    first = hand_in(ready)
    second = hand_in(ready)

    assert second.receipt_number == first.receipt_number
    assert second.submitted_at == first.submitted_at
    assert Application.objects.count() == 1
    assert ApplicationEvent.objects.filter(to_state=ApplicationState.SUBMITTED).count() == 1
    assert OutboxMail.objects.filter(kind="application_receipt").count() == 1


def test_submit_application_again_after_closing_still_gives_the_receipt(ready, notice):
    """security.md 2, row 3: a retry that comes late is no new hand-in."""
    first = hand_in(ready)
    type(notice).objects.filter(pk=notice.pk).update(intake_closes_at=first.submitted_at)

    assert hand_in(ready).receipt_number == first.receipt_number


def test_submit_application_with_another_drafts_key_is_refused(ready):
    """security.md 2, row 3: the key belongs to one draft."""
    with pytest.raises(DraftChangedError):
        submit_application(
            application=ready,
            submission_key=ready.uuid,
            version=ready.version,
            by=ready.created_by,
            waited=no_wait,
        )

    assert Application.objects.get(pk=ready.pk).is_draft


def test_submit_application_refuses_an_older_version(ready):
    """security.md 2, row 4: what was checked is what is handed in."""
    Application.objects.filter(pk=ready.pk).update(version=ready.version + 1)

    with pytest.raises(DraftChangedError):
        hand_in(ready)


def test_submit_application_writes_event_and_mail_with_it(ready):
    """Domain section 1: each state change has an event in the same transaction."""
    application = hand_in(ready)

    event = application.events.last()
    assert (event.from_state, event.to_state) == ("draft", "submitted")
    assert event.at == application.submitted_at
    mail = OutboxMail.objects.get(kind="application_receipt")
    assert mail.to == ready.created_by.email
    assert application.receipt_number in mail.subject
    assert application.content_hash in mail.body


def test_submit_application_copies_everything(ready, notice, company):
    """S55: record, notice, papers and consents are copied as they were."""
    YearlyFiguresFactory(company=company, year=2025, sales_million_krw=7)

    snapshot = hand_in(ready).snapshot

    assert snapshot["company"]["business_number"] == company.business_number
    assert snapshot["person"]["mobile"] == ready.created_by.mobile
    assert snapshot["figures"] == [
        {"year": 2025, "sales_million_krw": 7, "exports_thousand_usd": 820}
    ]
    assert snapshot["notice"]["code"] == notice.code
    assert [row["label"] for row in snapshot["notice"]["required_documents"]] == [
        "사업계획서",
        "회사소개서",
    ]
    assert snapshot["documents"][0]["sha256"] == ready.documents.get().file.sha256
    assert {consent["kind"] for consent in snapshot["consents"]} == {
        "terms",
        "privacy",
        "company_info",
    }


def test_a_later_change_of_the_record_leaves_the_snapshot(submitted, company):
    """S55: what was handed in does not change with the record."""
    Company.objects.filter(pk=company.pk).update(name="새 이름")

    stored = Application.objects.get(pk=submitted.pk)

    assert stored.snapshot["company"]["name"] == company.name
    assert content_hash(stored.snapshot) == stored.content_hash


def test_content_hash_notices_one_changed_letter(submitted):
    """N6: the hash of the whole is over the canonical JSON of the snapshot."""
    snapshot = dict(submitted.snapshot)
    snapshot["company"] = {**snapshot["company"], "name": snapshot["company"]["name"] + "."}

    assert content_hash(snapshot) != submitted.content_hash
    assert canonical_json({"나": 1, "가": [None]}) == '{"가":[null],"나":1}'


def test_submit_application_without_a_required_paper_is_refused(ready):
    """S55: the papers that the notice demands; the person is told which."""
    ready.documents.update(replaced_at=ready.created_at)

    with pytest.raises(SubmissionRefusedError, match="사업계획서"):
        hand_in(ready)

    assert not ReceiptCounter.objects.exists()


def test_submit_application_without_the_record_checked_is_refused(ready):
    """S56: every application asks for an update of the member data."""
    Application.objects.filter(pk=ready.pk).update(record_confirmed_at=None)

    with pytest.raises(SubmissionRefusedError, match="기업정보"):
        hand_in(ready)


def test_submit_application_asks_again_after_a_new_text(ready):
    """S58: consent is renewed to the texts in force, also to one that came in between."""
    LegalTextFactory(effective_at=ready.consented_at.replace(year=2099))
    assert hand_in(ready).receipt_number


def test_submit_application_refuses_consent_to_an_older_text(ready, at):
    """S58: a text that took effect after the consent must be agreed to again."""
    LegalTextFactory(title="새 이용약관", effective_at=at)
    Application.objects.filter(pk=ready.pk).update(consented_at=at.replace(year=2020))

    with pytest.raises(SubmissionRefusedError, match="새 이용약관"):
        hand_in(ready)


def test_submit_application_looks_at_the_membership_of_now(ready, company):
    """S63: a company that was suspended meanwhile does not get in."""
    Company.objects.filter(pk=company.pk).update(membership_state="suspended")

    with pytest.raises(SubmissionRefusedError):
        hand_in(ready)


def test_submit_application_to_an_unpublished_notice_is_refused(ready, notice):
    """S15: a notice taken off the site takes nothing."""
    type(notice).objects.filter(pk=notice.pk).update(live=False)

    with pytest.raises(IntakeClosedError):
        hand_in(ready)


def test_two_companies_get_distinct_numbers(ready, notice, at, texts):
    """S55: numbers follow each other within a notice."""
    other = CompanyFactory()
    draft = start_application(notice=notice, company=other, by=master_of(other), at=at)

    numbers = [hand_in(ready).receipt_number, hand_in(make_ready(draft)).receipt_number]

    assert numbers == [f"{notice.code}-R0001", f"{notice.code}-R0002"]
