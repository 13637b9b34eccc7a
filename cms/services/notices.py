"""What happens to a notice beside its text: intake facts, copies for the next year, moves."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import Page

from cms.models import INTAKE_FIELDS, IntakeChange, NoticePage, PartnerAgencyPage, SearchEntry
from cms.models.base import AgencyOwnedPage
from cms.rules import may_change_intake, may_move
from cms.services.search import index_page
from members.formatting import in_seoul
from members.models import User
from members.services.outbox import InvalidRecipientError, add_mail

DATES_OF_A_YEAR = ("intake_opens_at", "intake_closes_at", "posted_at")


class ReasonMissingError(Exception):
    """A published notice's intake is never changed without a reason."""


class NothingChangedError(Exception):
    """The new facts are the old ones."""


class NotPublishedYetError(Exception):
    """Before the first publishing the page's own form holds the intake facts."""


class NotAnIntakeFactError(Exception):
    """A named column is not one of INTAKE_FIELDS."""


class PageMustStayError(Exception):
    """A page with applications or certificates stays with its agency; str() says why."""


def lock_intake(notice: NoticePage) -> NoticePage:
    """Lock a notice's row and return it as it is now; must run in the caller's transaction.

    Whoever takes an application decides by this row, so that it cannot slip past a closing that
    is being moved at the same moment.
    """
    return NoticePage.objects.select_for_update(of=("self",)).get(pk=notice.pk)


@transaction.atomic
def change_intake(
    *, notice: NoticePage, changes: Mapping[str, Any], reason: str, by: User, at: datetime
) -> IntakeChange:
    """Change intake facts of a published notice, and leave why, when and by whom (domain.md 5.1).

    `changes` maps names of INTAKE_FIELDS to new values (aware datetimes, enum values). The live
    row alone is written, and only these columns. Raises ReasonMissingError, NotAnIntakeFactError,
    NotPublishedYetError, NothingChangedError, and ValidationError with the fields at fault.
    """
    reason = reason.strip()
    if not reason:
        raise ReasonMissingError
    if not set(changes) <= set(INTAKE_FIELDS):
        raise NotAnIntakeFactError(", ".join(sorted(set(changes) - set(INTAKE_FIELDS))))
    live = lock_intake(notice)
    if not may_change_intake(live).allowed:
        raise NotPublishedYetError
    old = {name: getattr(live, name) for name in changes if getattr(live, name) != changes[name]}
    if not old:
        raise NothingChangedError
    old_closes_at = live.intake_closes_at
    for name in old:
        setattr(live, name, changes[name])
    check_intake(live)
    live.save(update_fields=sorted(old), clean=False)
    change = IntakeChange.objects.create(
        notice=live,
        old_closes_at=old_closes_at,
        new_closes_at=live.intake_closes_at,
        changes={name: [as_text(old[name]), as_text(getattr(live, name))] for name in sorted(old)},
        reason=reason,
        at=at,
        by=by,
    )
    log(instance=live, action="cms.change_intake", user=by, data={"reason": reason})
    tell_the_agency(change, at=at)
    return change


def check_intake(notice: NoticePage) -> None:
    """Raise ValidationError when the intake facts contradict each other."""
    others = {field.name for field in notice._meta.get_fields()} - set(INTAKE_FIELDS)
    notice.clean_fields(exclude=others)
    notice.clean()
    if notice.stopped_early_at is not None and not notice.stop_reason:
        raise ValidationError({"stop_reason": "조기 마감에는 사유가 필요합니다."})
    notice.validate_constraints(exclude=others)


def as_text(value: Any) -> str | None:
    """Write a fact for the history: times as ISO 8601, None as None."""
    if value is None:
        return None
    return value.isoformat() if isinstance(value, datetime) else str(value)


def tell_the_agency(change: IntakeChange, *, at: datetime) -> None:
    """Write a mail to the agency's staff: somebody may have told companies the old time."""
    agency = change.notice.agency
    addresses = agency.people.active().exclude(email="").values_list("email", flat=True)
    for address in sorted(set(addresses)):
        try:
            add_mail(
                kind="intake_changed",
                to=address,
                subject=f"[{change.notice.code}] 접수 정보가 바뀌었습니다",
                template="emails/intake_changed.txt",
                context={"change": change, "notice": change.notice},
                at=at,
            )
        except InvalidRecipientError:
            continue


@transaction.atomic
def clone_notice(*, notice: NoticePage, by: User, at: datetime) -> NoticePage:
    """Copy a notice as next year's draft («지난 공고 복제»): new code, dates a year later.

    Text, required documents and attachments come along; numbers, views, an early stop and the
    history do not. The year in the title is raised where it is the year of the intake.
    """
    source = NoticePage.objects.get(pk=notice.pk)
    copy: NoticePage = source.copy(
        update_attrs={
            "title": title_of_next_year(source),
            **{name: a_year_later(getattr(source, name)) for name in DATES_OF_A_YEAR},
            "go_live_at": None,
            "expire_at": None,
        },
        copy_revisions=False,
        keep_live=False,
        user=by,
        log_action="wagtail.copy",
    )
    return NoticePage.objects.get(pk=copy.pk)


def a_year_later(moment: datetime | None) -> datetime | None:
    """Return the same day and minute of the next year in Seoul; 29 February becomes the 28th."""
    if moment is None:
        return None
    local = in_seoul(moment)
    try:
        return local.replace(year=local.year + 1)
    except ValueError:
        return local.replace(year=local.year + 1, day=28)


def title_of_next_year(notice: NoticePage) -> str:
    """Return the title with the intake's year raised by one, wherever it stands alone."""
    year = in_seoul(notice.intake_opens_at).year
    return re.sub(rf"(?<!\d){year}(?!\d)", str(year + 1), notice.title)


@transaction.atomic
def settle_moved_page(*, page: Page, after: Page) -> None:
    """Give a moved page the agency of its new place; runs behind every route of moving.

    Raises PageMustStayError, which takes the whole move back.
    """
    specific, target = page.specific, after.specific
    if not isinstance(specific, AgencyOwnedPage) or not isinstance(target, PartnerAgencyPage):
        return
    verdict = may_move(specific, target)
    if not verdict.allowed:
        raise PageMustStayError(verdict.reason)
    if specific.agency_id != target.agency_id:
        specific.agency = target.agency
        specific.save(update_fields=["agency"], clean=False)
        if SearchEntry.objects.filter(page_id=page.pk).exists():
            index_page(page=specific)
