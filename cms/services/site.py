"""The frame of the site: home, lists, first texts, the comms' and operators' rights, workflow."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    Page,
    Site,
    Task,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from cms.first_texts import FIRST_TEXTS, FirstText
from cms.models import (
    AgencyListPage,
    AnnouncementListPage,
    AnnualSchedulePage,
    HomePage,
    NoticeListPage,
    PortalSettings,
    ProgrammeListPage,
    StandardPage,
)
from cms.services.agencies import add_file_rights, provision_agency_corner, set_page_rights
from members.enums import StaffRole
from members.models import Agency, User
from members.services.hs_codes import provide_synonyms
from members.services.staff_groups import role_group

LISTS: tuple[tuple[type[Page], str, str], ...] = (
    (NoticeListPage, "notices", "사업공고"),
    (AnnualSchedulePage, "schedule", "연중일정"),
    (ProgrammeListPage, "programmes", "사업안내"),
    (AgencyListPage, "agencies", "유관기관 안내"),
    (AnnouncementListPage, "announcements", "공지사항"),
)
EDITOR_RIGHTS = ("add", "change", "publish", "bulk_delete", "lock", "unlock")
WORKFLOW_NAME = "게시 승인"
# Groups that Wagtail's first migration makes; nobody of ours belongs to them.
WAGTAIL_GROUPS = ("Moderators", "Editors")


@transaction.atomic
def provision_site(*, by: User | None = None) -> HomePage:
    """Make the site's frame, or what is missing of it, and bring every agency's corner in step.

    Replaces Wagtail's welcome page. Idempotent; never overwrites a text that stands.
    """
    home = HomePage.objects.first() or add_home(by)
    for model, slug, title in LISTS:
        if not model.objects.exists():
            publish_below(home, page=model(title=title, slug=slug, owner=by), by=by)
    for text in FIRST_TEXTS:
        add_standard_page(home, text=text, by=by)
    set_editors_rights(home)
    set_workflow(home)
    drop_wagtail_groups()
    provide_synonyms()
    for agency in Agency.objects.active().in_order():
        provision_agency_corner(agency=agency, by=by)
    return home


def add_home(by: User | None) -> HomePage:
    """Publish the home page, make it the root of the default site, drop the welcome page."""
    root = Page.get_first_root_node()
    root.title = root.draft_title = "전체"
    root.save(update_fields=["title", "draft_title"], clean=False)
    welcome = list(root.get_children().filter(content_type__model="page"))
    home = HomePage(title="대전광역시 수출지원사업", slug="main", owner=by)
    home.lead = "여러 기관의 수출지원사업을 한곳에서 찾고 신청합니다."
    publish_below(root, page=home, by=by)
    address = urlsplit(settings.SITE_URL)
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    site.root_page = home
    site.hostname = address.hostname or "localhost"
    site.port = address.port or (443 if address.scheme == "https" else 80)
    site.site_name = settings.WAGTAIL_SITE_NAME
    site.save()
    PortalSettings.for_site(site)
    for page in welcome:
        page.refresh_from_db()
        page.delete()
    return home


def publish_below(parent: Page, *, page: Page, by: User | None) -> Page:
    """Add a page below another one and publish it with a first revision."""
    parent.refresh_from_db()
    parent.add_child(instance=page)
    page.save_revision(user=by).publish(user=by, skip_permission_checks=True)
    page.refresh_from_db()
    return page


def add_standard_page(parent: Page, *, text: FirstText, by: User | None) -> None:
    """Publish a first text and those below it, unless a page stands at its address."""
    page = parent.get_children().filter(slug=text.slug).first()
    if page is None:
        body = [(kind, value) for kind, value in text.body]
        page = publish_below(
            parent,
            page=StandardPage(
                title=text.title,
                slug=text.slug,
                introduction=text.introduction,
                body=body,
                owner=by,
            ),
            by=by,
        )
    for child in text.children:
        add_standard_page(page, text=child, by=by)


def set_editors_rights(home: HomePage) -> None:
    """Give comms and operators the whole tree and all files; operators the site's settings too."""
    comms = role_group(StaffRole.COMMS)
    operators = role_group(StaffRole.OPERATOR)
    for group in (comms, operators):
        set_page_rights(group, page=home, rights=EDITOR_RIGHTS)
        add_file_rights(group, collection=Collection.get_first_root_node())
        for model in ("category", "searchsynonym"):
            add_model_rights(group, model=model, rights=("add", "change", "delete", "view"))
    add_model_rights(operators, model="portalsettings", rights=("change",))


def add_model_rights(group: Group, *, model: str, rights: tuple[str, ...]) -> None:
    """Give a group rights on one of our models that is not a page."""
    group.permissions.add(
        *Permission.objects.filter(
            content_type__app_label="cms", codename__in=[f"{right}_{model}" for right in rights]
        )
    )


def set_workflow(home: HomePage) -> None:
    """Lead what an agency may not publish itself to comms, by one task on the whole tree."""
    if WorkflowPage.objects.filter(page=home).exists():
        return
    task = GroupApprovalTask.objects.create(name=WORKFLOW_NAME)
    task.groups.add(role_group(StaffRole.COMMS), role_group(StaffRole.OPERATOR))
    workflow = Workflow.objects.create(name=WORKFLOW_NAME)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(workflow=workflow, page=home)


def drop_wagtail_groups() -> None:
    """Remove Wagtail's example groups with their rights on the whole tree, and their workflow."""
    groups = Group.objects.filter(name__in=WAGTAIL_GROUPS, user__isnull=True)
    if groups:
        Workflow.objects.filter(name="Moderators approval").delete()
        Task.objects.filter(name="Moderators approval").delete()
        groups.delete()
