"""States of an application and the moves between them (domain.md section 2, S65)."""

from dataclasses import dataclass

from django.db.models import TextChoices


class ApplicationState(TextChoices):
    DRAFT = "draft", "작성 중"
    SUBMITTED = "submitted", "접수"
    UNDER_CHECK = "under_check", "서류 검토"
    CORRECTION_ASKED = "correction_asked", "보완 요청"
    ACCEPTED = "accepted", "서류 확인"
    IN_REVIEW = "in_review", "심사 중"
    SELECTED = "selected", "선정"
    WAITING = "waiting", "예비 선정"
    NOT_SELECTED = "not_selected", "미선정"
    RETURNED = "returned", "반려"
    WITHDRAWN = "withdrawn", "취하"
    GIVEN_UP = "given_up", "포기"
    CLOSED = "closed", "종료"


class Mover(TextChoices):
    """Who makes a move. A manager may do whatever an officer of the agency may."""

    COMPANY = "company", "신청기업"
    OFFICER = "officer", "기관 담당자"
    MANAGER = "manager", "기관 책임자"


@dataclass(frozen=True)
class Move:
    """One row of the table of states: from, to, who may, the mail that follows, the reason.

    `mail` is the kind in the outbox; its reader is always the company that applied.
    """

    source: ApplicationState
    target: ApplicationState
    by: frozenset[Mover]
    mail: str
    needs_reason: bool = False


def _rows(
    target: ApplicationState,
    *sources: ApplicationState,
    by: tuple[Mover, ...],
    mail: str = "",
    needs_reason: bool = False,
) -> list[Move]:
    """Return one move into `target` from each of the sources."""
    kind = mail or f"application_{target.value}"
    return [Move(source, target, frozenset(by), kind, needs_reason) for source in sources]


_S = ApplicationState
_COMPANY, _OFFICER, _MANAGER = (Mover.COMPANY,), (Mover.OFFICER,), (Mover.MANAGER,)

# The one table of states (domain.md section 2): every other name below is read from it.
MOVES: tuple[Move, ...] = (
    *_rows(_S.SUBMITTED, _S.DRAFT, by=_COMPANY, mail="application_receipt"),
    *_rows(_S.UNDER_CHECK, _S.SUBMITTED, _S.ACCEPTED, by=_OFFICER),
    # The company answers a correction request, or the officer takes it back.
    *_rows(_S.UNDER_CHECK, _S.CORRECTION_ASKED, by=(Mover.COMPANY, Mover.OFFICER)),
    *_rows(_S.CORRECTION_ASKED, _S.UNDER_CHECK, by=_OFFICER, needs_reason=True),
    *_rows(_S.ACCEPTED, _S.UNDER_CHECK, by=_OFFICER),
    *_rows(_S.IN_REVIEW, _S.ACCEPTED, by=_OFFICER),
    *_rows(_S.SELECTED, _S.ACCEPTED, _S.IN_REVIEW, _S.WAITING, by=_MANAGER),
    *_rows(_S.WAITING, _S.ACCEPTED, _S.IN_REVIEW, by=_MANAGER),
    *_rows(_S.NOT_SELECTED, _S.ACCEPTED, _S.IN_REVIEW, _S.WAITING, by=_MANAGER, needs_reason=True),
    *_rows(
        _S.RETURNED,
        _S.SUBMITTED,
        _S.UNDER_CHECK,
        _S.CORRECTION_ASKED,
        by=_OFFICER,
        needs_reason=True,
    ),
    *_rows(
        _S.WITHDRAWN,
        _S.SUBMITTED,
        _S.UNDER_CHECK,
        _S.CORRECTION_ASKED,
        _S.ACCEPTED,
        by=_COMPANY,
        needs_reason=True,
    ),
    *_rows(_S.GIVEN_UP, _S.SELECTED, _S.WAITING, by=_COMPANY, needs_reason=True),
    *_rows(_S.CLOSED, _S.SELECTED, _S.NOT_SELECTED, by=_OFFICER),
)
MOVE_OF: dict[tuple[str, str], Move] = {(move.source, move.target): move for move in MOVES}
APPLICATION_MOVES: dict[str, frozenset[str]] = {
    state: frozenset(move.target for move in MOVES if move.source == state)
    for state in ApplicationState
}

# The next round of a notice opens when the last one is in one of these.
FINAL_STATES = frozenset(
    {
        ApplicationState.NOT_SELECTED,
        ApplicationState.RETURNED,
        ApplicationState.WITHDRAWN,
        ApplicationState.GIVEN_UP,
        ApplicationState.CLOSED,
    }
)
LIVE_STATES = frozenset(set(ApplicationState.values) - FINAL_STATES)
SUBMITTED_STATES = frozenset(set(ApplicationState.values) - {ApplicationState.DRAFT})

# These came to nothing and give their round back: the company may apply again in time.
VOID_STATES = frozenset({ApplicationState.WITHDRAWN, ApplicationState.RETURNED})

# What only the company does; every other move is staff's (who may: rules.may_move).
COMPANY_MOVES = frozenset(move.target for move in MOVES if move.by == {Mover.COMPANY})
# Domain.md section 3: these are decided by the agency's manager.
DECISIONS = frozenset(move.target for move in MOVES if move.by == {Mover.MANAGER})
MOVES_WITH_REASON = frozenset(move.target for move in MOVES if move.needs_reason)
# The stages shown to the company as a row of steps (ui.md 1.5).
STAGES = ("작성", "접수", "서류 검토", "심사", "결과")
STAGE_OF: dict[str, int] = {
    ApplicationState.DRAFT: 1,
    ApplicationState.SUBMITTED: 2,
    ApplicationState.UNDER_CHECK: 3,
    ApplicationState.CORRECTION_ASKED: 3,
    ApplicationState.ACCEPTED: 3,
    ApplicationState.IN_REVIEW: 4,
    ApplicationState.SELECTED: 5,
    ApplicationState.WAITING: 5,
    ApplicationState.NOT_SELECTED: 5,
    ApplicationState.RETURNED: 3,
    ApplicationState.WITHDRAWN: 2,
    ApplicationState.GIVEN_UP: 5,
    ApplicationState.CLOSED: 5,
}
STATE_TONES: dict[str, str] = {
    ApplicationState.DRAFT: "gray",
    ApplicationState.SUBMITTED: "primary",
    ApplicationState.UNDER_CHECK: "information",
    ApplicationState.CORRECTION_ASKED: "warning",
    ApplicationState.ACCEPTED: "information",
    ApplicationState.IN_REVIEW: "information",
    ApplicationState.SELECTED: "success",
    ApplicationState.WAITING: "warning",
    ApplicationState.NOT_SELECTED: "gray",
    ApplicationState.RETURNED: "danger",
    ApplicationState.WITHDRAWN: "gray",
    ApplicationState.GIVEN_UP: "gray",
    ApplicationState.CLOSED: "gray",
}


class DocumentState(TextChoices):
    """What an officer found in one paper."""

    RECEIVED = "received", "확인 전"
    CHECKED = "checked", "확인"
    REDO = "redo", "보완요청"
    NOT_APPLICABLE = "not_applicable", "해당없음"


class ReminderKind(TextChoices):
    """What a company is reminded of, by consent to mail (S25)."""

    THREE_DAYS = "three_days", "마감 3일 전"
    ONE_DAY = "one_day", "마감 1일 전"
    CHANGED = "changed", "접수 기간 변경"
    CORRECTION_DUE = "correction_due", "보완 기한"


class Queue(TextChoices):
    """The piles of an agency's work list."""

    NEW = "new", "새 접수"
    ANSWERED = "answered", "보완 도착"
    UNDECIDED = "undecided", "결정 전"
    OVERDUE = "overdue", "기한 지남"
    UNREAD = "unread", "읽지 않음"
    MINE = "mine", "내 담당"


class BulkAct(TextChoices):
    """What is done to several applications of a list at once."""

    ASSIGN = "assign", "담당 지정"
    START_CHECK = "start_check", "서류 검토 시작"
    ACCEPT = "accept", "서류 확인"
    MESSAGE = "message", "안내 보내기"


class SelectionMethod(TextChoices):
    """How a notice chooses among the applications whose papers are in order."""

    FIRST_COME = "first_come", "접수 순서"
    SCORING = "scoring", "심사"


class BundleState(TextChoices):
    """How far a bundle of a notice's papers is."""

    WAITING = "waiting", "만드는 중"
    READY = "ready", "받을 수 있음"
    EXPIRED = "expired", "파기됨"
