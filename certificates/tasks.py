"""Slow leaf work for the task worker."""

from django.utils import timezone
from django_tasks import task

from certificates.models import Certificate
from certificates.papers import make_paper


@task()
def make_paper_later(certificate_pk: int) -> None:
    """Make the paper of a numbered certificate; doing it twice changes nothing."""
    certificate = Certificate.objects.select_related("notice", "paper").get(pk=certificate_pk)
    make_paper(certificate=certificate, at=timezone.now())
