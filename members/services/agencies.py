"""Agencies and who works for them in which role; every change leaves a row."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction

from members.enums import AGENCY_ROLES, AccessAction, AgencyRole, StaffRole
from members.models import Agency, AgencyAssignment, AgencyName, User
from members.services.access_records import record_access
from members.services.login_sessions import end_sessions
from members.services.staff_groups import make_agency_groups, role_group


class AgencyCodeTakenError(Exception):
    """Another agency has this code."""


class RoleNeedsAgencyError(Exception):
    """Officers and managers belong to one agency, other roles to none."""


class CompanyPersonError(Exception):
    """A company's person never holds a staff role."""


class NoRoleError(Exception):
    """The person holds no role that could be revoked."""


class AgencyFollower(Protocol):
    """What a room above does for an agency that was created or changed."""

    def __call__(self, *, agency: Agency, by: User | None) -> object: ...


_followers: list[AgencyFollower] = []


def follow_agencies(*, follower: AgencyFollower) -> None:
    """Let a room above keep what belongs to an agency in step; call it in `AppConfig.ready`.

    `follower(agency=…, by=…)` runs in the transaction in which an agency was created or changed.
    """
    if follower not in _followers:
        _followers.append(follower)


def _tell_followers(agency: Agency, by: User | None) -> None:
    for follower in _followers:
        follower(agency=agency, by=by)


@transaction.atomic
def create_agency(
    *, code: str, name: str, role: AgencyRole | str, by: User | None, at: datetime, **fields: Any
) -> Agency:
    """Create an agency with its group of officers and its group of managers (S1, S6).

    `fields`: further columns of Agency. Raises AgencyCodeTakenError.
    """
    if Agency.objects.filter(code=code).exists():
        raise AgencyCodeTakenError
    agency = Agency(code=code, name=name, role=role, **fields)
    make_agency_groups(agency)
    agency.save()
    _record(by, [], f"기관 등록: {name}", at)
    _tell_followers(agency, by)
    return agency


@transaction.atomic
def update_agency(
    *, agency: Agency, values: Mapping[str, Any], by: User | None, at: datetime
) -> Agency:
    """Change an agency's facts; an earlier name is kept for old notices (decision A20).

    `values`: columns of Agency but for code and groups.
    """
    agency = Agency.objects.select_for_update(of=("self",)).get(pk=agency.pk)
    if values.get("name", agency.name) != agency.name:
        AgencyName.objects.update_or_create(
            agency=agency, name=agency.name, defaults={"used_until_date": at.date()}
        )
    changed = [name for name, value in values.items() if getattr(agency, name) != value]
    for name in changed:
        setattr(agency, name, values[name])
    agency.save(update_fields=changed)
    _record(by, [], f"기관 변경: {agency.name} ({', '.join(changed)})", at)
    _tell_followers(agency, by)
    return agency


@transaction.atomic
def grant_role(
    *, user: User, role: StaffRole | str, agency: Agency | None, by: User | None, at: datetime
) -> AgencyAssignment:
    """Give a person a staff role, in an agency where the role is one of agencies.

    The role before it is closed, groups follow, and every session ends so that nothing of the
    old rights lives on. Raises CompanyPersonError, RoleNeedsAgencyError.
    """
    role = StaffRole(role)
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.company_id is not None:
        raise CompanyPersonError
    if (role in AGENCY_ROLES) != (agency is not None):
        raise RoleNeedsAgencyError
    AgencyAssignment.objects.filter(user=user, revoked_at__isnull=True).update(
        revoked_at=at, revoked_by=by
    )
    assignment = AgencyAssignment.objects.create(
        user=user, role=role, agency=agency, granted_at=at, granted_by=by
    )
    user.staff_role, user.agency = role, agency
    user.save(update_fields=["staff_role", "agency"])
    user.groups.set([role_group(role, agency=agency)])
    end_sessions(user=user)
    where = f" ({agency.name})" if agency else ""
    _record(by, [user], f"권한 부여: {role.label}{where}", at)
    return assignment


@transaction.atomic
def revoke_role(*, user: User, by: User | None, at: datetime) -> User:
    """Take a person's staff role away at once: groups, sessions and role go, the history stays.

    Raises NoRoleError.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if not user.staff_role:
        raise NoRoleError
    AgencyAssignment.objects.filter(user=user, revoked_at__isnull=True).update(
        revoked_at=at, revoked_by=by
    )
    label = StaffRole(user.staff_role).label
    user.staff_role, user.agency = "", None
    user.save(update_fields=["staff_role", "agency"])
    user.groups.clear()
    end_sessions(user=user)
    _record(by, [user], f"권한 회수: {label}", at)
    return user


def _record(by: User | None, subjects: list[User], what: str, at: datetime) -> None:
    """Record a change of rights; set-up by command has no person behind it."""
    if by is not None:
        record_access(
            actor=by, action=AccessAction.ROLE, subjects=subjects, what=what, at=at, address=None
        )
