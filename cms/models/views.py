"""Counting readers without knowing them (decision A19)."""

from django.db import models


class ViewSalt(models.Model):
    """The secret of one day by which its readers are marked; deleted the next day."""

    day = models.DateField("날짜", unique=True)
    salt = models.CharField("값", max_length=64)

    class Meta:
        verbose_name = "조회 표시 값"
        verbose_name_plural = "조회 표시 값"

    def __str__(self) -> str:
        return self.day.isoformat()


class ViewMark(models.Model):
    """One reader of one notice on one day: a keyed hash, from which nobody can be found."""

    notice = models.ForeignKey("cms.NoticePage", on_delete=models.CASCADE, related_name="+")
    day = models.DateField("날짜")
    visitor = models.CharField("방문자 표시", max_length=64)

    class Meta:
        verbose_name = "조회 표시"
        verbose_name_plural = "조회 표시"
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "day", "visitor"], name="view_once_per_visitor_and_day"
            ),
        ]
        indexes = [models.Index(fields=["day"], name="view_mark_day")]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.day}"
