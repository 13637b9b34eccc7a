"""What our mails say: kind, subject, template and its words. Sending is the outbox's work."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from applications.enums import ApplicationState
from applications.models import ApplicantMessage, Application, CorrectionRequest
from cms.models import IntakeChange, NoticePage
from members.formatting import format_closing, format_period

RESULT_STATES = frozenset(
    {ApplicationState.SELECTED, ApplicationState.WAITING, ApplicationState.NOT_SELECTED}
)


@dataclass(frozen=True)
class MailText:
    """One mail before it has a recipient."""

    kind: str
    subject: str
    template: str
    context: dict[str, Any]


def address_of(application: Application) -> str:
    """Return the absolute address of the company's own page of an application."""
    return settings.SITE_URL + reverse("applications:detail", args=[application.uuid])


def words_of(application: Application) -> dict[str, Any]:
    """Return what every mail about an application may say."""
    return {
        "application": application,
        "notice": application.notice,
        "company": application.company,
        "url": address_of(application),
    }


def receipt_mail(application: Application) -> MailText:
    """접수증: number, moment, files with SHA-256 and the hash of the whole (N6)."""
    return MailText(
        kind="application_receipt",
        subject=f"[접수 완료] {application.receipt_number} {application.notice.title}",
        template="emails/application_receipt.txt",
        context={
            **words_of(application),
            "documents": (application.snapshot or {}).get("documents", []),
        },
    )


def replaced_mail(application: Application, *, label: str) -> MailText:
    """A handed-in paper was replaced: the receipt's new hash."""
    return MailText(
        kind="application_replaced",
        subject=f"[서류 교체] {application.receipt_number} {application.notice.title}",
        template="emails/application_replaced.txt",
        context={
            **words_of(application),
            "label": label,
            "documents": (application.snapshot or {}).get("documents", []),
        },
    )


def withdrawn_mail(application: Application, *, reason: str) -> MailText:
    """The company withdrew: what that means and whether it may apply again."""
    return MailText(
        kind="application_withdrawn",
        subject=f"[취하 완료] {application.receipt_number} {application.notice.title}",
        template="emails/application_withdrawn.txt",
        context={**words_of(application), "reason": reason},
    )


def moved_mail(
    application: Application, *, reason: str, corrections: list[CorrectionRequest]
) -> MailText:
    """Staff moved the application: new state, reason, what to do next."""
    label = application.get_state_display()
    heading = "선정 결과" if application.state in RESULT_STATES else label
    return MailText(
        kind=f"application_{application.state}",
        subject=f"[{heading}] {application.receipt_number} {application.notice.title}",
        template="emails/application_moved.txt",
        context={**words_of(application), "reason": reason, "corrections": corrections},
    )


def given_up_mail(application: Application, *, reason: str) -> MailText:
    """The company gave up its place: a confirmation, so that nobody does it unseen."""
    return MailText(
        kind="application_given_up",
        subject=f"[포기 완료] {application.receipt_number} {application.notice.title}",
        template="emails/application_moved.txt",
        context={**words_of(application), "reason": reason, "corrections": []},
    )


def result_mail(
    application: Application, *, reason: str, appeal_until: datetime | None
) -> MailText:
    """The announced result with its reason, and until when it can be appealed against."""
    moved = moved_mail(application, reason=reason, corrections=[])
    appeal = format_closing(appeal_until) if appeal_until else ""
    return replace(moved, context={**moved.context, "appeal": appeal})


def message_mail(message: ApplicantMessage) -> MailText:
    """What the agency wrote to a company about its application."""
    application = message.application
    return MailText(
        kind="application_message",
        subject=f"[안내] {message.subject} ({application.receipt_number})",
        template="emails/application_message.txt",
        context={**words_of(application), "text": message.text},
    )


def stop_address(token: str) -> str:
    """Return the absolute address that ends mails of this kind."""
    return settings.SITE_URL + reverse("applications:mail_stop", args=[token])


def draft_reminder(draft: Application, *, stop_url: str) -> MailText:
    """A draft is not handed in and the intake closes soon."""
    closes = format_closing(draft.notice.ends_at) if draft.notice.ends_at else ""
    return MailText(
        kind="reminder_draft",
        subject=f"[마감 {closes}] 아직 제출하지 않은 신청이 있습니다",
        template="emails/reminder_draft.txt",
        context={
            "notice": draft.notice,
            "closes": closes,
            "url": settings.SITE_URL + reverse("applications:start", args=[draft.notice.code]),
            "stop_url": stop_url,
        },
    )


def digest_mail(notices: Sequence[NoticePage], *, stop_url: str) -> MailText:
    """The new notices since the last digest, each with its period and address (S25)."""
    rows = [
        {
            "notice": notice,
            "period": format_period(notice.intake_opens_at, notice.ends_at),
            "url": settings.SITE_URL + reverse("cms:notice", args=[notice.code]),
        }
        for notice in notices
    ]
    return MailText(
        kind="notice_digest",
        subject=f"(광고) 새 수출지원사업 공고 {len(rows)}건",
        template="emails/notice_digest.txt",
        context={"rows": rows, "stop_url": stop_url},
    )


def changes_period(change: IntakeChange) -> bool:
    """Tell whether a change of intake facts moved the period itself."""
    return bool({"intake_opens_at", "intake_closes_at", "stopped_early_at"} & set(change.changes))


def change_notice(change: IntakeChange, *, stop_url: str) -> MailText:
    """The intake period of a notice was changed, with the reason."""
    notice = change.notice
    return MailText(
        kind="reminder_change",
        subject=f"[접수 기간 변경] {notice.title}",
        template="emails/reminder_change.txt",
        context={
            "notice": notice,
            "period": format_period(notice.intake_opens_at, notice.ends_at),
            "reason": change.reason,
            "url": settings.SITE_URL + reverse("cms:notice", args=[notice.code]),
            "stop_url": stop_url,
        },
    )


def correction_reminder(
    application: Application, *, due_at: datetime | None, stop_url: str
) -> MailText:
    """A correction is due soon and was not answered."""
    return MailText(
        kind="reminder_correction",
        subject=f"[보완 기한] {application.receipt_number} 서류를 보완해 주십시오",
        template="emails/reminder_correction.txt",
        context={
            **words_of(application),
            "due": format_closing(due_at) if due_at else "",
            "stop_url": stop_url,
        },
    )
