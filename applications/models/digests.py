"""The daily mail of new notices to members who agreed to mail."""

from django.db import models


class NoticeDigest(models.Model):
    """One digest: it tells of the notices published in its half-open period.

    `reached` is the key of the last person whose mail was written, so that a run that was
    interrupted goes on there and writes to nobody twice.
    """

    since_at = models.DateTimeField("부터")
    until_at = models.DateTimeField("까지", unique=True)
    reached = models.BigIntegerField(default=0)
    mail_count = models.PositiveIntegerField("메일 수", default=0)
    finished_at = models.DateTimeField("마친 시각", null=True, blank=True)

    class Meta:
        verbose_name = "새 공고 안내"
        verbose_name_plural = "새 공고 안내"
        ordering = ["until_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_at__gt=models.F("since_at")), name="digest_moves_on"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.until_at:%Y-%m-%d %H:%M} 새 공고"
