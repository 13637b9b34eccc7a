"""Who may be issued a certificate, and why not (decisions A7 and A8, domain.md section 2)."""

from datetime import datetime

from django.urls import reverse

from certificates.enums import CertificateState
from certificates.models import Certificate
from cms.enums import NoticeStatus
from cms.models import NoticePage
from members.enums import StaffRole
from members.models import Company, User
from members.rules import ALLOWED, Verdict, may_apply_as

REASON_LENGTH = 300

_NOT_OPEN = {
    NoticeStatus.COMING: "접수가 시작되면 확인증을 발급받을 수 있습니다.",
    NoticeStatus.CLOSED: "접수가 마감되어 확인증을 새로 발급하지 않습니다.",
}


def offer_verdict(*, notice: NoticePage, at: datetime) -> Verdict:
    """Tell whether the notice gives certificates at this moment: 진행, and its switch is on."""
    if not notice.live:
        return Verdict(allowed=False, reason="게시가 끝난 공고입니다.")
    if not notice.is_certificate_offered:
        return Verdict(allowed=False, reason="확인증을 발급하지 않는 공고입니다.")
    status = notice.status_at(at)
    if status in _NOT_OPEN:
        return Verdict(allowed=False, reason=_NOT_OPEN[status])
    return ALLOWED


def issue_verdict(
    *, notice: NoticePage, company: Company, last: Certificate | None, at: datetime
) -> Verdict:
    """Tell whether this company may be issued a certificate of this notice.

    `last`: the company's newest certificate of the notice; one revoked without leave for a new
    one is final. An allowed verdict may carry a warning (A8).
    """
    offer = offer_verdict(notice=notice, at=at)
    if not offer.allowed:
        return offer
    if last and last.state == CertificateState.REVOKED and not last.may_issue_again:
        return Verdict(
            allowed=False,
            reason="담당 기관이 확인증을 폐기하여 다시 발급받을 수 없습니다. 담당 기관에 문의해 "
            "주십시오.",
            mend_url=reverse("certificates:detail", args=[last.uuid]),
        )
    return may_apply_as(
        company=company, level=notice.member_level, policy=notice.originals_policy, at=at
    )


def reissue_verdict(*, certificate: Certificate, company: Company, at: datetime) -> Verdict:
    """Tell whether a valid certificate may be replaced by a new number (재발급)."""
    if not certificate.is_valid:
        return Verdict(allowed=False, reason="유효한 확인증만 재발급할 수 있습니다.")
    return issue_verdict(notice=certificate.notice, company=company, last=certificate, at=at)


def revoke_verdict(*, certificate: Certificate, by: User) -> Verdict:
    """Tell whether this member of staff may revoke: the notice's agency, or the operator."""
    is_own = by.agency_id is not None and by.agency_id == certificate.notice.agency_id
    if not (by.is_operator or (is_own and by.staff_role in {StaffRole.OFFICER, StaffRole.MANAGER})):
        return Verdict(allowed=False, reason="담당 기관만 확인증을 폐기할 수 있습니다.")
    if not certificate.is_valid:
        return Verdict(allowed=False, reason="유효한 확인증만 폐기할 수 있습니다.")
    return ALLOWED
