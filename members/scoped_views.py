"""The views behind `members.viewsets.ScopedModelAdmin`: each starts from the scoped queryset."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.core.exceptions import FieldDoesNotExist, PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from wagtail_modeladmin.views import (
    CreateView,
    DeleteView,
    EditView,
    HistoryView,
    IncorrectLookupParameters,
    IndexView,
    InspectView,
    WMABaseView,
)

from members.access import lacks_reason, note_access, reason_url
from members.confirmation import question_first
from members.enums import AccessAction
from members.services.throttle import ThrottledError, hit
from members.spreadsheets import WRITERS
from members.views.downloads import attachment_stream

MIN_REASON = 2
EXPORT_CHUNK = 1000
NO_REASON = "내려받는 사유를 입력해 주십시오."
PLAIN = "text/plain; charset=utf-8"
# The only endings that the filters of choices, yes-or-no and dates write into addresses.
FILTER_LOOKUPS = frozenset({"exact", "isnull", "gte", "lt"})


class _ReasonFirst:
    """The operator states why before any personal data is shown (domain.md section 3)."""

    model_admin: Any

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Call the rows what the list calls them: one model may stand behind several lists."""
        super().setup(request, *args, **kwargs)  # type: ignore[misc]
        self.verbose_name = self.verbose_name_plural = self.model_admin.what_is_shown()

    def get_page_title(self) -> str:
        return self.verbose_name

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.model_admin.permission_helper.user_can_list(request.user):
            raise PermissionDenied
        if self.model_admin.holds_personal_data and lacks_reason(request):
            return redirect(reason_url(request))
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response


class ScopedIndexView(_ReasonFirst, IndexView):
    """The list: declared filters only, each page shown is recorded, exports need a reason."""

    export_buttons_template_name = "members/admin/export_form.html"

    def get_filters_params(self, params: Any = None) -> dict[str, list[str]]:
        """Keep the declared filters; anything else in the address filters nothing.

        Stock modeladmin hands every parameter to the ORM, so «company__people__password__gt=»
        would answer questions about rows that nobody may see.
        """
        kept: dict[str, list[str]] = super().get_filters_params(params)
        declared = {
            f"{entry}__{lookup}"
            for entry in self.list_filter
            if isinstance(entry, str)
            for lookup in FILTER_LOOKUPS
        }
        declared.update(getattr(entry, "parameter_name", "") for entry in self.list_filter)
        declared.update(self.model_admin.allowed_lookups)
        return {
            name: values
            for name, values in kept.items()
            if name in declared and not any("\0" in value for value in values)
        }

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().dispatch(request, *args, **kwargs)
        except IncorrectLookupParameters:
            return redirect(self.index_url)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        rows = list(context["object_list"])
        for row in rows:
            row._in_scope_of = self.request.user.pk
        context["object_list"] = rows
        if self.model_admin.holds_personal_data:
            self._record(AccessAction.SEARCH if self.query else AccessAction.VIEW, rows, "목록")
        return context

    def as_spreadsheet(self, queryset: QuerySet[Any], spreadsheet_format: str) -> HttpResponse:
        """Refuse an export by address alone; it is a form with a reason (`post`)."""
        return HttpResponseBadRequest(NO_REASON, content_type=PLAIN)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Export the filtered rows with their reason on record, once it is clear who asks."""
        question = question_first(request)
        if question is not None:
            return question
        writer = WRITERS.get(request.POST.get("export", ""))
        reason = request.POST.get("reason", "").strip()
        if writer is None or not self.list_export or len(reason) < MIN_REASON:
            return HttpResponseBadRequest(NO_REASON, content_type=PLAIN)
        try:
            hit(scope="export_staff", key=str(request.user.pk), at=timezone.now())
        except ThrottledError:
            return HttpResponse("잠시 뒤에 다시 내려받아 주십시오.", status=429, content_type=PLAIN)
        subjects = self.model_admin.subjects_in(self.queryset)
        what = f"{self.model_admin.what_is_shown()} 내보내기"
        note_access(self.request, AccessAction.EXPORT, subjects, what, reason=reason)
        wanted = request.POST.getlist("column")
        columns = [name for name in self.list_export if name in wanted] or self.list_export
        chunks = writer(
            [self.get_heading(self.queryset, name) for name in columns], self.export_rows(columns)
        )
        day = timezone.localdate()
        name = f"{self.verbose_name_plural}_{day:%Y%m%d}.{request.POST['export']}"
        return attachment_stream(chunks, filename=name, kind=request.POST["export"])

    def export_rows(self, columns: Sequence[str]) -> Iterator[list[Any]]:
        """Yield the cells of each filtered row; read while the file is sent, few at a time."""
        for row in self.queryset.iterator(chunk_size=EXPORT_CHUNK):
            yield [self.cell(row, name) for name in columns]

    @property
    def export_columns(self) -> list[tuple[str, str]]:
        """Return the columns that an export may hold, with their headings."""
        return [(name, self.get_heading(self.queryset, name)) for name in self.list_export]

    @property
    def export_action(self) -> str:
        """Where the export form goes: here, with the filters and the search of this list."""
        return self.request.get_full_path()

    def get_heading(self, queryset: QuerySet[Any], field: str) -> str:
        """Return a column's Korean heading."""
        heading = self.model_admin.export_headings.get(field)
        return heading or column_label(self.model_admin, field)

    def cell(self, row: Any, name: str) -> Any:
        """Return a cell's value; a choice is written as its label."""
        return column_value(self.model_admin, row, name)

    def _record(
        self, action: AccessAction, rows: Iterable[Any], kind: str, reason: str = ""
    ) -> None:
        subjects = list(dict.fromkeys(self.model_admin.subjects_of(list(rows))))
        what = f"{self.model_admin.what_is_shown()} {kind}"
        note_access(self.request, action, subjects, what, reason=reason)


def column_label(model_admin: Any, name: str) -> str:
    """Return what a column is called: a field's own name or a method's short description."""
    try:
        return str(model_admin.opts.get_field(name).verbose_name)
    except FieldDoesNotExist:
        method = getattr(model_admin, name, None) or getattr(model_admin.model, name, None)
        return str(getattr(method, "short_description", name))


def column_value(model_admin: Any, row: Model, name: str) -> Any:
    """Return a column's value: what the row holds, a choice's label, or a method's answer."""
    try:
        model_admin.opts.get_field(name)
    except FieldDoesNotExist:
        method = getattr(model_admin, name, None)
        if callable(method):
            return method(row)
    shown = getattr(row, f"get_{name}_display", None)
    value = shown if shown is not None else getattr(row, name)
    return value() if callable(value) else value


class _ScopedInstance(_ReasonFirst):
    """Find the one row in the person's own rows, by UUID; anything else does not exist.

    modeladmin looks the row up in `__init__`, from the whole table and without a request. So
    nothing is looked up there; `setup` does it, when the person is known.
    """

    action = AccessAction.VIEW
    kind = "상세"

    def __init__(self, model_admin: Any, instance_pk: str) -> None:
        WMABaseView.__init__(self, model_admin)  # not InstanceSpecificView's: it reads all rows
        self.address = instance_pk
        self.pk_quoted = instance_pk

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        rows = self.model_admin.get_queryset(request)
        try:
            self.instance = rows.get(**{self.model_admin.address_field: self.address})
        except (self.model_admin.model.DoesNotExist, ValidationError, ValueError) as error:
            raise Http404 from error
        self.instance._in_scope_of = request.user.pk
        self.instance_pk = self.instance.pk
        super().setup(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.model_admin.holds_personal_data:
            subjects = self.model_admin.subjects_of([self.instance])
            what = f"{self.model_admin.what_is_shown()} {self.kind}: {self.instance}"
            note_access(self.request, self.action, subjects, what)  # type: ignore[attr-defined]
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context


class ScopedInspectView(_ScopedInstance, InspectView):
    """One row in detail."""

    def get_fields_dict(self) -> list[dict[str, Any]]:
        """Read the columns only where no template of the list's own shows the row."""
        if self.model_admin.inspect_template_name:
            return []
        fields: list[dict[str, Any]] = super().get_fields_dict()
        return fields

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        details = self.model_admin.details_of(self.instance, self.request.user)
        return super().get_context_data(**{**details, **kwargs})

    def get_meta_title(self) -> str:
        return f"{self.verbose_name}: {self.instance}"

    def get_field_label(self, field_name: str, field: Any = None) -> str:
        return column_label(self.model_admin, field_name)

    def get_field_display_value(self, field_name: str, field: Any = None) -> Any:
        value = column_value(self.model_admin, self.instance, field_name)
        return value if value not in (None, "", []) else self.model_admin.empty_value_display


class _OneMessage:
    """After saving there is one sentence; modeladmin's button would address the row by number."""

    def get_success_message_buttons(self, instance: Model) -> list[Any]:
        return []


class ScopedEditView(_OneMessage, _ScopedInstance, EditView):
    """Edit one row of the own scope; off unless the subclass names `editing_roles`."""

    kind = "수정 화면"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.check_action_permitted(request.user):
            raise PermissionDenied
        if self.model_admin.own_edit_view:
            return redirect(self.model_admin.own_edit_view, self.address)
        return super().dispatch(request, *args, **kwargs)


class ScopedDeleteView(_ScopedInstance, DeleteView):
    """Delete one row of the own scope; off unless the subclass names `deleting_roles`."""

    kind = "삭제 화면"


class ScopedHistoryView(_ScopedInstance, HistoryView):
    """The log of one row; stock modeladmin shows it to everybody."""

    kind = "이력"

    def check_action_permitted(self, user: Any) -> bool:
        return bool(self.permission_helper.user_can_inspect_obj(user, self.instance))


class ScopedCreateView(_OneMessage, _ReasonFirst, CreateView):
    """Create a row; off unless the subclass names `creating_roles`."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.check_action_permitted(request.user):
            raise PermissionDenied
        if self.model_admin.own_create_view:
            return redirect(self.model_admin.own_create_view)
        return super().dispatch(request, *args, **kwargs)
