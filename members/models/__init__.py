"""The ground floor's things; one module per family, all names importable from here."""

from members.models.accounts import User
from members.models.agencies import Agency, AgencyAssignment, AgencyName
from members.models.api import ApiReply, ApiToken
from members.models.changes import CompanyChange
from members.models.companies import (
    Company,
    MembershipEvent,
    Product,
    RegistryCheck,
    YearlyFigures,
)
from members.models.files import OriginalsEvent, OriginalsFile, Paper, StoredFile
from members.models.hs import HsCode, HsEdition, HsSynonym
from members.models.jobs import ScheduledJob
from members.models.joining import JoinDraft, JoinDraftFile
from members.models.legal import Consent, LegalText
from members.models.people import Invitation, PersonEvent
from members.models.pki import BusinessProof, Challenge, RevocationList
from members.models.records import (
    AccessRecord,
    AccessSeal,
    LoginSession,
    OutboxMail,
    PasswordReset,
    Throttle,
)
from members.models.second_factor import RecoveryCode, SecondFactor
from members.models.statistics import (
    StatisticsHandOver,
    StatisticsRequest,
    VerifiedExports,
)

__all__ = [
    "AccessRecord",
    "AccessSeal",
    "Agency",
    "AgencyAssignment",
    "AgencyName",
    "ApiReply",
    "ApiToken",
    "BusinessProof",
    "Challenge",
    "Company",
    "CompanyChange",
    "Consent",
    "HsCode",
    "HsEdition",
    "HsSynonym",
    "Invitation",
    "JoinDraft",
    "JoinDraftFile",
    "LegalText",
    "LoginSession",
    "MembershipEvent",
    "OriginalsEvent",
    "OriginalsFile",
    "OutboxMail",
    "Paper",
    "PasswordReset",
    "PersonEvent",
    "Product",
    "RecoveryCode",
    "RegistryCheck",
    "RevocationList",
    "ScheduledJob",
    "SecondFactor",
    "StatisticsHandOver",
    "StatisticsRequest",
    "StoredFile",
    "Throttle",
    "User",
    "VerifiedExports",
    "YearlyFigures",
]
