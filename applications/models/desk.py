"""What officers keep beside an application: what they read, noted, wrote, and how they filter."""

from uuid import uuid4

from django.db import models

from applications.models.applications import Application
from members.models import User


class ReadMark(models.Model):
    """Until when one officer has seen one application; a later change makes it unread again."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="read_marks"
    )
    at = models.DateTimeField("읽은 시각")

    class Meta:
        verbose_name = "읽음 표시"
        verbose_name_plural = "읽음 표시"
        constraints = [
            models.UniqueConstraint(fields=["application", "person"], name="read_mark_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.application}"


class SavedFilter(models.Model):
    """A filter of the list of applications that one officer keeps under a name."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="saved_filters")
    name = models.CharField("이름", max_length=40)
    query = models.CharField("조건", max_length=500)
    created_at = models.DateTimeField("저장한 시각")

    class Meta:
        verbose_name = "저장한 필터"
        verbose_name_plural = "저장한 필터"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["person", "name"], name="saved_filter_name_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.name}"


class InternalNote(models.Model):
    """A note on an application that only the agency's staff reads."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="notes")
    text = models.CharField("내용", max_length=1000)
    at = models.DateTimeField("시각")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "내부 메모"
        verbose_name_plural = "내부 메모"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.application} {self.at:%Y-%m-%d %H:%M}"


class ApplicantMessage(models.Model):
    """What the agency wrote to the company about its application; mailed and kept."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="messages")
    subject = models.CharField("제목", max_length=120)
    text = models.TextField("내용", max_length=2000)
    at = models.DateTimeField("보낸 시각")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "기관이 보낸 안내"
        verbose_name_plural = "기관이 보낸 안내"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.application} {self.subject}"
