"""The one base class of every staff list of companies, applications, certificates and the like.

wagtail-modeladmin guards its list only (stack.md section 4). `ScopedModelAdmin` closes the rest:

- every view, single rows included, starts from `scoped`, so a stranger's row is a 404;
- rights follow role and agency, never model permissions that a group could hold;
- query parameters filter by the declared filters only, so no relation is a keyhole;
- only choices, yes-or-no and dates make filters: others would list every agency's values;
- rows are addressed by UUID; the history view asks like every other;
- what is listed, opened and exported is written into the access record; the operator states a
  reason first, an export always needs one.

A subclass sets `model`, `roles`, `list_display` … and overrides `scope_of_agency`:

    class ApplicationAdmin(ScopedModelAdmin):
        model = Application
        what = "신청서"

        def scope_of_agency(self, queryset, agency):
            return queryset.filter(notice__agency=agency)

        def subjects_of(self, rows):
            return [row.company for row in rows]
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, ClassVar, TypeVar

from django.contrib.auth.models import Permission
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db.models import BooleanField, DateField, Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from wagtail_modeladmin.helpers import ButtonHelper, DjangoORMSearchHandler, PermissionHelper
from wagtail_modeladmin.options import ModelAdmin

from members.enums import AGENCY_ROLES, StaffRole
from members.formatting import format_datetime
from members.models import Agency, Company, User
from members.scoped_views import (
    ScopedCreateView,
    ScopedDeleteView,
    ScopedEditView,
    ScopedHistoryView,
    ScopedIndexView,
    ScopedInspectView,
)

STAFF = frozenset(StaffRole)
MAX_SEARCH = 100
SUBJECTS_CHUNK = 1000
AGENCY_AND_OPERATOR = frozenset({*AGENCY_ROLES, StaffRole.OPERATOR})


Method = TypeVar("Method", bound=Callable[..., Any])


def batched(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Yield rows in lists of at most `size`."""
    left = iter(rows)
    while batch := list(islice(left, size)):
        yield batch


def column(label: str, *, order: str = "") -> Callable[[Method], Method]:
    """Name a method's column in Korean; `order` is the field that its heading sorts by."""

    def decorate(method: Method) -> Method:
        method.short_description = label  # type: ignore[attr-defined]
        if order:
            method.admin_order_field = order  # type: ignore[attr-defined]
        return method

    return decorate


def moment(field: str, label: str) -> Callable[[Any, Any], str]:
    """Return a column of a time as the portal writes it: 2026-03-11 09:00."""

    @column(label, order=field)
    def shown(self: Any, row: Any) -> str:
        value = getattr(row, field)
        return format_datetime(value) if value else ""

    return shown


def yes_or_no(field: str, label: str, yes: str = "예", no: str = "아니요") -> Callable[..., str]:
    """Return a column of a yes-or-no field in words; stock lists draw a picture we do not have."""

    @column(label, order=field)
    def shown(self: Any, row: Any) -> str:
        return yes if getattr(row, field) else no

    return shown


def related(field: str, label: str) -> Callable[[Any, Any], str]:
    """Return a column of a related row under a Korean heading; name it in list_select_related."""

    @column(label, order=field)
    def shown(self: Any, row: Any) -> str:
        other = getattr(row, field)
        return str(other) if other is not None else ""

    return shown


class ScopedPermissionHelper(PermissionHelper):
    """Asks the person's role and the row's scope; `model_admin` is set by ScopedModelAdmin."""

    model_admin: "ScopedModelAdmin"

    def get_all_model_permissions(self) -> QuerySet[Permission]:
        """Offer no model permissions for groups: rights are not given there."""
        return Permission.objects.none()

    def user_has_any_permissions(self, user: User) -> bool:
        return self.user_can_list(user)

    def user_can_list(self, user: User) -> bool:
        return self.model_admin.has_role(user, self.model_admin.roles)

    def user_can_create(self, user: User) -> bool:
        return self.model_admin.has_role(user, self.model_admin.creating_roles)

    def user_can_inspect_obj(self, user: User, obj: Model) -> bool:
        return bool(self.inspect_view_enabled) and self._sees(user, obj)

    def user_can_edit_obj(self, user: User, obj: Model) -> bool:
        can = self.model_admin.has_role(user, self.model_admin.editing_roles)
        return can and self._sees(user, obj) and self.model_admin.is_editable(obj)

    def user_can_delete_obj(self, user: User, obj: Model) -> bool:
        can = self.model_admin.has_role(user, self.model_admin.deleting_roles)
        return can and self._sees(user, obj)

    def _sees(self, user: User, obj: Model) -> bool:
        """Tell whether the row is in the person's scope; rows of a scoped list are marked so."""
        if not self.user_can_list(user):
            return False
        if getattr(obj, "_in_scope_of", None) == user.pk:
            return True
        rows = self.model_admin.scoped(type(obj)._default_manager.all(), user)
        return rows.filter(pk=obj.pk).exists()


class ScopedSearchHandler(DjangoORMSearchHandler):
    """Search by words; PostgreSQL takes no NUL, and nobody types more than a line."""

    def search_queryset(
        self, queryset: QuerySet[Any], search_term: str, **kwargs: Any
    ) -> QuerySet[Any]:
        words = search_term.replace("\0", " ")[:MAX_SEARCH]
        found: QuerySet[Any] = super().search_queryset(queryset, words, **kwargs)
        return found


class ScopedButtonHelper(ButtonHelper):
    """Korean labels and addresses by UUID; only what the person may do is offered."""

    def add_button(
        self, classnames_add: Any = None, classnames_exclude: Any = None
    ) -> dict[str, Any]:
        button: dict[str, Any] = super().add_button(classnames_add, classnames_exclude)
        label = f"{self.verbose_name} 등록"
        own = self.view.model_admin.own_create_view
        return {
            **button,
            "label": label,
            "title": label,
            "url": reverse(own) if own else button["url"],
        }

    def get_primary_button(self, obj: Model) -> dict[str, Any] | None:
        buttons = self.get_buttons_for_obj(obj)
        return buttons[0] if buttons else None

    def get_buttons_for_obj(
        self,
        obj: Model,
        exclude: Collection[str] | None = None,
        classnames_add: Any = None,
        classnames_exclude: Any = None,
    ) -> list[dict[str, Any]]:
        may, person = self.permission_helper, self.request.user
        offers = [
            ("inspect", "자세히", may.user_can_inspect_obj(person, obj)),
            ("edit", "수정", may.user_can_edit_obj(person, obj)),
            ("delete", "삭제", may.user_can_delete_obj(person, obj)),
        ]
        address, own = self.view.model_admin.address_of(obj), self.view.model_admin.own_edit_view
        classname = self.finalise_classname(
            [*self.inspect_button_classnames, *(classnames_add or [])], classnames_exclude
        )
        return [
            {
                "url": (
                    reverse(own, args=[address])
                    if own and action == "edit"
                    else self.url_helper.get_action_url(action, address)
                ),
                "label": label,
                "classname": classname,
                "title": f"{obj} {label}",
            }
            for action, label, is_allowed in offers
            if is_allowed and action not in (exclude or ())
        ]


class ScopedModelAdmin(ModelAdmin):
    """A staff list whose every door asks who is there. See the module's docstring."""

    roles: ClassVar[Collection[str]] = AGENCY_AND_OPERATOR
    """Who may list and open; the others (and inactive people) get 403."""
    creating_roles: ClassVar[Collection[str]] = frozenset()
    editing_roles: ClassVar[Collection[str]] = frozenset()
    deleting_roles: ClassVar[Collection[str]] = frozenset()
    own_create_view: ClassVar[str] = ""
    """URL name of the screen that creates a row by a service, instead of modeladmin's form."""
    own_edit_view: ClassVar[str] = ""
    """URL name (one argument: the row's address) of the screen that edits a row by a service."""
    what: ClassVar[str] = ""
    """What the access record calls these rows; the model's verbose name by default."""
    holds_personal_data: ClassVar[bool] = True
    """Whether viewing is recorded and the operator has to state a reason."""
    allowed_lookups: ClassVar[Collection[str]] = frozenset()
    """Further query parameters that may filter the list (exact names, such as «notice__uuid»)."""
    export_headings: ClassVar[dict[str, str]] = {}

    permission_helper_class = ScopedPermissionHelper
    button_helper_class = ScopedButtonHelper
    search_handler_class = ScopedSearchHandler
    index_view_class = ScopedIndexView
    create_view_class = ScopedCreateView
    edit_view_class = ScopedEditView
    inspect_view_class = ScopedInspectView
    delete_view_class = ScopedDeleteView
    history_view_class = ScopedHistoryView
    inspect_view_enabled = True
    history_view_enabled = False
    list_per_page = 50
    empty_value_display = "–"

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.permission_helper.model_admin = self
        self._refuse_leaking_filters()

    # --- who sees what: override these --------------------------------------------------------

    def scope_of_agency(self, queryset: QuerySet[Any], agency: Agency) -> QuerySet[Any]:
        """Return the rows that officers and managers of `agency` see; none by default."""
        return queryset.none()

    def scope_of_comms(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows that comms sees; none by default."""
        return queryset.none()

    def scope_of_operator(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows that the operator sees, with a reason; all by default."""
        return queryset.all()

    def subjects_of(self, rows: Sequence[Any]) -> Sequence[Company | User]:
        """Return whose data these rows are, for the access record."""
        return [row for row in rows if isinstance(row, (Company, User))]

    def subjects_in(self, queryset: QuerySet[Any]) -> Sequence[Company | User]:
        """Return whose data a whole queryset is, each once; a few rows at a time are read."""
        found: dict[Company | User, None] = {}
        for rows in batched(queryset.iterator(chunk_size=SUBJECTS_CHUNK), SUBJECTS_CHUNK):
            found.update(dict.fromkeys(self.subjects_of(rows)))
        return list(found)

    def details_of(self, instance: Any, user: User) -> dict[str, Any]:
        """Return what `inspect_template_name` shows beside the row: related rows and forms."""
        return {}

    def is_editable(self, obj: Model) -> bool:
        """Tell whether this row may be edited at all, beside the person's role."""
        return True

    # --- what the views ask -------------------------------------------------------------------

    def has_role(self, user: Any, roles: Collection[str]) -> bool:
        """Tell whether an active person has one of these roles; superusers have all that exist."""
        if not user.is_active or not roles:
            return False
        return bool(user.is_superuser or user.staff_role in roles)

    def scoped(self, queryset: QuerySet[Any], user: User) -> QuerySet[Any]:
        """Cut a queryset down to the rows this person may see: the one gate of every view."""
        if not self.has_role(user, self.roles):
            return queryset.none()
        if user.is_operator or user.is_superuser:
            return self.scope_of_operator(queryset)
        if user.staff_role in AGENCY_ROLES and user.agency is not None:
            return self.scope_of_agency(queryset, user.agency)
        if user.staff_role == StaffRole.COMMS:
            return self.scope_of_comms(queryset)
        return queryset.none()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.scoped(super().get_queryset(request), request.user)  # type: ignore[arg-type]

    def get_inspect_view_fields(self) -> Sequence[str]:
        """Show what is listed, unless told otherwise; stock modeladmin shows every column."""
        return self.inspect_view_fields or self.list_display

    @property
    def address_field(self) -> str:
        """The field by which a row stands in an address: its UUID where it has one."""
        try:
            self.model._meta.get_field("uuid")
        except FieldDoesNotExist:
            return "pk"
        return "uuid"

    def address_of(self, obj: Model) -> str:
        """Return a row's part of an address."""
        return str(getattr(obj, self.address_field))

    def what_is_shown(self) -> str:
        """Return what the access record calls these rows."""
        return self.what or str(self.opts.verbose_name)

    def register_indexing(self) -> None:
        """Keep these rows out of Wagtail's reference index.

        Its usage pages would name applicants to everybody who may edit the page or file.
        """

    def _refuse_leaking_filters(self) -> None:
        """Fail at start on a filter that lists values or related rows of every agency."""
        for entry in self.list_filter:
            if not isinstance(entry, str):
                continue
            field = self.opts.get_field(entry)
            if not field.choices and not isinstance(field, (BooleanField, DateField)):
                raise ImproperlyConfigured(
                    f"{type(self).__name__}.list_filter {entry!r} would list every agency's values."
                )
