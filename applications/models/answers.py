"""추가 질문 as a notice asked them, in versions, and what a company answered."""

from datetime import datetime

from django.db import models

from cms.models import NoticePage
from members.encryption import EncryptedJSONField
from members.models import User


class QuestionSet(models.Model):
    """One version of a notice's questions, never changed: drafts answer the one they began with.

    `questions`: a list of NoticeQuestion.definition(); `content_hash` is its SHA-256, so that
    questions that were changed back are the same version again.
    """

    notice = models.ForeignKey(NoticePage, on_delete=models.PROTECT, related_name="question_sets")
    version = models.PositiveIntegerField("판")
    questions = models.JSONField("질문")
    content_hash = models.CharField("해시", max_length=64)
    created_at: models.DateTimeField[datetime, datetime] = models.DateTimeField("굳어진 시각")

    class Meta:
        verbose_name = "추가 질문"
        verbose_name_plural = "추가 질문"
        ordering = ["notice", "version"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "version"], name="question_set_version_once"),
            models.UniqueConstraint(
                fields=["notice", "content_hash"], name="question_set_content_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice.code} 질문 {self.version}판"


class Answer(models.Model):
    """One answer of an application, as it was typed: checked when shown and when handed in.

    value: text; for several choices a list of texts; for a table a list of rows, each a list of
    the texts of its cells. Files answer as SubmittedDocument with the question's key.
    """

    application = models.ForeignKey(
        "applications.Application", on_delete=models.PROTECT, related_name="answers"
    )
    key = models.UUIDField("질문 식별값")
    value = EncryptedJSONField("답")
    saved_at: models.DateTimeField[datetime, datetime] = models.DateTimeField("저장 시각")
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "답변"
        verbose_name_plural = "답변"
        constraints = [
            models.UniqueConstraint(fields=["application", "key"], name="answer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.key}"
