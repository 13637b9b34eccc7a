"""Bundles of a notice's papers: ordered with a reason, destroyed after a day."""

from datetime import datetime
from functools import partial

from django.db import transaction

from applications import rules
from applications.bundling import make_bundle
from applications.enums import BundleState
from applications.models import PaperBundle
from applications.services.moves import MoveRefusedError
from applications.tasks import make_bundle_later
from cms.models import NoticePage
from members.models import User
from members.services.files import destroy_file


@transaction.atomic
def order_bundle(*, notice: NoticePage, reason: str, by: User, at: datetime) -> PaperBundle:
    """Order all papers of an own notice; the task worker makes them. Raises MoveRefusedError."""
    if not rules.is_agency_staff_of(notice, by=by):
        raise MoveRefusedError(rules.refused("다른 기관의 공고입니다."))
    bundle = PaperBundle.objects.create(
        notice=notice, reason=reason, requested_at=at, requested_by=by
    )
    transaction.on_commit(partial(make_bundle_later.enqueue, bundle.pk), robust=True)
    return bundle


def make_missing_bundles(*, at: datetime) -> int:
    """Make the bundles whose task was lost; returns how many. For the job that destroys them."""
    waiting = PaperBundle.objects.filter(state=BundleState.WAITING)
    rows = list(waiting.select_related("notice", "requested_by"))
    for bundle in rows:
        make_bundle(bundle=bundle, at=at)
    return len(rows)


def destroy_expired_bundles(*, at: datetime) -> int:
    """Destroy the parts of bundles that are older than a day; returns how many bundles."""
    expired = PaperBundle.objects.filter(state=BundleState.READY, expires_at__lte=at)
    return sum(_destroy(bundle, at) for bundle in expired)


@transaction.atomic
def _destroy(bundle: PaperBundle, at: datetime) -> int:
    for part in bundle.parts.select_related("file"):
        destroy_file(stored=part.file, by=None, reason="보관 시간이 지났습니다.", at=at)
    bundle.state = BundleState.EXPIRED
    bundle.save(update_fields=["state"])
    return 1
