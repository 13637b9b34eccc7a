"""States of an application and the moves between them (domain.md section 2, S65)."""

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


APPLICATION_MOVES: dict[str, frozenset[str]] = {
    ApplicationState.DRAFT: frozenset({ApplicationState.SUBMITTED}),
    ApplicationState.SUBMITTED: frozenset(
        {ApplicationState.UNDER_CHECK, ApplicationState.WITHDRAWN, ApplicationState.RETURNED}
    ),
    ApplicationState.UNDER_CHECK: frozenset(
        {
            ApplicationState.CORRECTION_ASKED,
            ApplicationState.ACCEPTED,
            ApplicationState.RETURNED,
            ApplicationState.WITHDRAWN,
        }
    ),
    ApplicationState.CORRECTION_ASKED: frozenset(
        {ApplicationState.UNDER_CHECK, ApplicationState.RETURNED, ApplicationState.WITHDRAWN}
    ),
    ApplicationState.ACCEPTED: frozenset(
        {
            ApplicationState.IN_REVIEW,
            ApplicationState.SELECTED,
            ApplicationState.WAITING,
            ApplicationState.NOT_SELECTED,
            ApplicationState.WITHDRAWN,
        }
    ),
    ApplicationState.IN_REVIEW: frozenset(
        {ApplicationState.SELECTED, ApplicationState.WAITING, ApplicationState.NOT_SELECTED}
    ),
    ApplicationState.WAITING: frozenset(
        {ApplicationState.SELECTED, ApplicationState.NOT_SELECTED, ApplicationState.GIVEN_UP}
    ),
    ApplicationState.SELECTED: frozenset({ApplicationState.GIVEN_UP, ApplicationState.CLOSED}),
    ApplicationState.NOT_SELECTED: frozenset({ApplicationState.CLOSED}),
    ApplicationState.RETURNED: frozenset(),
    ApplicationState.WITHDRAWN: frozenset(),
    ApplicationState.GIVEN_UP: frozenset(),
    ApplicationState.CLOSED: frozenset(),
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

# What the company does itself; every other move is staff's (who may: rules.may_move).
COMPANY_MOVES = frozenset(
    {ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN, ApplicationState.GIVEN_UP}
)
# Domain.md section 3: these are decided by the agency's manager.
DECISIONS = frozenset(
    {ApplicationState.SELECTED, ApplicationState.WAITING, ApplicationState.NOT_SELECTED}
)
MOVES_WITH_REASON = frozenset(
    {
        ApplicationState.CORRECTION_ASKED,
        ApplicationState.RETURNED,
        ApplicationState.NOT_SELECTED,
        ApplicationState.WITHDRAWN,
        ApplicationState.GIVEN_UP,
    }
)
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
