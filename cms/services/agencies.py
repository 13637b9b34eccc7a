"""An agency's own corner: its page, its files, and what its groups may do there."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from cms.models import AgencyListPage, PartnerAgencyPage
from cms.services.search import index_agency
from members.models import Agency, User

OFFICER_RIGHTS = ("add", "change", "lock")
MANAGER_RIGHTS = ("add", "change", "publish", "lock", "unlock")
FILE_RIGHTS = ("add", "change", "choose")


class SiteNotProvisionedError(Exception):
    """There is no list of agencies yet: run `manage.py provision_site` first."""


@transaction.atomic
def provision_agency_corner(
    *, agency: Agency, by: User | None, introduction: str = "", website: str = ""
) -> PartnerAgencyPage:
    """Make an agency's page, its two collections and its groups' rights, or bring them in step.

    Page permission on the agency's page is agency permission (domain.md 3): officers write and,
    where the agency publishes itself, publish; managers always publish. Idempotent, so it is run
    again after `Agency.publishes_itself` changed. Raises SiteNotProvisionedError.
    """
    page = PartnerAgencyPage.objects.filter(agency=agency).first()
    if page is None:
        page = add_agency_page(agency, by=by, introduction=introduction, website=website)
    if page.public_collection is None or page.internal_collection is None:
        page.public_collection = page.public_collection or add_collection(f"{agency.name} 공개")
        page.internal_collection = page.internal_collection or add_collection(f"{agency.name} 내부")
        page.save(update_fields=["public_collection", "internal_collection"], clean=False)
    officer_rights = (*OFFICER_RIGHTS, "publish") if agency.publishes_itself else OFFICER_RIGHTS
    for group, rights in (
        (agency.officer_group, officer_rights),
        (agency.manager_group, MANAGER_RIGHTS),
    ):
        if group is not None:
            set_page_rights(group, page=page, rights=rights)
            for collection in (page.public_collection, page.internal_collection):
                add_file_rights(group, collection=collection)
    return page


def follow_agency(*, agency: Agency, by: User | None) -> None:
    """Bring an agency's corner in step when the agency was created or changed.

    Before the site's frame stands there is nothing to do: `provision_site` makes every corner.
    """
    if AgencyListPage.objects.exists():
        provision_agency_corner(agency=agency, by=by)
        index_agency(agency=agency)


def add_agency_page(
    agency: Agency, *, by: User | None, introduction: str, website: str
) -> PartnerAgencyPage:
    """Publish the page of an agency below 유관기관 안내."""
    parent = AgencyListPage.objects.first()
    if parent is None:
        raise SiteNotProvisionedError
    page = PartnerAgencyPage(
        title=agency.name,
        slug=agency.code,
        agency=agency,
        introduction=introduction or f"{agency.name}의 수출지원사업을 안내합니다.",
        website=website,
        owner=by,
    )
    parent.add_child(instance=page)
    page.save_revision(user=by).publish(user=by, skip_permission_checks=True)
    page.refresh_from_db()
    return page


def add_collection(name: str) -> Collection:
    """Add a collection below the root; the root itself is nobody's but comms' and operators'."""
    root = Collection.get_first_root_node()
    collection: Collection = root.add_child(name=name)
    return collection


def set_page_rights(group: Group, *, page: Page, rights: tuple[str, ...]) -> None:
    """Make a group's rights on a page exactly these (Wagtail's words, without `_page`)."""
    codenames = {f"{right}_page" for right in rights}
    held = GroupPagePermission.objects.filter(group=group, page=page)
    held.exclude(permission__codename__in=codenames).delete()
    for permission in Permission.objects.filter(
        content_type__app_label="wagtailcore",
        content_type__model="page",
        codename__in=codenames,
    ):
        GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)


def add_file_rights(
    group: Group, *, collection: Collection, rights: tuple[str, ...] = FILE_RIGHTS
) -> None:
    """Let a group add, change and choose the documents and pictures of a collection."""
    codenames = [f"{right}_{kind}" for kind in ("document", "image") for right in rights]
    # Wagtail keys these rights to its own models, whatever our own are called.
    for permission in Permission.objects.filter(
        content_type__app_label__in=["wagtaildocs", "wagtailimages"], codename__in=codenames
    ):
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=collection, permission=permission
        )
