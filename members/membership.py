"""What a company's membership means, what is missing and what to do next (S64)."""

from dataclasses import dataclass, field

from django.urls import reverse

from members.enums import ACTIVE_MEMBERSHIPS, JOINING_SLOTS, MembershipState, PaperSlot
from members.formatting import format_date
from members.models import Company, OriginalsFile

ORIGINALS = (
    PaperSlot.COMPANY_INFO_CONSENT,
    PaperSlot.BUSINESS_REGISTRATION,
    PaperSlot.SEAL_CERTIFICATE,
)
TONES = {
    MembershipState.WAITING: "information",
    MembershipState.REFUSED: "danger",
    MembershipState.PROVISIONAL: "warning",
    MembershipState.FULL: "success",
    MembershipState.SUSPENDED: "danger",
    MembershipState.LEFT: "gray",
}
MEANINGS = {
    MembershipState.WAITING: "제출한 서류를 접수 기관이 확인하고 있습니다. "
    "확인이 끝날 때까지 서류를 보고 다시 낼 수 있습니다.",
    MembershipState.REFUSED: "가입이 반려되었습니다. 사유를 보고 서류를 다시 내 주십시오.",
    MembershipState.PROVISIONAL: "지원사업을 신청하고 확인증을 발급받을 수 있습니다. "
    "정식회원만 받는 공고에는 신청할 수 없습니다.",
    MembershipState.FULL: "모든 지원사업을 신청하고 확인증을 발급받을 수 있습니다.",
    MembershipState.SUSPENDED: "이용이 정지되어 신청과 발급을 할 수 없습니다. "
    "시스템 이용문의로 연락해 주십시오.",
    MembershipState.LEFT: "탈퇴한 기업입니다.",
}
NEXT_STEPS = {
    MembershipState.WAITING: "원본서류를 접수 기관으로 보내 주십시오. 결과는 메일로 알려 드립니다.",
    MembershipState.REFUSED: "서류를 다시 내면 심사를 다시 받습니다.",
    MembershipState.PROVISIONAL: "원본서류가 모두 접수되면 정식회원이 됩니다.",
}


@dataclass(frozen=True)
class MembershipCard:
    """The card of my page; `missing`: what is still to be sent; `originals`: while needed."""

    state: str
    label: str
    tone: str
    meaning: str
    next_step: str = ""
    reason: str = ""
    missing: list[str] = field(default_factory=list)
    originals: OriginalsFile | None = None
    action_url: str = ""
    action_label: str = ""

    @property
    def is_active(self) -> bool:
        """Provisional and full members apply and look after their record."""
        return self.state in ACTIVE_MEMBERSHIPS


def membership_card(*, company: Company) -> MembershipCard:
    """Explain the membership of `company` to its people."""
    state = MembershipState(company.membership_state)
    originals = None
    if state in NEXT_STEPS:
        originals = company.originals.select_related("agency").first()
    missing = missing_originals(originals)
    if company.originals_due_since is not None:
        missing.append(
            f"{format_date(company.originals_due_since)}부터 원본서류 미제출로 표시됩니다."
        )
    takes_papers = state in {MembershipState.WAITING, MembershipState.REFUSED}
    return MembershipCard(
        state=state.value,
        label=str(state.label),
        tone=TONES[state],
        meaning=MEANINGS[state],
        next_step=NEXT_STEPS.get(state, ""),
        reason=company.membership_reason,
        missing=missing,
        originals=originals,
        action_url=reverse("members:papers") if takes_papers else "",
        action_label="서류 보기와 다시 내기" if takes_papers else "",
    )


def missing_originals(originals: OriginalsFile | None) -> list[str]:
    """Return the labels of originals that have not arrived."""
    if originals is None or originals.completed_at is not None:
        return []
    received = set(originals.received_slots)
    return [f"{slot.label} 원본" for slot in ORIGINALS if slot.value not in received]


def joining_slots() -> list[tuple[str, str]]:
    """Return the slots of joining papers as choices, in the manual's order."""
    return [(slot.value, str(slot.label)) for slot in PaperSlot if slot in JOINING_SLOTS]
