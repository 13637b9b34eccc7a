"""What goes into the arguments of every URL pattern: real ids of every owner.

A pattern whose arguments no rule here knows fails the crawl, so that a new screen cannot stay
outside it.
"""

import re
from itertools import product
from uuid import UUID

from django.urls import NoReverseMatch, reverse

from cms.models import SearchSynonym
from members.models import HsSynonym, ScheduledJob, StatisticsRequest

NOBODY = UUID(int=0)
MAX_PER_OWNER = 6
MODELS = [("cms", "noticepage"), ("cms", "scheduleentrypage")]


class MissingRuleError(LookupError):
    """A URL pattern takes an argument that no rule can fill."""


def keys(rows, name="pk"):
    return [getattr(row, name) for row in rows]


class Filler:
    """Fill patterns from one owner's things: a corner with the company that deals with it."""

    def __init__(self, world, *, letter, company):
        self.world = world
        self.corner = world.corners[letter]
        self.company = world.companies[company]

    def kwargs_of(self, address):
        """Yield the argument sets to try, a few per owner."""
        paired = self.paired(address)
        if paired is not None:
            yield from paired
            return
        values = [self.values(address, argument) for argument in address.arguments]
        for number, combination in enumerate(product(*values)):
            if number == MAX_PER_OWNER:
                return
            yield dict(zip(address.arguments, combination, strict=True))

    def paired(self, address):
        """Arguments that only mean something together: a page and its revision, a model."""
        names = set(address.arguments)
        if "revision_id_a" in names:
            return [
                {
                    "pk": page.pk,
                    "revision_id_a": "earliest",
                    "revision_id_b": page.latest_revision_id,
                }
                for page in self.corner.pages[:3]
            ]
        if "revision_id" in names:
            return [
                {"page_id": page.pk, "revision_id": page.latest_revision_id}
                for page in self.corner.pages[:3]
            ]
        if {"app_label", "model_name", "action"} == names:
            return bulk_actions()
        if "task_state_id" in names or "workflow_state_id" in names:
            return [self.workflow_arguments(address)]
        for app, model in (
            ("content_type_app_name", "content_type_model_name"),
            ("app_label", "model_name"),
            ("app_name", "model_name"),
        ):
            if {app, model} <= names:
                return self.of_models(address, app, model)
        return None

    def workflow_arguments(self, address):
        given = {"page_id": self.corner.pages[0].pk, "action_name": "approve"}
        numbers = {"task_state_id": 1, "workflow_state_id": 1}
        return {name: {**given, **numbers}[name] for name in address.arguments}

    def of_models(self, address, app, model):
        """Arguments of views that work on a model named in the address."""
        others = [name for name in address.arguments if name not in {app, model}]
        models = MODELS
        if address.namespaces[:1] == ("wagtailsettings",):
            models = [("cms", "portalsettings")]
        if "add_task" in address.name:
            models = [("wagtailcore", "groupapprovaltask")]
        if "tag_model" in address.name:
            models = [("taggit", "tag")]
        page = self.corner.pages[0]
        fixed = {
            "parent_page_id": self.corner.agency.page.pk,
            "object_id": str(page.pk),
            "session_id": 1,
            "pk": self.site_settings_key(),
        }
        unknown = [name for name in others if name not in fixed]
        if unknown:
            raise MissingRuleError(f"{address}: {unknown}")
        return [
            {app: label, model: name} | {other: fixed[other] for other in others}
            for label, name in models
        ]

    def renditions(self):
        return [picture.get_rendition("max-16x16").file.name for picture in self.corner.images]

    def site_settings_key(self):
        return self.corner.agency.page.get_site().pk

    def values(self, address, argument):
        """Return what to put into one argument."""
        for pattern, wanted, rule in RULES:
            if wanted == argument and re.search(pattern, str(address)):
                found = rule(self)
                return found or [NOBODY if argument == "uuid" else 0]
        raise MissingRuleError(f"{address}: no rule for {argument!r} in {address.route}")


def bulk_actions():
    return [
        {"app_label": "wagtailcore", "model_name": "page", "action": action}
        for action in ("delete", "move", "publish", "unpublish")
    ] + [
        {"app_label": "cms", "model_name": "portaldocument", "action": "delete"},
        {"app_label": "cms", "model_name": "portalimage", "action": "delete"},
    ]


def addresses(rows):
    """Return what stands in a staff list's addresses: the UUID, or the key where there is none."""
    return [str(getattr(row, "uuid", row.pk)) for row in rows]


# Staff lists by the name of their addresses.
LISTS = {
    "api-tokens": lambda f: f.corner.api_tokens,
    "access-records": lambda f: f.world.access_records,
    "agencies": lambda f: [f.corner.agency],
    "applications": lambda f: f.company.applications,
    "bundles": lambda f: f.corner.bundles,
    "certificates": lambda f: f.company.certificates,
    "companies": lambda f: [f.company.company],
    "company-changes": lambda f: f.company.company.changes.all(),
    "hs-synonyms": lambda f: HsSynonym.objects.all()[:2],
    "joining": lambda f: [f.company.company],
    "jobs": lambda f: ScheduledJob.objects.all()[:2],
    "late-permits": lambda f: f.corner.late_permits,
    "legal-texts": lambda f: f.world.texts,
    "originals": lambda f: f.company.originals,
    "outbox": lambda f: f.world.mails,
    "paper-versions": lambda f: f.world.paper_versions,
    "registry-changes": lambda f: f.company.company.registry_checks.all(),
    "statistics": lambda f: StatisticsRequest.objects.all(),
    "saved-filters": lambda f: f.corner.saved_filters,
    "staff": lambda f: f.corner.staff.values(),
}
OF_STAFF = [
    (rf"^{name}_modeladmin", "instance_pk", lambda f, rows=rows: addresses(rows(f)))
    for name, rows in LISTS.items()
] + [
    (pattern, "uuid", lambda f, rows=LISTS[name]: addresses(rows(f)))
    for pattern, name in (
        (r"_admin:api_token", "api-tokens"),
        (r"_admin:joining", "joining"),
        (r"_admin:company", "companies"),
        (r"_admin:change_", "company-changes"),
        (r"_admin:agency", "agencies"),
        (r"_admin:staff", "staff"),
        (r"_admin:legal", "legal-texts"),
        (r"_admin:mail", "outbox"),
        (r"_admin:statistics", "statistics"),
        (r"certificates_admin:", "certificates"),
        (r"applications_admin:permit", "late-permits"),
        (r"applications_admin:(move|application_)", "applications"),
        (r"applications_admin:filter", "saved-filters"),
        (r"applications_admin:bundle_part", "bundles"),
    )
]

# Pattern of the qualified name, argument, and the owner's values for it; the first match counts.
RULES = [
    (r"^(api:agency|cms:agency_calendar)$", "code", lambda f: [f.corner.agency.code]),
    (
        r"^(api:(guide|entry|own_entry\w*)|cms:entry_calendar)$",
        "uuid",
        lambda f: keys(f.corner.pages, "translation_key"),
    ),
    (r"^api:own_paper", "uuid", lambda f: keys(f.company.submitted, "uuid")),
    (r"^api:own_application", "uuid", lambda f: keys(f.company.applications, "uuid")),
    (r"^cms:feed", "agency", lambda f: [f.corner.agency.code]),
    (r"^cms:feed", "category", lambda f: [f.corner.notices[0].category.slug]),
    *OF_STAFF,
    (r"applications_admin:move", "to", lambda f: ["under_check", "returned"]),
    (r"bundle_part", "number", lambda f: [1]),
    (
        r"selection_score",
        "number",
        lambda f: keys(f.company.applications, "receipt_number")[:1] or ["R0"],
    ),
    (r"cms_staff:outage", "uuid", lambda f: keys(f.world.outages, "uuid")),
    (r"_admin:originals", "code", lambda f: keys(f.company.originals, "cover_code")),
    (r"^wagtail_serve$", "0", lambda f: [f"agencies/{f.corner.agency.code}/"]),
    (r"^media$", "path", lambda f: f.renditions()),
    (r".", "code", lambda f: keys(f.corner.notices, "code")),
    (r"certificates_admin:paper", "version", lambda f: keys(f.world.paper_versions, "version")),
    (r"^api:preview$", "token", lambda f: ["not-a-token"]),
    (r"^wagtailapi:pages", "pk", lambda f: keys(f.corner.pages)),
    (r"mail_stop", "token", lambda f: ["not-a-token"]),
    (r"check_token", "token", lambda f: keys(f.company.certificates, "check_token")),
    (r"reset_password|password_reset|invitation", "token", lambda f: ["not-a-token"]),
    (r"password_reset", "uidb64", lambda f: ["MQ"]),
    (r"^members:legal", "kind", lambda f: ["terms", "privacy_policy"]),
    (r"^members:legal", "version", lambda f: keys(f.world.texts, "version")),
    (r"^applications.*(paper|document)", "uuid", lambda f: keys(f.company.submitted, "uuid")),
    (r"^members.*paper", "uuid", lambda f: keys(f.company.papers, "uuid")),
    (r"^members:session", "uuid", lambda f: keys(f.company.person.sessions.all(), "uuid")),
    (r"^members:(person_remove|mastership)", "uuid", lambda f: [f.company.person.uuid]),
    (
        r"^members:invitation_cancel",
        "uuid",
        lambda f: keys(f.company.company.invitations.all(), "uuid"),
    ),
    (r"^cms:document", "uuid", lambda f: keys(f.corner.documents, "uuid")),
    (r"^cms:document", "filename", lambda f: keys(f.corner.documents, "filename")),
    (r"^applications", "uuid", lambda f: keys(f.company.applications, "uuid")),
    (r"^certificates", "uuid", lambda f: keys(f.company.certificates, "uuid")),
    (r".", "page_view_restriction_id", lambda f: [1]),
    (r"cms_category", "pk", lambda f: [f.corner.notices[0].category_id]),
    (r"cms_searchsynonym", "pk", lambda f: keys(SearchSynonym.objects.all(), "pk") or [0]),
    (r".", "page_to_move_id", lambda f: keys(f.corner.pages)),
    (r".", "destination_id", lambda f: [f.corner.agency.page.pk]),
    (
        r".",
        "parent_page_id",
        lambda f: [f.corner.agency.page.pk, f.corner.agency.page.get_parent().pk],
    ),
    (r".", "page_id", lambda f: keys(f.corner.pages)),
    (r".", "page_pk", lambda f: keys(f.corner.pages)),
    (r".", "task_id", lambda f: [f.world.task.pk]),
    (r".", "workflow_pk", lambda f: [f.world.workflow.pk]),
    (r".", "action_name", lambda f: ["publish", "delete", "copy"]),
    (r".", "document_id", lambda f: keys(f.corner.documents)),
    (r".", "doc_id", lambda f: keys(f.corner.documents)),
    (r".", "image_id", lambda f: keys(f.corner.images)),
    (r".", "uploaded_file_id", lambda f: [1]),
    (r".", "filter_spec", lambda f: ["width-100"]),
    (r".", "collection_id", lambda f: keys(f.corner.collections)),
    (r".", "session_id", lambda f: [1]),
    (r"api:pages", "pk", lambda f: keys(f.corner.pages)),
    (r"docs|documents", "pk", lambda f: keys(f.corner.documents)),
    (r"image", "pk", lambda f: keys(f.corner.images)),
    (r"collections", "pk", lambda f: keys(f.corner.collections)),
    (r"workflows:.*task", "pk", lambda f: [f.world.task.pk]),
    (r"workflows", "pk", lambda f: [f.world.workflow.pk]),
    (r"sites", "pk", lambda f: [f.site_settings_key()]),
    (r"users", "pk", lambda f: [f.company.person.pk, *keys(f.corner.staff.values())]),
    (r"groups", "pk", lambda f: [f.corner.agency.officer_group_id]),
]


def urls_of(address, fillers):
    """Yield the different URLs of a pattern, filled from every owner in turn."""
    if not address.arguments:
        yield from unique([reverse_or_route(address, {})])
        return
    found = [
        reverse_or_route(address, kwargs)
        for filler in fillers
        for kwargs in filler.kwargs_of(address)
    ]
    yield from unique(found)


def unique(found):
    return dict.fromkeys(url for url in found if url)


def reverse_or_route(address, kwargs):
    """Return the address's URL, or None where this argument set does not fit the pattern."""
    if not address.name:
        return f"/{address.route}"
    arguments = {"args": list(kwargs.values())} if "0" in kwargs else {"kwargs": kwargs}
    try:
        return reverse(address.name, **arguments)
    except NoReverseMatch:
        return None
