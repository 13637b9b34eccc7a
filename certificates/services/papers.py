"""Healing: papers of certificates that have their number but no file."""

import logging
from datetime import datetime

from certificates import pdf
from certificates.models import Certificate
from certificates.papers import make_paper, require_parts

logger = logging.getLogger(__name__)


def make_missing_papers(*, at: datetime, limit: int = 100) -> int:
    """Make the papers that a crash or a missing font left out, oldest first; returns how many.

    Raises `certificates.pdf.PaperUnavailableError`; one paper that fails does not stop the others.
    """
    waiting = Certificate.objects.without_paper().select_related("notice", "paper", "company")
    certificates = list(waiting.order_by("issued_at", "pk")[:limit])
    if certificates:
        require_parts(at=at)
    made = 0
    for certificate in certificates:
        try:
            make_paper(certificate=certificate, at=at)
        except (pdf.PaperOverflowError, OSError):
            logger.exception("certificate %s still has no paper", certificate.number)
        else:
            made += 1
    return made
