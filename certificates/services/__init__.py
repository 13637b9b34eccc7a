"""Writes of this room, one module per act; callers take them from here."""

from certificates.services.checking import (
    FileCheck,
    UnknownCertificateError,
    check_by_code,
    check_by_token,
    check_file,
)
from certificates.services.issue import (
    IssueRefusedError,
    NothingChangedError,
    company_values,
    ensure_paper,
    issue_certificate,
    reissue_certificate,
)
from certificates.services.papers import make_missing_papers
from certificates.services.revoke import RevokeRefusedError, revoke_certificate

__all__ = [
    "FileCheck",
    "IssueRefusedError",
    "NothingChangedError",
    "RevokeRefusedError",
    "UnknownCertificateError",
    "check_by_code",
    "check_by_token",
    "check_file",
    "company_values",
    "ensure_paper",
    "issue_certificate",
    "make_missing_papers",
    "reissue_certificate",
    "revoke_certificate",
]
