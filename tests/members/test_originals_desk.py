"""Papers on the desk and originals that do not come (S31 to S33, decisions A8, A9, A17)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse

from members.enums import AccessAction, MembershipState, OriginalsAct, PaperSlot, PaperState
from members.models import AccessRecord, OriginalsEvent, OriginalsFile, OutboxMail, Paper
from members.services import originals as services
from members.services import papers
from members.services.files import store_upload
from members.services.originals_reminders import OVERDUE_AFTER, mind_originals
from members.uploads import JOINING_FORMATS
from tests.factories import uploads as made
from tests.factories.members import AgencyFactory, MemberFactory, StaffFactory

pytestmark = pytest.mark.django_db
ALL = [slot for slot, _ in services.slot_labels()]


@pytest.fixture
def desk(at):
    """A provisional member of agency «agency» with its officer and a stranger's officer."""
    agency = AgencyFactory()
    member = MemberFactory(
        company__membership_state=MembershipState.PROVISIONAL,
        company__membership_changed_at=at,
        company__originals_agency=agency,
    )
    originals = OriginalsFile.objects.create(
        company=member.company, agency=agency, cover_code="K7M2Q9XA", created_at=at
    )
    return originals, member, StaffFactory(officer=True, agency=agency)


def paper_of(member, at, slot=PaperSlot.SEAL_CERTIFICATE, **words):
    stored = store_upload(
        upload=made.upload_of("인감.pdf", made.pdf()), formats=JOINING_FORMATS, by=member,
        company=member.company, at=at, sensitive=slot == PaperSlot.SEAL_CERTIFICATE,
    )  # fmt: skip
    return Paper.objects.create(company=member.company, slot=slot, file=stored, sent_at=at, **words)


def acts():
    return [event.act for event in OriginalsEvent.objects.order_by("pk")]


def test_every_tick_stands_in_the_history_and_is_mailed(at, desk):
    """S32: each act in the history; mail to the company; complete means full member."""
    originals, member, officer = desk

    services.receive_originals(originals=originals, slots=ALL[:1], by=officer, at=at)
    services.receive_originals(originals=originals, slots=ALL[:1], by=officer, at=at)
    services.receive_originals(originals=originals, slots=ALL, by=officer, at=at)

    member.company.refresh_from_db()
    assert member.company.membership_state == MembershipState.FULL
    assert acts() == [OriginalsAct.TICKED, OriginalsAct.COMPLETED]
    first = OutboxMail.objects.filter(kind="originals_received").order_by("pk").first()
    assert "기업정보활용동의서" in first.body
    assert "인감증명서(원본) 원본" in first.body
    assert originals.cover_code in first.body


def test_a_hand_over_is_told_and_written_down(at, desk):
    """S32, A9: who holds the originals can hand them over."""
    originals, member, officer = desk
    other = AgencyFactory()

    services.hand_over_originals(originals=originals, agency=other, by=officer, at=at)

    assert acts() == [OriginalsAct.HANDED_OVER]
    assert OutboxMail.objects.get(kind="originals_handed_over").to == member.email


def test_a_paper_sent_back_may_be_sent_again_by_a_member(at, desk, log_in):
    """S31: per-paper state 받음, 다시, 확인 with its reason, also after the screening."""
    _, member, officer = desk
    paper = paper_of(member, at)
    page = reverse("members_admin:paper_check", args=[paper.uuid])

    log_in(officer).post(
        reverse("members_admin:paper_mark", args=[paper.uuid]),
        {"state": "redo", "reason": "도장이 보이지 않습니다."},
    )
    company_page = log_in(member).get(reverse("members:papers")).content.decode()
    log_in(member).post(
        reverse("members:papers"),
        {"slot": paper.slot, "uploads": made.upload_of("새 인감.pdf", made.pdf())},
    )

    paper.refresh_from_db()
    assert (paper.state, paper.replaced_at is not None) == (PaperState.REDO, True)
    assert "다시 제출: 도장이 보이지 않습니다." in company_page
    assert Paper.objects.current().get(company=member.company).state == PaperState.RECEIVED
    assert "도장이 보이지 않습니다." in OutboxMail.objects.get(kind="paper_redo").body
    assert log_in(officer).get(page).status_code == 200
    assert acts() == [OriginalsAct.REDO]


def test_sending_back_needs_a_reason(at, desk, log_in):
    """S31: with reason."""
    _, member, officer = desk
    paper = paper_of(member, at)

    log_in(officer).post(reverse("members_admin:paper_mark", args=[paper.uuid]), {"state": "redo"})

    paper.refresh_from_db()
    assert paper.state == PaperState.RECEIVED


def test_papers_that_nobody_asked_for_stay_closed(at, desk):
    """S31: after the screening only what was sent back is taken."""
    _, member, _ = desk
    paper_of(member, at)

    with pytest.raises(papers.PapersClosedError):
        papers.send_joining_papers(
            company=member.company, slot=PaperSlot.SEAL_CERTIFICATE, uploads=[], by=member, at=at
        )


def test_a_sensitive_paper_opens_only_with_a_reason(at, desk, log_in):
    """A17: each view is logged with its reason."""
    _, member, officer = desk
    paper = paper_of(member, at)
    address = reverse("members_admin:paper", args=[paper.uuid])

    without = log_in(officer).get(address)
    given = log_in(officer).post(address, {"reason": "원본과 대조"})

    assert without.status_code == 302
    assert given.content == made.pdf()
    record = AccessRecord.objects.get(action=AccessAction.DOWNLOAD)
    assert (record.reason, record.subjects) == (
        "원본과 대조",
        [f"company:{member.company.uuid}"],
    )


def test_a_checked_sensitive_paper_is_destroyed_with_its_record(at, desk, log_in):
    """A17: destroyed after the check with a destruction record; not before it."""
    _, member, officer = desk
    paper = paper_of(member, at)
    client = log_in(officer)
    destroy = reverse("members_admin:paper_destroy", args=[paper.uuid])

    client.post(destroy, {"reason": "확인 완료"})
    paper.file.refresh_from_db()
    too_early = paper.file.destroyed_at
    client.post(reverse("members_admin:paper_mark", args=[paper.uuid]), {"state": "checked"})
    client.post(destroy, {"reason": "확인 완료"})

    paper.file.refresh_from_db()
    assert too_early is None
    assert paper.file.destroyed_reason == "확인 완료"
    assert acts() == [OriginalsAct.CHECKED, OriginalsAct.DESTROYED]
    assert AccessRecord.objects.filter(action=AccessAction.DESTROY, actor=officer).exists()
    page = client.get(reverse("members_admin:paper_check", args=[paper.uuid])).content.decode()
    assert "확인 완료" in page


@pytest.mark.parametrize("name", ["paper_check", "paper_mark", "paper_destroy", "paper"])
def test_another_agency_finds_no_paper(at, desk, log_in, name):
    """S32: separation of agencies."""
    _, member, _ = desk
    paper = paper_of(member, at)
    stranger = log_in(StaffFactory(officer=True, agency=AgencyFactory()))
    address = reverse(f"members_admin:{name}", args=[paper.uuid])

    answer = (
        stranger.get(address)
        if name in {"paper_check", "paper"}
        else stranger.post(address, {"state": "checked", "reason": "확인"})
    )

    paper.refresh_from_db()
    assert answer.status_code == 404
    assert paper.state == PaperState.RECEIVED


def test_reminders_come_twice_and_then_the_mark(at, desk):
    """S33, A8: reminders by schedule; the mark carries its date; nothing comes twice."""
    _, member, _ = desk
    seen = []

    for day in (0, 6, 7, 8, 21, 22, 29, 30, 31, 60):
        moment = at + timedelta(days=day)
        seen.append((day, *mind_originals(at=moment)))

    assert [entry for entry in seen if entry[1:] != (0, 0)] == [(7, 1, 0), (21, 1, 0), (30, 0, 1)]
    member.company.refresh_from_db()
    assert member.company.originals_due_since == at + OVERDUE_AFTER
    assert acts() == [OriginalsAct.REMINDED, OriginalsAct.REMINDED, OriginalsAct.OVERDUE]


def test_a_paused_job_sends_one_reminder_not_all(at, desk):
    """S33: after a pause of the job one reminder, not all that were missed."""
    assert mind_originals(at=at + timedelta(days=25)) == (1, 0)
    assert mind_originals(at=at + timedelta(days=26)) == (0, 0)


def test_the_last_original_takes_the_mark_away(at, desk):
    """S33: the mark ends when all originals have arrived."""
    originals, member, officer = desk
    mind_originals(at=at + OVERDUE_AFTER)

    services.receive_originals(originals=originals, slots=ALL, by=officer, at=at)

    member.company.refresh_from_db()
    assert member.company.originals_due_since is None


def test_the_job_says_what_it_did(desk, capsys):
    """S33: run daily."""
    call_command("mind_originals")

    assert capsys.readouterr().out == "0 reminded, 0 marked as overdue\n"
    assert mail.outbox == []


def test_the_desk_shows_papers_and_history(at, desk, log_in):
    """S32: the originals desk."""
    originals, member, officer = desk
    paper_of(member, at)
    services.receive_originals(originals=originals, slots=ALL[:1], by=officer, at=at)

    page = log_in(officer).get(reverse("originals_modeladmin_inspect", args=[originals.cover_code]))

    text = page.content.decode()
    assert "원본 접수" in text
    assert "인감.pdf" in text
    assert officer.name in text
