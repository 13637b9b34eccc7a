"""Revoking (폐기): the officer's, with a reason and a mail to the company."""

from datetime import datetime

from django.db import transaction

from certificates.emails import add_revoked_mail
from certificates.enums import CertificateState
from certificates.models import Certificate
from certificates.rules import revoke_verdict
from members.models import User
from members.rules import Verdict


class RevokeRefusedError(Exception):
    """This person may not revoke this certificate; `verdict.reason` says why in Korean."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.reason)
        self.verdict = verdict


@transaction.atomic
def revoke_certificate(
    *, certificate: Certificate, reason: str, by: User, at: datetime, may_issue_again: bool = True
) -> Certificate:
    """Revoke a valid certificate; its number stays taken and the check page says so at once.

    `may_issue_again`: whether the company may take a new number of the same notice. Raises
    RevokeRefusedError.
    """
    row = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
    verdict = revoke_verdict(certificate=row, by=by)
    if not verdict.allowed:
        raise RevokeRefusedError(verdict)
    row.state, row.ended_at, row.ended_by = CertificateState.REVOKED, at, by
    row.end_reason, row.may_issue_again = reason, may_issue_again
    row.save(update_fields=["state", "ended_at", "ended_by", "end_reason", "may_issue_again"])
    add_revoked_mail(certificate=row, at=at)
    return row
