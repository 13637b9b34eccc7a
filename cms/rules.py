"""Who may do what with pages, and why not."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import models, router
from django.db.models.deletion import Collector, ProtectedError
from wagtail.models import Page

from cms.enums import IntakeKind
from cms.models import (
    AgencyListPage,
    AnnouncementListPage,
    AnnualSchedulePage,
    HomePage,
    IntakeChange,
    NoticeListPage,
    NoticePage,
    PartnerAgencyPage,
    ProgrammeListPage,
)
from cms.models.base import AgencyOwnedPage
from members.models import User
from members.rules import ALLOWED, Verdict

HOUR = timedelta(hours=1)
# What closed during an outage, or closes right after it, gets this much from its end.
LEAST_AFTER_OUTAGE = timedelta(hours=24)

# The frame of the site: without them addresses of the menu would lead nowhere.
FIXED_PAGES = (
    HomePage,
    NoticeListPage,
    ProgrammeListPage,
    AgencyListPage,
    AnnualSchedulePage,
    AnnouncementListPage,
    PartnerAgencyPage,
)


def protecting_rows(pages: models.QuerySet[Page] | Sequence[Page]) -> set[models.Model]:
    """Return the rows that forbid deleting these pages, whichever app they belong to.

    Applications, certificates and counters stand above this app, so the relations are asked
    (domain.md 5.3) instead of the apps.
    """
    collector = Collector(using=router.db_for_write(Page))
    try:
        collector.collect(pages)
    except ProtectedError as error:
        return set(error.protected_objects)
    return set()


def may_delete(page: Page) -> Verdict:
    """Tell whether a page with everything below it may be deleted (domain.md 5.3)."""
    if page.specific_class in FIXED_PAGES:
        return Verdict(
            allowed=False,
            reason=f"«{page.title}»은(는) 사이트의 틀이라 지울 수 없습니다.",
        )
    rows = protecting_rows(Page.objects.descendant_of(page, inclusive=True))
    if not rows:
        return ALLOWED
    return Verdict(
        allowed=False,
        reason=f"«{page.title}»에는 {names_of(rows)} 기록이 있어 지울 수 없습니다. "
        "더 보이지 않게 하려면 게시를 내려 주십시오.",
    )


def may_move(page: Page, destination: Page) -> Verdict:
    """Tell whether a page may be moved below another one (domain.md 5.5).

    Nothing that companies handed in may change hands: once a notice has applications or
    certificates it stays with its agency. Its history of intake changes moves along.
    """
    specific, target = page.specific, destination.specific
    if not isinstance(specific, AgencyOwnedPage) or not isinstance(target, PartnerAgencyPage):
        return ALLOWED
    if specific.agency_id == target.agency_id:
        return ALLOWED
    rows = {row for row in protecting_rows([specific]) if not isinstance(row, IntakeChange)}
    if not rows:
        return ALLOWED
    return Verdict(
        allowed=False,
        reason=f"«{page.title}»에는 {names_of(rows)} 기록이 있어 다른 기관으로 옮길 수 없습니다.",
    )


def may_copy(page: Page) -> Verdict:
    """Tell whether a page may be copied: an agency's corner is made with its groups."""
    if page.specific_class in FIXED_PAGES:
        return Verdict(
            allowed=False, reason=f"«{page.title}»은(는) 하나뿐인 화면이라 복제할 수 없습니다."
        )
    return ALLOWED


def may_change_intake(notice: NoticePage) -> Verdict:
    """Tell whether a notice's intake is changed with a reason: only after the first publishing."""
    if notice.first_published_at is None:
        return Verdict(
            allowed=False,
            reason="아직 게시한 적이 없는 공고입니다. 접수 정보는 편집 화면에서 고쳐 주십시오.",
        )
    return ALLOWED


def advice_on(notice: NoticePage) -> list[str]:
    """Say what a notice about to be published lacks to explain itself; nothing is forbidden."""
    names = [attachment.document.filename.lower() for attachment in notice.attachments.all()]
    advice = []
    if names and all(name.endswith((".hwp", ".hwpx")) for name in names):
        advice.append(
            "첨부파일이 한글(HWP) 파일뿐입니다. 한글이 없는 기업과 화면낭독기 사용자를 위해 "
            "PDF도 함께 올려 주십시오."
        )
    if not names and not notice.body:
        advice.append("본문도 첨부파일도 없습니다. 지원 내용과 신청 자격을 알려 주십시오.")
    if notice.intake_kind == IntakeKind.OWN and not notice.required_documents.all():
        advice.append("제출서류가 없습니다. 신청할 때 낼 서류가 없는 공고인지 확인해 주십시오.")
    return advice


def fair_closing(
    notice: NoticePage, *, started_at: datetime, ended_at: datetime
) -> datetime | None:
    """Return the closing time that makes an outage good, or None where the notice lost nothing.

    The time lost is added and rounded up to the full hour; what closed during the outage or
    closes within a day after it gets at least a day from its end.
    """
    ends_at = notice.intake_closes_at
    if ends_at is None or notice.stopped_early_at is not None:
        return None
    lost = min(ends_at, ended_at) - max(notice.intake_opens_at, started_at)
    if lost <= timedelta(0):
        return None
    hours = -(-lost // HOUR)
    return full_hour(max(ends_at + hours * HOUR, ended_at + LEAST_AFTER_OUTAGE))


def full_hour(moment: datetime) -> datetime:
    """Return the moment itself on a full hour, else the next full hour."""
    floor = moment.replace(minute=0, second=0, microsecond=0)
    return floor if floor == moment else floor + HOUR


def names_of(rows: Iterable[models.Model]) -> str:
    """Return the Korean names of the kinds of rows: «신청, 확인증»; counters have none."""
    names = {str(row._meta.verbose_name) for row in rows}
    return ", ".join(sorted(name for name in names if not name.isascii())) or "접수"


def may_add_below(parent: Page, *, by: User) -> Verdict:
    """Tell whether an account may write a new page below another one."""
    if parent.permissions_for_user(by).can_add_subpage():
        return ALLOWED
    return Verdict(allowed=False, reason="이 기관의 글을 쓸 권한이 없습니다.")


def may_write(page: Page, *, by: User) -> Verdict:
    """Tell whether an account may change a page now: its right, and nobody's lock on the page."""
    rights = page.permissions_for_user(by)
    if not rights.can_edit():
        return Verdict(allowed=False, reason="이 글을 고칠 권한이 없습니다.")
    if rights.page_locked():
        return Verdict(
            allowed=False, reason="승인을 기다리거나 다른 담당자가 잠근 글이라 고칠 수 없습니다."
        )
    return ALLOWED


def may_publish(page: Page, *, by: User) -> Verdict:
    """Tell whether an account may publish a page, or change a published notice's intake."""
    if page.permissions_for_user(by).can_publish():
        return ALLOWED
    return Verdict(
        allowed=False, reason="이 기관의 글은 승인을 거쳐 게시됩니다. 승인을 요청해 주십시오."
    )


def may_submit(page: Page, *, by: User) -> Verdict:
    """Tell whether an account may ask for a page's approval."""
    verdict = may_write(page, by=by)
    if not verdict.allowed:
        return verdict
    if page.permissions_for_user(by).can_submit_for_moderation():
        return ALLOWED
    return Verdict(allowed=False, reason="이미 승인을 기다리는 글입니다.")
