"""Access records and their seals (security.md section 1, domain.md section 1)."""

from datetime import timedelta

import pytest

from members.enums import AccessAction
from members.models import AccessRecord, AccessSeal
from members.services.access_records import (
    SEAL_AFTER,
    record_access,
    seal_access_records,
    verify_access_records,
)
from tests.factories.members import CompanyFactory, StaffFactory

pytestmark = pytest.mark.django_db


def make_records(count, *, at):
    officer = StaffFactory()
    return [
        record_access(
            actor=officer,
            action=AccessAction.VIEW,
            subjects=[CompanyFactory()],
            what=f"기업 상세 {number}",
            at=at,
            address="192.0.2.7",
        )
        for number in range(count)
    ]


def test_a_record_names_actor_subjects_and_reason(at):
    """security.md 1, art. 8: who, when, from where, whose data, what."""
    officer = StaffFactory(name="이담당")
    company = CompanyFactory()

    record = record_access(
        actor=officer,
        action=AccessAction.DOWNLOAD,
        subjects=[company, officer],
        what="사업자등록증",
        at=at,
        address="192.0.2.7",
        reason="원본 대조",
        request_id="abc",
    )

    record.refresh_from_db()
    assert record.actor_label == f"이담당 ({officer.username})"
    assert record.subjects == [f"company:{company.uuid}", f"user:{officer.uuid}"]
    assert (record.subject_count, record.reason, record.address) == (2, "원본 대조", "192.0.2.7")


def test_sealed_records_verify(at):
    """domain.md 1: batches are chained by hash over rows and the previous seal."""
    make_records(3, at=at - SEAL_AFTER)
    first = seal_access_records(at=at)
    make_records(2, at=at - SEAL_AFTER)

    second = seal_access_records(at=at)

    assert (first.count, second.count) == (3, 2)
    assert second.previous_hash == first.hash
    assert verify_access_records(at=at) == []


def test_fresh_records_wait_for_the_next_seal(at):
    """A slow transaction may still commit a lower number."""
    make_records(1, at=at - timedelta(seconds=30))

    assert seal_access_records(at=at) is None


def test_an_altered_record_breaks_its_seal(at):
    """security.md 16.4.2: a changed row does not go unnoticed."""
    record = make_records(2, at=at - SEAL_AFTER)[0]
    seal_access_records(at=at)

    AccessRecord.objects.filter(pk=record.pk)._raw_delete(using="default")

    (broken,) = verify_access_records(at=at)
    assert broken.problem == "holds 1 records instead of 2"


def test_a_changed_seal_breaks_the_chain(at):
    """security.md 16.4.2: neither does a changed seal."""
    for _ in range(2):
        make_records(1, at=at - SEAL_AFTER)
        seal_access_records(at=at)
    AccessSeal.objects.filter(pk=AccessSeal.objects.first().pk).update(hash="0" * 64)

    problems = [broken.problem for broken in verify_access_records(at=at)]

    assert problems == ["its records were altered", "does not follow the seal before it"]


def test_seals_outlive_records_that_were_purged_after_retention(at):
    """domain.md 1: seals outlive purged rows."""
    past = at - timedelta(days=3 * 366)
    make_records(2, at=past)
    seal_access_records(at=past + SEAL_AFTER)
    make_records(1, at=at - SEAL_AFTER)
    seal_access_records(at=at)

    AccessRecord.objects.filter(at__lte=past)._raw_delete(using="default")

    assert verify_access_records(at=at) == []


@pytest.mark.parametrize("write", ["save", "delete", "update", "bulk_update", "query_delete"])
def test_records_refuse_change_and_deletion(at, write):
    """domain.md 1: append-only."""
    (record,) = make_records(1, at=at)
    record.what = "다른 내용"
    attempts = {
        "save": record.save,
        "delete": record.delete,
        "update": lambda: AccessRecord.objects.update(what="x"),
        "bulk_update": lambda: AccessRecord.objects.bulk_update([record], ["what"]),
        "query_delete": lambda: AccessRecord.objects.all().delete(),
    }

    with pytest.raises(TypeError):
        attempts[write]()

    assert AccessRecord.objects.get().what == "기업 상세 0"
