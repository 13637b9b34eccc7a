"""Who may do what with an application, when, and why not (S14 to S18, S55, S65).

Every answer is a Verdict whose reason is shown to the person as it is. `at` is always given:
for a hand-in it is the moment of intake (security.md section 6), never a clock read here.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from applications.enums import (
    APPLICATION_MOVES,
    COMPANY_MOVES,
    FINAL_STATES,
    MOVE_OF,
    VOID_STATES,
    ApplicationState,
    Mover,
)
from applications.models import Application, CorrectionRequest, LatePermit, SubmittedDocument
from applications.questions import Question, faults
from cms.enums import IntakeKind, NoticeStatus, OriginalsPolicy
from cms.models import NoticePage, RequiredDocument
from members.enums import AGENCY_ROLES, ScanState, StaffRole
from members.formatting import format_closing, format_datetime
from members.models import Company, LegalText, User
from members.rules import ALLOWED, Verdict, may_apply_as, originals_verdict


def refused(reason: str, mend_url: str = "") -> Verdict:
    return Verdict(allowed=False, reason=reason, mend_url=mend_url)


@dataclass(frozen=True)
class Check:
    """One line of the eligibility check: what is asked, whether it holds, how to mend it.

    `is_warning` marks a line that holds but that the company should know about.
    """

    label: str
    verdict: Verdict
    is_warning: bool = False


# --- may a company apply ------------------------------------------------------------------------


def check_intake(notice: NoticePage, *, at: datetime, permit: LatePermit | None = None) -> Verdict:
    """Tell whether this system takes applications to the notice at a moment (half-open).

    A late permit opens a closed notice to its company until the permit ends.
    """
    if notice.intake_kind != IntakeKind.OWN:
        return refused("본 사업은 별도의 접수시스템을 통해 접수받는 사업입니다.")
    if not notice.live:
        return refused("게시가 중단된 공고입니다. 담당 기관에 문의해 주십시오.")
    status = notice.status_at(at)
    if status == NoticeStatus.COMING:
        opens = format_datetime(notice.intake_opens_at)
        return refused(f"접수가 아직 시작되지 않았습니다. {opens}부터 신청할 수 있습니다.")
    if status == NoticeStatus.OPEN or (permit is not None and permit.until_at > at):
        return ALLOWED
    if notice.stopped_early_at is not None and notice.stopped_early_at == notice.ends_at:
        stopped = format_datetime(notice.stopped_early_at)
        return refused(f"{stopped}에 조기 마감되었습니다. 마감된 뒤에는 신청할 수 없습니다.")
    closes = format_closing(notice.ends_at) if notice.ends_at else ""
    return refused(f"{closes}에 마감되었습니다. 마감된 뒤에는 신청할 수 없습니다.")


def check_membership(notice: NoticePage, *, company: Company, at: datetime) -> Verdict:
    """Tell whether the company's membership is enough for the notice (decision A7)."""
    return may_apply_as(
        company=company, level=notice.member_level, policy=OriginalsPolicy.IGNORE, at=at
    )


def check_originals(notice: NoticePage, *, company: Company, at: datetime) -> Verdict:
    """Tell what the notice does about missing originals (decision A8): refuse, warn, ignore."""
    return originals_verdict(company=company, policy=notice.originals_policy, at=at)


def check_rounds(notice: NoticePage, *, existing: Sequence[Application]) -> Verdict:
    """Tell whether the company may begin another application (domain.md section 2).

    One live application at a time; withdrawn and returned ones give their round back.
    """
    for application in existing:
        if application.state not in FINAL_STATES:
            name = "applications:start" if application.is_draft else "applications:detail"
            args = [notice.code] if application.is_draft else [application.uuid]
            reason = (
                "이 공고에 작성 중인 신청이 있습니다. 이어서 작성해 주십시오."
                if application.is_draft
                else f"이미 신청하셨습니다. 접수번호는 {application.receipt_number}입니다."
            )
            return refused(reason, reverse(name, args=args))
    used = sum(1 for application in existing if application.state not in VOID_STATES)
    if used >= notice.rounds_allowed:
        return refused(
            f"이 공고는 기업당 {notice.rounds_allowed}번 신청할 수 있으며 이미 모두 쓰셨습니다.",
            reverse("applications:list"),
        )
    return ALLOWED


def next_round(existing: Sequence[Application]) -> int:
    """Return the number of the round that a new application belongs to, from 1."""
    used = [app.round for app in existing if app.state not in VOID_STATES]
    return max(used, default=0) + 1


def eligibility(
    notice: NoticePage,
    *,
    company: Company,
    at: datetime,
    existing: Sequence[Application],
    permit: LatePermit | None = None,
) -> list[Check]:
    """Return every line of 자격 확인 in the order of the page."""
    originals = check_originals(notice, company=company, at=at)
    checks = [
        Check("접수기간", check_intake(notice, at=at, permit=permit)),
        Check("회원 자격", check_membership(notice, company=company, at=at)),
        Check("원본서류", originals, is_warning=originals.allowed and bool(originals.reason)),
        Check("신청 횟수", check_rounds(notice, existing=existing)),
    ]
    if notice.originals_policy == OriginalsPolicy.IGNORE:
        del checks[2]
    return checks


def may_start(
    notice: NoticePage,
    company: Company,
    at: datetime,
    existing: Sequence[Application],
    permit: LatePermit | None = None,
) -> Verdict:
    """Tell whether the company may begin an application now; the first thing missing is said."""
    for check in eligibility(notice, company=company, at=at, existing=existing, permit=permit):
        if not check.verdict.allowed:
            return check.verdict
    return ALLOWED


# --- the draft and the hand-in ------------------------------------------------------------------


def may_edit(application: Application) -> Verdict:
    """Only a draft is edited; a colleague may have handed it in meanwhile."""
    if application.is_draft:
        return ALLOWED
    return refused(
        "이미 제출된 신청입니다. 제출한 내용은 신청 내역에서 확인하실 수 있습니다.",
        reverse("applications:detail", args=[application.uuid]),
    )


def missing_documents(
    required: Sequence[RequiredDocument], documents: Collection[SubmittedDocument]
) -> list[RequiredDocument]:
    """Return the required papers that have no current file."""
    present = {document.key for document in documents}
    return [row for row in required if row.is_required and row.key not in present]


def check_documents(
    application: Application,
    *,
    required: Sequence[RequiredDocument],
    documents: Collection[SubmittedDocument],
) -> Verdict:
    """Tell whether every required paper is there and none is infected (S55)."""
    mend_url = reverse("applications:documents", args=[application.notice.code])
    missing = missing_documents(required, documents)
    if missing:
        names = ", ".join(f"«{row.label}»" for row in missing)
        return refused(f"필수 제출서류가 빠졌습니다: {names}", mend_url)
    infected = [d for d in documents if d.file.scan_state == ScanState.INFECTED]
    if infected:
        names = ", ".join(f"«{document.label}»" for document in infected)
        return refused(f"악성코드가 발견된 파일이 있습니다. 다시 올려 주십시오: {names}", mend_url)
    return ALLOWED


def check_record(application: Application) -> Verdict:
    """Tell whether the record was checked for this application (S56, S57)."""
    if application.record_confirmed_at is not None:
        return ALLOWED
    return refused(
        "기업정보를 확인하지 않으셨습니다. 이번 신청을 위해 다시 확인해 주십시오.",
        reverse("applications:record", args=[application.notice.code]),
    )


def check_consents(application: Application, *, texts: Sequence[LegalText]) -> Verdict:
    """Tell whether consent was renewed, and to the texts that are in force now (S58)."""
    mend_url = reverse("applications:record", args=[application.notice.code])
    consented_at = application.consented_at
    if consented_at is None:
        return refused("이번 신청에 대한 동의가 필요합니다.", mend_url)
    newer = [text for text in texts if text.is_required and text.effective_at > consented_at]
    if newer:
        names = ", ".join(f"«{text.title}»" for text in newer)
        return refused(f"동의하신 뒤 약관이 바뀌었습니다. 다시 동의해 주십시오: {names}", mend_url)
    return ALLOWED


def check_answers(
    application: Application, *, questions: Sequence[Question], answers: Mapping[UUID, Any]
) -> Verdict:
    """Tell whether the notice's questions are answered rightly; the first that is not is said."""
    wrong = faults(questions, answers)
    if not wrong:
        return ALLOWED
    names = ", ".join(f"«{question.label}»" for question in questions if question.key in wrong)
    mend_url = reverse("applications:answers", args=[application.notice.code])
    return refused(f"추가 질문의 답을 확인해 주십시오: {names}", mend_url)


def may_submit(
    application: Application,
    *,
    notice: NoticePage,
    at: datetime,
    required: Sequence[RequiredDocument],
    documents: Collection[SubmittedDocument],
    texts: Sequence[LegalText],
    questions: Sequence[Question],
    answers: Mapping[UUID, Any],
    permit: LatePermit | None = None,
) -> Verdict:
    """Tell whether a draft may be handed in at the moment of intake; the first obstacle is said."""
    company = application.company
    for verdict in (
        may_edit(application),
        check_intake(notice, at=at, permit=permit),
        check_membership(notice, company=company, at=at),
        check_originals(notice, company=company, at=at),
        check_record(application),
        check_consents(application, texts=texts),
        check_documents(application, required=required, documents=documents),
        check_answers(application, questions=questions, answers=answers),
    ):
        if not verdict.allowed:
            return verdict
    return ALLOWED


# --- afterwards ---------------------------------------------------------------------------------


def may_withdraw(application: Application, *, notice: NoticePage, at: datetime) -> Verdict:
    """Tell whether the company may withdraw: until closing; of a rolling one until checking."""
    if ApplicationState.WITHDRAWN not in APPLICATION_MOVES[application.state]:
        state = application.get_state_display()
        return refused(f"«{state}» 상태에서는 취하할 수 없습니다.")
    if notice.ends_at is None:
        if application.state == ApplicationState.SUBMITTED:
            return ALLOWED
        return refused("서류 검토가 시작되어 취하할 수 없습니다. 담당 기관에 문의해 주십시오.")
    if at < notice.ends_at:
        return ALLOWED
    closes = format_closing(notice.ends_at)
    return refused(f"{closes}에 마감되어 취하할 수 없습니다. 담당 기관에 문의해 주십시오.")


def may_replace(
    application: Application,
    *,
    notice: NoticePage,
    key: UUID,
    corrections: Collection[CorrectionRequest],
    at: datetime,
    permit: LatePermit | None = None,
) -> Verdict:
    """Tell whether a handed-in paper may be replaced.

    Until closing and before checking began; in a correction also later, the papers asked for.
    `corrections`: the requests of the last round; none of them means any paper.
    """
    if application.state == ApplicationState.CORRECTION_ASKED:
        asked = {request.key for request in corrections}
        if key in asked or not asked:
            return ALLOWED
        return refused("보완을 요청받은 서류만 바꿀 수 있습니다.")
    if application.state != ApplicationState.SUBMITTED:
        return refused("서류 검토가 시작되어 서류를 바꿀 수 없습니다.")
    return check_intake(notice, at=at, permit=permit)


def may_give_up(application: Application) -> Verdict:
    """Tell whether the company may give up its place (포기): selected or on the waiting list."""
    if ApplicationState.GIVEN_UP in APPLICATION_MOVES[application.state]:
        return ALLOWED
    return refused("선정되었거나 예비 선정된 신청만 포기할 수 있습니다.")


def may_see_as_staff(application: Application, *, by: User) -> Verdict:
    """Tell whether a staff account may open an application; drafts never (domain.md section 3)."""
    if application.submitted_at is None:
        return refused("작성 중인 신청은 볼 수 없습니다.")
    if by.is_operator or is_agency_staff_of(application.notice, by=by):
        return ALLOWED
    return refused("다른 기관의 신청입니다.")


def is_agency_staff_of(notice: NoticePage, *, by: User) -> bool:
    """Tell whether somebody is an officer or manager of the notice's agency."""
    return by.staff_role in AGENCY_ROLES and by.agency_id == notice.agency_id


def may_move(application: Application, *, to: str, by: User) -> Verdict:
    """Tell whether a staff account may move an application into a state.

    Officers check papers; selecting, waiting and not selecting are the manager's (domain.md 3).
    """
    if by.staff_role not in AGENCY_ROLES:
        return refused("기관 담당자만 신청 상태를 바꿀 수 있습니다.")
    if not is_agency_staff_of(application.notice, by=by):
        return refused("다른 기관의 신청입니다.")
    if to in COMPANY_MOVES:
        return refused("이 상태는 신청기업만 정할 수 있습니다.")
    if to not in APPLICATION_MOVES[application.state]:
        now, then = application.get_state_display(), ApplicationState(to).label
        return refused(f"«{now}» 상태에서 «{then}» 상태로 바꿀 수 없습니다.")
    if MOVE_OF[application.state, to].by == {Mover.MANAGER} and by.staff_role != StaffRole.MANAGER:
        return refused("선정 결과는 기관 책임자가 정합니다.")
    return ALLOWED


def moves_for(application: Application, *, by: User) -> list[ApplicationState]:
    """Return the states into which this account may move the application, in the enum's order."""
    return [state for state in ApplicationState if may_move(application, to=state, by=by).allowed]


def may_check_document(
    application: Application, *, document: SubmittedDocument, by: User
) -> Verdict:
    """Tell whether a staff account may note what it found in a paper."""
    if not is_agency_staff_of(application.notice, by=by):
        return refused("다른 기관의 신청입니다.")
    if document.replaced_at is not None:
        return refused("신청기업이 이 서류를 새 파일로 바꾸었습니다. 새 파일을 확인해 주십시오.")
    if application.state in FINAL_STATES:
        return refused("이미 끝난 신청입니다.")
    return ALLOWED


def may_permit_late(notice: NoticePage, *, by: User, until_at: datetime, at: datetime) -> Verdict:
    """Tell whether a staff account may let one company hand in late."""
    if not is_agency_staff_of(notice, by=by):
        return refused("자기 기관의 공고에만 늦은 접수를 허용할 수 있습니다.")
    if notice.intake_kind != IntakeKind.OWN:
        return refused("본 시스템에서 접수하는 공고가 아닙니다.")
    if until_at <= at:
        return refused("허용 기한은 지금보다 늦어야 합니다.")
    return ALLOWED
