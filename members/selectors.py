"""Reads of this room that touch several models."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from django.db.models import Q, QuerySet

from members.enums import AGENCY_ROLES, MembershipState
from members.models import Agency, Company, JoinDraft, User
from members.models.companies import CompanyQuerySet

# Nobody may pass as the portal or its staff.
RESERVED_LOGIN_NAMES = frozenset(
    {
        "administrator", "anonymous", "daejeon", "helpdesk", "manager", "master", "operator",
        "portal", "security", "service", "support", "sysadmin", "system", "wagtail", "webmaster",
    }
)  # fmt: skip


def token_hash(token: str) -> str:
    """Return under which hash a secret token is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_login_name_free(name: str) -> bool:
    """Tell whether an ID can be given out; IDs of people who left never can (S34)."""
    lowered = name.lower()
    return (
        lowered not in RESERVED_LOGIN_NAMES
        and not User.objects.filter(username__iexact=lowered).exists()
    )


def agencies_for_originals() -> QuerySet[Agency]:
    """Return the agencies that take originals, in their order (decision A9)."""
    return Agency.objects.active().filter(takes_originals=True).in_order()


def join_draft_of(token: str, *, at: datetime) -> JoinDraft | None:
    """Return the draft of a cookie's token, finished ones too, until it expires."""
    if not token:
        return None
    return JoinDraft.objects.filter(token_hash=token_hash(token), expires_at__gt=at).first()


# --- which companies staff see (domain.md section 3) ----------------------------------------------

CompanyScope = Callable[[Agency], Q]
_company_scopes: list[CompanyScope] = []


def register_company_scope(scope: CompanyScope) -> CompanyScope:
    """Add a reason for which an agency sees a company; call it in an AppConfig's `ready`.

    This room knows one reason: the company chose the agency for its originals. Rooms above add
    theirs (a submitted application, a certificate on one of its notices) without being imported
    here. `scope` takes an Agency and returns a Q over Company that joins no rows, such as
    ``Q(pk__in=Application.objects.submitted()….values("company"))``; a join would double rows.
    Can be used as a decorator.
    """
    if scope not in _company_scopes:
        _company_scopes.append(scope)
    return scope


def companies_of_agency(agency: Agency) -> QuerySet[Company]:
    """Return the companies whose record this agency's staff may see."""
    seen = Q(originals_agency=agency)
    for scope in _company_scopes:
        seen |= scope(agency)
    return Company.objects.filter(seen)


def companies_visible_to(user: User) -> QuerySet[Company]:
    """Return the companies whose record this person may see in the admin, none by default.

    The operator sees all, with a reason that the views ask for and record.
    """
    if not user.is_active:
        return Company.objects.none()
    if user.is_operator or user.is_superuser:
        return Company.objects.all()
    if user.staff_role in AGENCY_ROLES and user.agency is not None:
        return companies_of_agency(user.agency)
    return Company.objects.none()


RunningWork = Callable[[Company], list[str]]
_running_work: list[RunningWork] = []


def register_running_work(reader: RunningWork) -> RunningWork:
    """Add what keeps a company from leaving, in words; call it in an AppConfig's `ready`."""
    if reader not in _running_work:
        _running_work.append(reader)
    return reader


def running_work(company: Company) -> list[str]:
    """Return what of this company is under way in the rooms above."""
    return [item for reader in _running_work for item in reader(company)]


def joinings_to_screen(user: User) -> CompanyQuerySet:
    """Return the companies whose joining papers this person screens, oldest first.

    Screening belongs to the agency that the company chose, and to the operator.
    """
    waiting = Company.objects.filter(membership_state=MembershipState.WAITING)
    waiting = waiting.order_by("membership_changed_at", "pk")
    if user.is_active and (user.is_operator or user.is_superuser):
        return waiting
    if user.is_active and user.staff_role in AGENCY_ROLES and user.agency is not None:
        return waiting.with_originals_at(user.agency)
    return waiting.none()
