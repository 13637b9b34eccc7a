"""Commands of this room: each calls one service and says what it did."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from members.enums import AccessAction, MailState, StaffRole
from members.models import AccessSeal, AgencyAssignment, User
from members.services.access_records import SEAL_AFTER, record_access
from tests.factories.members import OutboxMailFactory, StaffFactory

pytestmark = pytest.mark.django_db


def run(command, /, *words, **options):
    out = io.StringIO()
    call_command(command, *words, stdout=out, stderr=out, **options)
    return out.getvalue().strip()


def test_the_mail_queue_is_sent(at):
    """security.md 2.20: what waits is sent by the minute's job."""
    mail = OutboxMailFactory(send_after=at - timedelta(minutes=1))

    assert run("send_mail_queue") == "1 sent"
    mail.refresh_from_db()
    assert mail.state == MailState.SENT


def test_orphans_are_reaped():
    """security.md 0.9."""
    assert run("reap_orphans").endswith("deleted")


def test_records_are_sealed_and_verified(at):
    """domain.md 1: seal_access_records chains batches."""
    record_access(
        actor=StaffFactory(),
        action=AccessAction.VIEW,
        subjects=[],
        what="목록",
        at=at - SEAL_AFTER,
        address=None,
    )

    assert run("seal_access_records") == "1 sealed"
    assert run("seal_access_records") == "0 sealed"
    assert run("verify_access_records") == "1 seals verified"

    AccessSeal.objects.update(hash="0" * 64)
    with pytest.raises(CommandError, match="1 seals are broken"):
        run("verify_access_records")


def test_a_person_is_deactivated_by_command():
    """security.md 1, art. 5: revoked without delay, also when no operator can log in."""
    officer = StaffFactory(username="leaving1")

    assert run("deactivate_user", "LEAVING1", reason="퇴직") == "leaving1 deactivated"
    officer.refresh_from_db()
    assert not officer.is_active

    with pytest.raises(CommandError, match="no account"):
        run("deactivate_user", "nobody99", reason="퇴직")


def test_an_operator_is_made_where_nobody_can_log_in(monkeypatch):
    """domain.md 3: break-glass by command, recorded; no account is superuser."""
    monkeypatch.setattr("sys.stdin", io.StringIO("젖은 돌계단 7월\n"))

    run("create_operator", "rescuer1", name="비상 운영자", email="ops@city.example", stdin=True)

    person = User.objects.get(username="rescuer1")
    assert (person.staff_role, person.is_superuser) == (StaffRole.OPERATOR, False)
    assert AgencyAssignment.objects.get(user=person).granted_by is None


@pytest.mark.parametrize(
    ("username", "password", "fault"),
    [("rescuer1", "1234", "8자 이상"), ("Res cuer", "젖은 돌계단 7월", "아이디는")],
)
def test_a_weak_operator_is_not_made(monkeypatch, username, password, fault):
    """ASVS 6.2: the same rules for commands."""
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))

    with pytest.raises(CommandError, match=fault):
        run("create_operator", username, name="이름", email="ops@city.example", stdin=True)
