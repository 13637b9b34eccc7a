"""Issuing: the number once, under a lock; the paper once, right after (S59 to S62)."""

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction

from certificates import pdf
from certificates.enums import CertificateState
from certificates.models import Certificate, IssueCounter
from certificates.numbers import format_number
from certificates.papers import make_paper, require_parts
from certificates.printing import one_line
from certificates.rules import issue_verdict, reissue_verdict
from certificates.selectors import last_certificate, paper_texts
from certificates.signing_keys import SigningKeyError
from certificates.tasks import make_paper_later
from cms.models import NoticePage
from cms.services.notices import lock_intake
from members.formatting import day_in_seoul, format_phone
from members.models import Company, User
from members.rules import Verdict
from members.services import throttle

logger = logging.getLogger(__name__)

THROTTLE_SCOPE = "certificate_issue_company"


class IssueRefusedError(Exception):
    """No certificate for this company now; `verdict.reason` says why in Korean."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.reason)
        self.verdict = verdict


class NothingChangedError(Exception):
    """A reissue needs a difference between the record and the paper."""


def issue_certificate(
    *, notice: NoticePage, company: Company, by: User, at: datetime
) -> Certificate:
    """Issue a company its certificate of a notice, or return the valid one it already has.

    The number (decision A6) is taken in one transaction with the row; the PDF is made after it,
    and a failure there leaves the number for `make_missing_papers`. Raises IssueRefusedError, and
    `certificates.pdf.PaperUnavailableError` and `members.services.throttle.ThrottledError` before
    any number is taken.
    """
    certificate = last_certificate(notice=notice, company=company)
    if certificate is None or not certificate.is_valid:
        require_parts(at=at)
        throttle.hit(scope=THROTTLE_SCOPE, key=str(company.uuid), at=at)
        certificate = _number_once(notice=notice, company=company, by=by, at=at)
    return ensure_paper(certificate=certificate, at=at)


def reissue_certificate(
    *, certificate: Certificate, reason: str, by: User, at: datetime
) -> Certificate:
    """Replace a valid certificate by a new number, because what it says has changed (재발급).

    Raises IssueRefusedError, NothingChangedError, `certificates.pdf.PaperUnavailableError` and
    `members.services.throttle.ThrottledError`.
    """
    require_parts(at=at)
    throttle.hit(scope=THROTTLE_SCOPE, key=str(certificate.company.uuid), at=at)
    with transaction.atomic():
        notice = lock_intake(certificate.notice)
        old = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
        company = Company.objects.get(pk=old.company_id)
        verdict = reissue_verdict(certificate=old, company=company, at=at)
        if not verdict.allowed:
            raise IssueRefusedError(verdict)
        if old.printed_company == company_values(company):
            raise NothingChangedError
        old.state, old.ended_at, old.ended_by = CertificateState.REPLACED, at, by
        old.end_reason = reason
        old.save(update_fields=["state", "ended_at", "ended_by", "end_reason"])
        counter = _lock_counter(notice=notice, at=at)
        new = _create(counter=counter, notice=notice, company=company, by=by, at=at)
        old.replaced_by = new
        old.save(update_fields=["replaced_by"])
    return ensure_paper(certificate=new, at=at)


def ensure_paper(*, certificate: Certificate, at: datetime) -> Certificate:
    """Make the paper now, or hand it to the task worker where the settings say so.

    Never raises for a paper that cannot be made: the number stands, the file follows.
    """
    if certificate.pdf_id is not None:
        return certificate
    if settings.CERTIFICATE_PAPER_BY_WORKER:
        make_paper_later.enqueue(certificate.pk)
        return certificate
    try:
        return make_paper(certificate=certificate, at=at)
    except (pdf.PaperUnavailableError, pdf.PaperOverflowError, SigningKeyError, OSError):
        logger.exception("certificate %s has its number but no paper yet", certificate.number)
        return certificate


def company_values(company: Company) -> dict[str, object]:
    """Return what a paper of now would say of the company (the map of S62)."""
    return {
        "company_name": one_line(company.name),
        "representative": one_line(company.representative),
        "founded_date": company.founded_date,
        "business_number": company.business_number,
        "industry": one_line(company.industry),
        "main_product": one_line(company.main_product),
        "address": one_line(company.head_office),
        "phone": format_phone(one_line(company.phone)),
        "is_provisional": company.is_provisional,
    }


@transaction.atomic
def _number_once(*, notice: NoticePage, company: Company, by: User, at: datetime) -> Certificate:
    """Take the next number, unless another request of the same company was faster.

    The notice's row is locked too: it may be closing at this moment, and at the turn of the year
    two counters serve one notice.
    """
    notice = lock_intake(notice)
    last = last_certificate(notice=notice, company=company)
    if last is not None and last.is_valid:
        return last
    company = Company.objects.get(pk=company.pk)
    verdict = issue_verdict(notice=notice, company=company, last=last, at=at)
    if not verdict.allowed:
        raise IssueRefusedError(verdict)
    counter = _lock_counter(notice=notice, at=at)
    return _create(counter=counter, notice=notice, company=company, by=by, at=at)


def _lock_counter(*, notice: NoticePage, at: datetime) -> IssueCounter:
    """Return the counter of the notice and of the year in Seoul, locked until the commit."""
    year = day_in_seoul(at).year
    IssueCounter.objects.get_or_create(notice=notice, year=year)
    return IssueCounter.objects.select_for_update(of=("self",)).get(notice=notice, year=year)


def _create(
    *, counter: IssueCounter, notice: NoticePage, company: Company, by: User, at: datetime
) -> Certificate:
    """Count one up and copy everything that is printed onto the new row."""
    counter.last_number += 1
    counter.save(update_fields=["last_number"])
    texts = paper_texts(at=at)
    return Certificate.objects.create(
        number=format_number(year=counter.year, code=notice.code, order=counter.last_number),
        notice=notice,
        company=company,
        issued_at=at,
        issued_date=day_in_seoul(at),
        issued_by=by,
        notice_title=one_line(notice.title),
        heading=texts.heading,
        sentence=texts.sentence,
        issuer_name=texts.issuer_name,
        paper=texts.version,
        **company_values(company),
    )
