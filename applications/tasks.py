"""Slow leaf work for the task worker."""

from django.utils import timezone
from django_tasks import task

from applications.bundling import make_bundle
from applications.models import PaperBundle


@task()
def make_bundle_later(bundle_pk: int) -> None:
    """Make the parts of a bundle that was ordered; doing it twice changes nothing."""
    rows = PaperBundle.objects.select_related("notice", "requested_by")
    make_bundle(bundle=rows.get(pk=bundle_pk), at=timezone.now())
