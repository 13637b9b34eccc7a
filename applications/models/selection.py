"""선정: how a notice chooses, who scores what, what is proposed, decided and announced."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from applications.enums import DECISIONS, ApplicationState, SelectionMethod
from applications.models.applications import Application
from cms.models import NoticePage
from members.models import User

MAX_POINTS = 100
RESULTS = [(state.value, state.label) for state in ApplicationState if state in DECISIONS]


class Selection(models.Model):
    """How one notice selects. `waiting_places`: how many may wait, None for all that are left.

    Decided by a manager; the results are told at `announce_at`, not before.
    """

    notice = models.OneToOneField(NoticePage, on_delete=models.PROTECT, related_name="selection")
    method = models.CharField(
        "선정 방법",
        max_length=12,
        choices=SelectionMethod.choices,
        default=SelectionMethod.FIRST_COME,
    )
    waiting_places = models.PositiveIntegerField("예비 순번 수", null=True, blank=True)
    refusal_reason = models.CharField("미선정 사유", max_length=300)
    announce_at = models.DateTimeField("결과 발표")
    appeal_until = models.DateTimeField("이의신청 기한", null=True, blank=True)
    created_at = models.DateTimeField("만든 시각")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField("결정 시각", null=True, blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    announced_at = models.DateTimeField("발표한 시각", null=True, blank=True)

    class Meta:
        verbose_name = "선정"
        verbose_name_plural = "선정"
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="selection_decided_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(announced_at__isnull=True) | Q(decided_at__isnull=False),
                name="selection_announced_after_decision",
            ),
            models.CheckConstraint(
                condition=Q(appeal_until__isnull=True)
                | Q(appeal_until__gt=models.F("announce_at")),
                name="selection_appeal_after_announcing",
                violation_error_message="이의신청 기한은 결과 발표보다 늦어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice.code} 선정"


class Criterion(models.Model):
    """What reviewers score, 0 to 100 points, and how much it weighs."""

    selection = models.ForeignKey(Selection, on_delete=models.CASCADE, related_name="criteria")
    label = models.CharField("심사 항목", max_length=80)
    weight = models.PositiveSmallIntegerField("가중치", validators=[MinValueValidator(1)])

    class Meta:
        verbose_name = "심사 항목"
        verbose_name_plural = "심사 항목"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["selection", "label"], name="criterion_once"),
            models.CheckConstraint(condition=Q(weight__gte=1), name="criterion_weighs"),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.weight}"


class Reviewer(models.Model):
    """A named reviewer of one selection, out of the agency's own people."""

    selection = models.ForeignKey(Selection, on_delete=models.CASCADE, related_name="reviewers")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "심사위원"
        verbose_name_plural = "심사위원"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["selection", "person"], name="reviewer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.selection} {self.person.name}"


class Conflict(models.Model):
    """이해충돌: a reviewer who does not score one application."""

    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="conflicts")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="conflicts")
    at = models.DateTimeField("표시한 시각")

    class Meta:
        verbose_name = "이해충돌"
        verbose_name_plural = "이해충돌"
        constraints = [
            models.UniqueConstraint(fields=["reviewer", "application"], name="conflict_once"),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer} {self.application}"


class Score(models.Model):
    """One reviewer's points for one application in one criterion."""

    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="scores")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="scores")
    points = models.PositiveSmallIntegerField("점수", validators=[MaxValueValidator(MAX_POINTS)])
    at = models.DateTimeField("매긴 시각")

    class Meta:
        verbose_name = "심사 점수"
        verbose_name_plural = "심사 점수"
        constraints = [
            models.UniqueConstraint(
                fields=["reviewer", "application", "criterion"], name="score_once"
            ),
            models.CheckConstraint(condition=Q(points__lte=MAX_POINTS), name="score_within_points"),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer} {self.application} {self.points}"


class Proposal(models.Model):
    """What is proposed for one application; `rank` is its place in the order, from 1."""

    selection = models.ForeignKey(Selection, on_delete=models.PROTECT, related_name="proposals")
    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, related_name="proposal"
    )
    result = models.CharField("결과", max_length=20, choices=RESULTS)
    rank = models.PositiveIntegerField("순위")
    reason = models.CharField("사유", max_length=300, blank=True)
    proposed_at = models.DateTimeField("제안한 시각")
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "선정 제안"
        verbose_name_plural = "선정 제안"
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["selection", "rank"], name="proposal_rank_once"),
            models.CheckConstraint(
                condition=Q(result__in=sorted(DECISIONS)), name="proposal_is_a_decision"
            ),
            models.CheckConstraint(
                condition=~Q(result="not_selected") | ~Q(reason=""),
                name="proposal_refusal_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.get_result_display()}"
