"""Applications: one row per company, notice and round; everything submitted is copied here."""

from datetime import datetime
from uuid import uuid4

from django.db import models
from django.db.models import Q

from applications.enums import (
    FINAL_STATES,
    LIVE_STATES,
    VOID_STATES,
    ApplicationState,
    DocumentState,
)
from applications.models.answers import QuestionSet
from cms.models import NoticePage
from members.encryption import EncryptedJSONField
from members.models import Agency, Company, StoredFile, User


class ApplicationQuerySet(models.QuerySet["Application"]):
    def owned_by(self, company: Company) -> "ApplicationQuerySet":
        return self.filter(company=company)

    def on_notices_of(self, agency: Agency) -> "ApplicationQuerySet":
        """What an agency's officers see: submitted ones on own notices, drafts never."""
        return self.filter(notice__agency=agency).submitted()

    def submitted(self) -> "ApplicationQuerySet":
        return self.filter(submitted_at__isnull=False)

    def drafts(self) -> "ApplicationQuerySet":
        return self.filter(submitted_at__isnull=True)

    def live(self) -> "ApplicationQuerySet":
        return self.filter(state__in=LIVE_STATES)

    def locked(self, application: "Application") -> "Application":
        """Return the application as it is now, locked until the transaction ends."""
        rows = self.select_for_update(of=("self",))
        return rows.select_related("company", "notice__agency", "question_set").get(
            pk=application.pk
        )

    def counted(self) -> "ApplicationQuerySet":
        """Those that use up one of the rounds a notice allows."""
        return self.exclude(state__in=VOID_STATES)


class Application(models.Model):
    """신청 (S55, S65). `snapshot` copies the record as it was at the moment of intake.

    snapshot: ``{"company": {...}, "person": {...}, "products": [...], "figures": [...],
    "notice": {...}, "documents": [{"key", "label", "name", "size", "sha256"}], "consents": [...],
    "answers": [...]}`` (questions.copied_answers); the notice's part bears the questions' version.
    `version` grows with each saved change of the draft, so that two tabs cannot overwrite.
    `edition` counts what was handed in: 1 at first, one more with each replaced paper; what an
    edition said before stays in EarlierSubmission. A withdrawn or returned application gives its
    round back, so that the company may apply again while the intake is open.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    company = models.ForeignKey(
        Company, verbose_name="기업", on_delete=models.PROTECT, related_name="applications"
    )
    notice = models.ForeignKey(
        NoticePage, verbose_name="공고", on_delete=models.PROTECT, related_name="applications"
    )
    round = models.PositiveSmallIntegerField("차수", default=1)
    state = models.CharField(
        "상태", max_length=20, choices=ApplicationState.choices, default=ApplicationState.DRAFT
    )
    version = models.PositiveIntegerField("판", default=1)
    receipt_number = models.CharField("접수번호", max_length=30, unique=True, null=True, blank=True)
    submission_key = models.UUIDField("제출 식별값", default=uuid4, unique=True, editable=False)
    snapshot = EncryptedJSONField("제출 당시 기록", null=True, blank=True)
    content_hash = models.CharField("전체 해시", max_length=64, blank=True)
    edition = models.PositiveSmallIntegerField("제출 차례", default=1)
    record_confirmed_at = models.DateTimeField("가입정보 확인 시각", null=True, blank=True)
    consented_at = models.DateTimeField("재동의 시각", null=True, blank=True)
    question_set = models.ForeignKey(
        QuestionSet,
        verbose_name="추가 질문 판",
        on_delete=models.PROTECT,
        related_name="applications",
        null=True,
        blank=True,
    )
    created_at = models.DateTimeField("작성 시작")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField("수정 시각")
    submitted_at = models.DateTimeField("접수 시각", null=True, blank=True)
    submitted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    assignee = models.ForeignKey(
        User,
        verbose_name="담당",
        on_delete=models.PROTECT,
        related_name="assigned_applications",
        null=True,
        blank=True,
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = "신청"
        verbose_name_plural = "신청"
        constraints = [
            models.UniqueConstraint(
                fields=["company", "notice", "round"],
                condition=~Q(state__in=sorted(VOID_STATES)),
                name="application_once_a_round",
            ),
            models.UniqueConstraint(
                fields=["company", "notice"],
                condition=~Q(state__in=sorted(FINAL_STATES)),
                name="application_one_live_round",
            ),
            models.CheckConstraint(
                condition=Q(
                    submitted_at__isnull=True,
                    submitted_by__isnull=True,
                    receipt_number__isnull=True,
                )
                | Q(
                    submitted_at__isnull=False,
                    submitted_by__isnull=False,
                    receipt_number__isnull=False,
                ),
                name="application_submitted_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(state=ApplicationState.DRAFT) | Q(submitted_at__isnull=False),
                name="application_only_drafts_unsubmitted",
            ),
        ]
        indexes = [models.Index(fields=["notice", "state", "submitted_at"])]

    def __str__(self) -> str:
        return self.receipt_number or f"{self.notice.code} 작성 중"

    @property
    def is_draft(self) -> bool:
        return self.state == ApplicationState.DRAFT

    def mark_submitted(self, *, number: str, by: User, at: datetime) -> None:
        """Turn the draft into an intake; `at` is the moment of intake."""
        self.state = ApplicationState.SUBMITTED
        self.receipt_number = number
        self.submitted_at = self.updated_at = at
        self.submitted_by = by


class SubmittedDocumentQuerySet(models.QuerySet["SubmittedDocument"]):
    def current(self) -> "SubmittedDocumentQuerySet":
        return self.filter(replaced_at__isnull=True)


class SubmittedDocument(models.Model):
    """One uploaded file for one required document; key and label are copies (domain.md 5.2)."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="documents")
    key = models.UUIDField("제출서류 식별값")
    label = models.CharField("서류 이름", max_length=120)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="submissions")
    uploaded_at = models.DateTimeField("올린 시각")
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField("교체 시각", null=True, blank=True)
    state = models.CharField(
        "확인",
        max_length=16,
        choices=DocumentState.choices,
        default=DocumentState.RECEIVED,
    )
    reason = models.CharField("보완 사유", max_length=300, blank=True)
    due_at = models.DateTimeField("보완 기한", null=True, blank=True)
    checked_at = models.DateTimeField("확인 시각", null=True, blank=True)
    checked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = SubmittedDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "제출된 서류"
        verbose_name_plural = "제출된 서류"
        ordering = ["label", "uploaded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "key"],
                condition=Q(replaced_at__isnull=True),
                name="submitted_document_one_current",
            ),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True, checked_by__isnull=True)
                | Q(checked_at__isnull=False, checked_by__isnull=False),
                name="submitted_document_checked_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.label}"


class ReceiptCounter(models.Model):
    """The locked counter of receipt numbers, per notice."""

    notice = models.OneToOneField(
        NoticePage, on_delete=models.PROTECT, related_name="receipt_counter"
    )
    last_number = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.notice.code} {self.last_number}"


class ApplicationEvent(models.Model):
    """One step in an application's life, written in the transaction of the step.

    A step that leaves the state alone (a replaced paper) has the same state on both sides.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="events")
    from_state = models.CharField("이전 상태", max_length=20, blank=True)
    to_state = models.CharField("새 상태", max_length=20, choices=ApplicationState.choices)
    note = models.CharField("내용", max_length=500, blank=True)
    at = models.DateTimeField("시각")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "신청 이력"
        verbose_name_plural = "신청 이력"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.application} {self.from_state}→{self.to_state}"
