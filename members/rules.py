"""Who may do what with a membership, and why not (decisions A7 and A8)."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from members.enums import AGENCY_ROLES, MembershipState, StaffRole
from members.formatting import format_date
from members.models import Company, User

# Values of the notice's own enums, which this room does not know.
FULL_ONLY = "full"
REFUSE_WITHOUT_ORIGINALS = "refuse"
WARN_WITHOUT_ORIGINALS = "warn"


@dataclass(frozen=True)
class Verdict:
    """Whether something may be done; the reason is a sentence for the person asking.

    An allowed verdict may carry a reason too: a warning. `mend_url` leads to where it is mended.
    """

    allowed: bool
    reason: str = ""
    mend_url: str = ""


ALLOWED = Verdict(allowed=True)

_NOT_A_MEMBER = {
    MembershipState.WAITING: "가입 심사가 끝나면 이용할 수 있습니다.",
    MembershipState.REFUSED: "가입이 반려되어 이용할 수 없습니다. 서류를 다시 제출해 주십시오.",
    MembershipState.SUSPENDED: "이용이 정지된 기업은 이용할 수 없습니다.",
    MembershipState.LEFT: "탈퇴한 기업은 이용할 수 없습니다.",
}


def originals_verdict(*, company: Company, policy: str, at: datetime) -> Verdict:
    """Tell what missing originals mean on a notice with this policy (A8: never silent)."""
    since = company.originals_due_since
    if (
        since is None
        or since > at
        or policy
        not in {
            REFUSE_WITHOUT_ORIGINALS,
            WARN_WITHOUT_ORIGINALS,
        }
    ):
        return ALLOWED
    missing = f"{format_date(since)}부터 원본서류가 접수되지 않았습니다."
    mend_url = reverse("members:membership")
    if policy == REFUSE_WITHOUT_ORIGINALS:
        return Verdict(
            allowed=False,
            reason=f"{missing} 원본서류를 제출한 뒤에 이용할 수 있습니다.",
            mend_url=mend_url,
        )
    return Verdict(
        allowed=True,
        reason=f"{missing} 심사에서 불이익이 있을 수 있습니다.",
        mend_url=mend_url,
    )


def may_apply_as(*, company: Company, level: str, policy: str, at: datetime) -> Verdict:
    """Tell whether this company may apply, or take a certificate, as a member.

    `level`: the notice's `member_level` (A7: provisional members may, unless it demands full
    ones); `policy`: its `originals_policy` (A8).
    """
    if company.membership_state in _NOT_A_MEMBER:
        reason = _NOT_A_MEMBER[MembershipState(company.membership_state)]
        return Verdict(allowed=False, reason=reason, mend_url=reverse("members:membership"))
    if level == FULL_ONLY and not company.is_full:
        return Verdict(
            allowed=False,
            reason="정식회원만 이용할 수 있는 공고입니다. 원본서류가 접수되면 정식회원이 됩니다.",
            mend_url=reverse("members:membership"),
        )
    return originals_verdict(company=company, policy=policy, at=at)


# --- staff accounts (domain.md section 3) ---------------------------------------------------------


def roles_to_grant(manager: User) -> list[StaffRole]:
    """Return the roles this person may give: all for operators, officers for agency managers."""
    if not manager.is_active:
        return []
    if manager.is_operator or manager.is_superuser:
        return list(StaffRole)
    if manager.staff_role == StaffRole.MANAGER:
        return [StaffRole.OFFICER]
    return []


def may_manage_account(*, manager: User, person: User) -> Verdict:
    """Tell whether `manager` may change this staff account; nobody changes the own one."""
    if manager.pk == person.pk:
        return Verdict(allowed=False, reason="자기 계정의 권한은 스스로 바꿀 수 없습니다.")
    if not manager.is_active or person.company_id is not None:
        return Verdict(allowed=False, reason="직원 계정이 아닙니다.")
    if manager.is_operator or manager.is_superuser:
        return ALLOWED
    is_own_officer = (
        manager.staff_role == StaffRole.MANAGER
        and person.agency_id == manager.agency_id
        and person.staff_role == StaffRole.OFFICER
    )
    if is_own_officer:
        return ALLOWED
    return Verdict(allowed=False, reason="소속 기관의 담당자 계정만 바꿀 수 있습니다.")


def may_mark_papers(*, user: User, company: Company) -> Verdict:
    """Tell whether this person checks, sends back and destroys papers of this company."""
    is_chosen = user.staff_role in AGENCY_ROLES and company.originals_agency_id == user.agency_id
    if user.is_active and (user.is_operator or user.is_superuser or is_chosen):
        return ALLOWED
    return Verdict(allowed=False, reason="접수 기관의 담당자만 서류를 확인할 수 있습니다.")


def may_screen(*, user: User, company: Company) -> Verdict:
    """Tell whether this person decides on a company's joining papers."""
    if not user.is_active:
        return Verdict(allowed=False, reason="사용이 중지된 계정입니다.")
    is_chosen = user.staff_role in AGENCY_ROLES and company.originals_agency_id == user.agency_id
    if not (user.is_operator or user.is_superuser or is_chosen):
        return Verdict(allowed=False, reason="접수 기관의 담당자만 심사할 수 있습니다.")
    if company.membership_state != MembershipState.WAITING:
        return Verdict(allowed=False, reason="심사를 기다리는 기업이 아닙니다.")
    return ALLOWED
