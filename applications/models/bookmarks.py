"""스크랩: the notices a person keeps at hand, and the mails that follow from it."""

from datetime import datetime

from django.db import models

from applications.enums import ReminderKind
from cms.models import NoticePage
from members.models import User


class BookmarkQuerySet(models.QuerySet["Bookmark"]):
    def of(self, person: User) -> "BookmarkQuerySet":
        return self.filter(person=person)

    def keep(self, *, person: User, notice: NoticePage, at: datetime) -> "Bookmark":
        """Scrap a notice; a second call returns the same bookmark."""
        bookmark, _ = self.get_or_create(person=person, notice=notice, defaults={"created_at": at})
        return bookmark


class Bookmark(models.Model):
    """One scrapped notice of one person (S14); it goes with the notice."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="bookmarks")
    notice = models.ForeignKey(NoticePage, on_delete=models.CASCADE, related_name="bookmarks")
    created_at: models.DateTimeField[datetime, datetime] = models.DateTimeField("스크랩한 시각")

    objects = BookmarkQuerySet.as_manager()

    class Meta:
        verbose_name = "스크랩"
        verbose_name_plural = "스크랩"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "notice"], name="bookmark_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.notice.code}"


class Reminder(models.Model):
    """A reminder that was written for one person, so that a second run writes none.

    `occasion` is what it was about: the closing time told (ISO 8601) or a row's key.
    """

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="reminders")
    notice = models.ForeignKey(NoticePage, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField("종류", max_length=20, choices=ReminderKind.choices)
    occasion = models.CharField("계기", max_length=60)
    at = models.DateTimeField("시각")

    class Meta:
        verbose_name = "알림"
        verbose_name_plural = "알림"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "notice", "kind", "occasion"], name="reminder_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.notice.code} {self.get_kind_display()}"
