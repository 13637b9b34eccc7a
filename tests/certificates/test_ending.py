"""Reissue by the company, revoking by the officer (domain.md section 2)."""

import pytest
from django.urls import reverse

from certificates import services
from certificates.enums import CertificateState
from certificates.models import Certificate
from members.models import AccessRecord, OutboxMail
from members.selectors import companies_visible_to
from tests.factories.certificates import CertificateFactory
from tests.factories.cms import NoticePageFactory
from tests.factories.members import MemberFactory, StaffFactory, legal_texts_in_force
from tests.members import steps

pytestmark = pytest.mark.django_db


@pytest.fixture
def issued(notice, member, at):
    return services.issue_certificate(notice=notice, company=member.company, by=member, at=at)


@pytest.fixture
def officer(notice):
    return StaffFactory(agency=notice.agency)


def change_name(company):
    company.name = "새이름 주식회사"
    company.save()


def test_reissue_replaces_and_gives_a_new_number(issued, member, at):
    """S61: changed data, a reason, the old replaced by the new."""
    change_name(member.company)

    new = services.reissue_certificate(
        certificate=issued, reason="상호가 바뀌었습니다.", by=member, at=at
    )

    issued.refresh_from_db()
    assert (issued.state, issued.replaced_by, issued.ended_by) == (
        CertificateState.REPLACED, new, member,
    )  # fmt: skip
    assert issued.end_reason == "상호가 바뀌었습니다."
    assert new.number.endswith("-0002")
    assert new.company_name == "새이름 주식회사"
    assert issued.company_name != new.company_name


def test_reissue_needs_a_difference(issued, member, at):
    """S61: the same data give the same certificate, not a new one."""
    with pytest.raises(services.NothingChangedError):
        services.reissue_certificate(certificate=issued, reason="그냥", by=member, at=at)

    issued.refresh_from_db()
    assert issued.is_valid


def test_becoming_a_full_member_is_a_difference(notice, at):
    """S64: the mark 임시 goes with a reissue."""
    member = MemberFactory(provisional=True)
    old = services.issue_certificate(notice=notice, company=member.company, by=member, at=at)
    member.company.membership_state = "full"
    member.company.save()

    new = services.reissue_certificate(certificate=old, reason="정식회원", by=member, at=at)

    assert (old.is_provisional, new.is_provisional) == (True, False)


def test_reissue_only_while_the_notice_is_open(issued, member):
    """S59: after closing nothing new is issued."""
    change_name(member.company)
    closing = issued.notice.intake_closes_at

    with pytest.raises(services.IssueRefusedError):
        services.reissue_certificate(certificate=issued, reason="상호", by=member, at=closing)


def test_replaced_certificate_is_not_replaced_again(issued, member, at):
    """S61: one line of papers, no branches."""
    change_name(member.company)
    services.reissue_certificate(certificate=issued, reason="상호", by=member, at=at)

    with pytest.raises(services.IssueRefusedError, match="유효한 확인증만"):
        services.reissue_certificate(certificate=issued, reason="상호", by=member, at=at)


def test_reissue_through_the_screen(log_in, issued, member):
    """S57, S58: the same screen as an issue, with a reason."""
    legal_texts_in_force()
    address = reverse("certificates:reissue", args=[issued.uuid])
    entries = {
        **steps.required_record_entries(),
        **steps.product_entries({"name": "금형"}),
        "agree_all": "on",
    }
    client = log_in(member)

    without_reason = client.post(address, entries)
    answer = client.post(address, {**entries, "reason": "상호 변경"}, follow=True)

    assert "재발급 사유를 입력해 주십시오." in without_reason.text
    new = Certificate.objects.valid().get()
    assert new.company_name == entries["company-name"]
    assert new.number in answer.text


def test_revoke_ends_it_and_tells_the_company(issued, officer, at):
    """S61: revoked with a reason, a mail to the company, the number stays taken."""
    services.revoke_certificate(
        certificate=issued, reason="자격이 없습니다.", by=officer, at=at, may_issue_again=False
    )

    issued.refresh_from_db()
    mail = OutboxMail.objects.get(kind="certificate_revoked")
    assert (issued.state, issued.ended_by) == (CertificateState.REVOKED, officer)
    assert mail.to == issued.company.email
    assert issued.number in mail.subject
    assert "자격이 없습니다." in mail.body


def test_after_a_revocation_a_new_number_is_given(issued, member, officer, at):
    """S61: a revoked number is never reused."""
    services.revoke_certificate(certificate=issued, reason="오류", by=officer, at=at)

    again = services.issue_certificate(
        notice=issued.notice, company=member.company, by=member, at=at
    )

    assert again.number.endswith("-0002")


@pytest.mark.parametrize("role", ["officer", "comms"])
def test_strangers_may_not_revoke(issued, at, role):
    """S63: another agency's officer and comms may not."""
    stranger = StaffFactory(**{role: True})

    with pytest.raises(services.RevokeRefusedError):
        services.revoke_certificate(certificate=issued, reason="오류", by=stranger, at=at)


def test_member_may_not_revoke(issued, member, at):
    """S63: revoking is the officer's."""
    with pytest.raises(services.RevokeRefusedError):
        services.revoke_certificate(certificate=issued, reason="오류", by=member, at=at)


def test_revoked_once_only(issued, officer, at):
    """S61: the first reason stays."""
    services.revoke_certificate(certificate=issued, reason="첫 사유", by=officer, at=at)

    with pytest.raises(services.RevokeRefusedError):
        services.revoke_certificate(certificate=issued, reason="둘째 사유", by=officer, at=at)


# --- the staff's screens ------------------------------------------------------------------------


def inspect_url(certificate):
    return reverse("certificates_modeladmin_inspect", args=[certificate.uuid])


def test_officer_sees_and_revokes_on_the_screen(log_in, issued, officer):
    """S66: list, detail, revoke with reason; each is in the access record."""
    client = log_in(officer)

    listed = client.get(reverse("certificates_modeladmin_index"))
    detail = client.get(inspect_url(issued))
    client.post(
        reverse("certificates_admin:revoke", args=[issued.uuid]), {"reason": "자격이 없습니다."}
    )

    issued.refresh_from_db()
    assert issued.number in listed.text
    assert "확인증 폐기하기" in detail.text
    assert issued.state == CertificateState.REVOKED
    assert not issued.may_issue_again
    recorded = list(AccessRecord.objects.order_by("pk").values_list("action", flat=True))
    assert recorded == ["view", "view", "change"]


def test_revoke_without_reason_changes_nothing(log_in, issued, officer):
    """S66: a reason is needed."""
    log_in(officer).post(reverse("certificates_admin:revoke", args=[issued.uuid]), {"reason": ""})

    issued.refresh_from_db()
    assert issued.is_valid


def test_officer_downloads_the_paper_recorded(log_in, issued, officer):
    """S66: the download stands in the access record with the company."""
    answer = log_in(officer).get(reverse("certificates_admin:download", args=[issued.uuid]))

    record = AccessRecord.objects.get()
    assert answer.content.startswith(b"%PDF")
    assert record.action == "download"
    assert record.subjects == [f"company:{issued.company.uuid}"]


def test_two_agencies_and_two_companies_never_meet(log_in, two_agencies, at):
    """S63: separation: the other agency's certificate is not listed, not found, not revocable."""
    own, foreign = (
        CertificateFactory(notice=NoticePageFactory(external=True, agency=agency))
        for agency in two_agencies
    )
    client = log_in(StaffFactory(agency=two_agencies.a))

    listed = client.get(reverse("certificates_modeladmin_index")).text
    searched = client.get(
        reverse("certificates_modeladmin_index"), {"q": foreign.company_name}
    ).text
    answers = [
        client.get(inspect_url(foreign)),
        client.get(reverse("certificates_admin:download", args=[foreign.uuid])),
        client.post(reverse("certificates_admin:revoke", args=[foreign.uuid]), {"reason": "오류"}),
    ]

    assert own.number in listed
    assert foreign.number not in listed + searched
    assert foreign.company_name not in listed
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    foreign.refresh_from_db()
    assert foreign.is_valid


@pytest.mark.parametrize("role", ["comms"])
def test_other_staff_have_no_list(log_in, issued, role):
    """S63: communication staff have nothing to do with companies."""
    answer = log_in(StaffFactory(**{role: True})).get(reverse("certificates_modeladmin_index"))

    assert answer.status_code in {302, 403}


def test_members_have_no_way_into_the_list(log_in, issued, member):
    """S63: members never reach the admin."""
    answer = log_in(member).get(reverse("certificates_modeladmin_index"))

    assert answer.status_code == 403


def test_export_needs_a_reason_and_holds_own_rows(log_in, two_agencies):
    """S66: the export of one agency holds no other agency's row."""
    own, foreign = (
        CertificateFactory(notice=NoticePageFactory(external=True, agency=agency))
        for agency in two_agencies
    )
    client = log_in(StaffFactory(agency=two_agencies.a))
    address = reverse("certificates_modeladmin_index")

    refused = client.post(address, {"export": "csv", "reason": ""})
    exported = client.post(address, {"export": "csv", "reason": "보고"})

    assert refused.status_code == 400
    text = exported.getvalue().decode("utf-8-sig")
    assert own.number in text
    assert foreign.number not in text
    assert AccessRecord.objects.get(action="export").reason == "보고"


def test_a_certificate_opens_the_companys_record_to_the_agency(two_agencies):
    """S63: domain.md section 3: an agency sees a company with a certificate on its notice."""

    certificate = CertificateFactory(notice=NoticePageFactory(external=True, agency=two_agencies.a))

    seen = [
        certificate.company in companies_visible_to(StaffFactory(agency=agency))
        for agency in two_agencies
    ]

    assert seen == [True, False]
