"""The groups that stand for staff roles. Model rights of lists follow the role itself.

A group opens the admin and, in `cms`, pages and collections; the scoped lists of companies,
applications and certificates ask the person's role and agency, so no group can widen them.
"""

from django.contrib.auth.models import Group, Permission

from members.enums import StaffRole
from members.models import Agency

ROLE_GROUPS = {
    StaffRole.COMMS: "홍보 담당자",
    StaffRole.OPERATOR: "운영자",
}


def role_group(role: StaffRole, *, agency: Agency | None = None) -> Group:
    """Return the group of a role, made on first use; agency roles have one per agency."""
    if role == StaffRole.OFFICER and agency is not None and agency.officer_group is not None:
        return agency.officer_group
    if role == StaffRole.MANAGER and agency is not None and agency.manager_group is not None:
        return agency.manager_group
    return _open_admin_to(Group.objects.get_or_create(name=ROLE_GROUPS[role])[0])


def make_agency_groups(agency: Agency) -> None:
    """Give an agency its two groups; its own fields are set, not saved."""
    for role, field in (
        (StaffRole.OFFICER, "officer_group"),
        (StaffRole.MANAGER, "manager_group"),
    ):
        if getattr(agency, field) is None:
            group, _ = Group.objects.get_or_create(name=f"{role.label} ({agency.code})")
            setattr(agency, field, _open_admin_to(group))


def _open_admin_to(group: Group) -> Group:
    group.permissions.add(
        Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    )
    return group
