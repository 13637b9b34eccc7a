"""Who may do what with pages, and why not."""

from collections.abc import Iterable, Sequence

from django.db import models, router
from django.db.models.deletion import Collector, ProtectedError
from wagtail.models import Page

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
