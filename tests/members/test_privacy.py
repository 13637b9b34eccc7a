"""Personal data at rest: keys, retention, and a search of everything that is stored."""

import base64
import logging
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from members.encryption import DecryptionError
from members.enums import AccessAction, MembershipState, PaperSlot
from members.models import AccessRecord, OutboxMail, Paper, StoredFile, User
from members.services import retention
from members.services.access_records import (
    RETENTION,
    record_access,
    seal_access_records,
    verify_access_records,
)
from members.services.files import read_file, store_upload
from members.services.key_rotation import encrypted_fields, rotate_keys
from members.services.outbox import add_mail
from members.uploads import JOINING_FORMATS
from tests.factories import uploads as made
from tests.factories.members import MemberFactory, StaffFactory

pytestmark = pytest.mark.django_db
OLD = base64.b64encode(b"o" * 32).decode()
NEW = base64.b64encode(b"n" * 32).decode()
MOBILE, DIRECT, RESIDENT = "01097531357", "0429753135", b"900101-1234567"


@pytest.fixture(autouse=True)
def _empty_private_storage(settings):
    shutil.rmtree(settings.PRIVATE_ROOT, ignore_errors=True)


def sensitive_paper(member, at, **words):
    upload = made.upload_of("인감.pdf", made.pdf(b"% " + RESIDENT))
    stored = store_upload(
        upload=upload, formats=JOINING_FORMATS, by=member, company=member.company, at=at,
        sensitive=True,
    )  # fmt: skip
    return Paper.objects.create(
        company=member.company, slot=PaperSlot.SEAL_CERTIFICATE, file=stored, sent_at=at, **words
    )


def everything_stored(settings):
    """Return all rows of all tables as the database keeps them, and all private files."""
    found = b""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  (ours)
            found += repr(cursor.fetchall()).encode()
    for path in Path(settings.PRIVATE_ROOT).rglob("*"):
        found += path.read_bytes() if path.is_file() else b""
    return found


def test_a_search_of_database_and_files_finds_no_planted_identifier(at, settings, log_in, caplog):
    """S54, domain.md 5.8, issue C Show 6: none in clear in tables, files or logs."""
    caplog.set_level(logging.INFO)
    member = MemberFactory(mobile=MOBILE, phone=DIRECT)
    sensitive_paper(member, at)
    add_mail(
        kind="test", to=member.email, subject="알림", template="emails/originals.txt",
        context={"company": member.company, "lead": f"번호 {MOBILE}"}, at=at,
    )  # fmt: skip
    log_in(member).get(reverse("members:my"))
    log_in(member).get(reverse("members:papers"))

    found = everything_stored(settings) + caplog.text.encode()

    assert member.company.business_number.encode() in found
    for planted in (MOBILE.encode(), DIRECT.encode(), RESIDENT, b"010-9753-1357"):
        assert planted not in found


def test_every_encrypted_column_takes_part_in_the_rotation():
    """Issue C, 5: key rotation for fields, of every room."""
    names = {f"{model._meta.label}.{field.name}" for model, field in encrypted_fields()}

    assert {
        "members.User.mobile",
        "members.User.phone",
        "members.OutboxMail.body",
        "members.JoinDraft.values",
        "applications.Application.snapshot",
    } <= names


def test_a_new_key_takes_over_values_and_files(at, settings, capsys):
    """A17, issue C, 3 and 5: rotation command for fields and sensitive files."""
    settings.ENCRYPTION_KEYS = {"old": OLD}
    member = MemberFactory(mobile=MOBILE, phone=DIRECT)
    paper = sensitive_paper(member, at)
    settings.ENCRYPTION_KEYS = {"new": NEW, "old": OLD}

    call_command("rotate_keys", dry_run=True)
    call_command("rotate_keys")
    call_command("rotate_keys")
    settings.ENCRYPTION_KEYS = {"new": NEW}

    assert capsys.readouterr().out.splitlines() == [
        "2 values, 1 files to be sealed anew",
        "2 values, 1 files sealed anew",
        "0 values, 0 files sealed anew",
    ]
    kept = User.objects.get(pk=member.pk)
    assert (kept.mobile, kept.phone) == (MOBILE, DIRECT)
    assert RESIDENT in read_file(StoredFile.objects.get(pk=paper.file_id))


def test_without_the_old_key_nothing_is_lost(settings):
    """Issue C, 5: a key that is still needed is named."""
    settings.ENCRYPTION_KEYS = {"old": OLD}
    MemberFactory(mobile=MOBILE)
    settings.ENCRYPTION_KEYS = {"new": NEW}

    with pytest.raises(DecryptionError):
        rotate_keys()
    with pytest.raises(CommandError, match="old"):
        call_command("rotate_keys")


def test_access_records_are_kept_two_years_and_their_chain_longer(at):
    """Issue C, 5: sealed in batches, kept 2 years; the chain still proves what is left."""
    officer = StaffFactory(officer=True)
    for moment in (at, at + timedelta(days=400)):
        record_access(
            actor=officer, action=AccessAction.VIEW, subjects=[], what="기업", at=moment,
            address=None,
        )  # fmt: skip
        seal_access_records(at=moment + timedelta(minutes=5))
    early, late = at + RETENTION - timedelta(days=1), at + RETENTION + timedelta(days=1)

    assert retention.apply_retention(at=early)["access records"] == 0
    assert retention.apply_retention(at=late, dry_run=True)["access records"] == 1
    assert AccessRecord.objects.count() == 2
    assert retention.apply_retention(at=late)["access records"] == 1
    assert AccessRecord.objects.count() == 1
    assert verify_access_records(at=late) == []


@pytest.mark.parametrize(
    ("state", "kept"),
    [
        (MembershipState.LEFT, retention.PAPERS_AFTER_LEAVING),
        (MembershipState.REFUSED, retention.PAPERS_AFTER_REFUSAL),
    ],
)
def test_papers_of_companies_that_are_gone_are_destroyed(at, state, kept):
    """S54, issue C, 5: retention and destruction jobs with a dry run."""
    member = MemberFactory(company__membership_state=state, company__membership_changed_at=at)
    paper = sensitive_paper(member, at)
    stays = sensitive_paper(MemberFactory(), at)

    retention.apply_retention(at=at + kept - timedelta(days=1))
    retention.apply_retention(at=at + kept, dry_run=True)
    paper.file.refresh_from_db()
    assert paper.file.destroyed_at is None
    retention.apply_retention(at=at + kept)

    paper.file.refresh_from_db()
    stays.file.refresh_from_db()
    assert paper.file.destroyed_at == at + kept
    assert paper.file.destroyed_reason.startswith("보유 기간 만료")
    assert stays.file.destroyed_at is None


def test_replaced_sensitive_papers_and_old_mails_go(at, capsys):
    """A17: what a newer paper replaced is not kept."""
    member = MemberFactory()
    paper = sensitive_paper(member, at, replaced_at=at - retention.REPLACED_SENSITIVE_KEPT)
    mail = add_mail(
        kind="test", to=member.email, subject="알림", template="emails/originals.txt",
        context={"company": member.company}, at=at - timedelta(days=400),
    )  # fmt: skip
    OutboxMail.objects.filter(pk=mail.pk).update(state="sent")

    call_command("apply_retention", dry_run=True)
    call_command("apply_retention")

    paper.file.refresh_from_db()
    assert paper.file.destroyed_at is not None
    assert not OutboxMail.objects.exists()
    lines = capsys.readouterr().out.splitlines()
    assert "1 mails (dry run)" in lines
    assert "1 replaced sensitive papers" in lines
