"""The staff's lists of this room: applications on own notices, late permits."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from wagtail_modeladmin.options import ModelAdminGroup

from applications import rules, selectors
from applications.desk_forms import AssignForm, MessageForm, NoteForm
from applications.enums import ApplicationState
from applications.forms import DocumentCheckForm
from applications.models import Application, LatePermit
from applications.record_comparison import compared_rows
from applications.views.desk_list import ApplicationIndexView, ApplicationInspectView
from applications.worklist import PILES, colleagues_of, queue_filter, with_unread
from members.enums import AGENCY_ROLES
from members.formatting import format_business_number, format_datetime
from members.list_filters import ListFilter
from members.models import Agency, Company, User
from members.viewsets import ScopedModelAdmin, column


class StateFilter(ListFilter):
    """By state; 작성 중 is not offered, drafts are nobody's business."""

    title = "상태"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            (state.value, str(state.label))
            for state in ApplicationState
            if state != ApplicationState.DRAFT
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(state=self.value()) if self.value() else queryset


class NoticeFilter(ListFilter):
    """By notice; only those that the person sees applications of."""

    title = "공고"
    parameter_name = "notice"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        agency = getattr(request.user, "agency", None)
        return selectors.notices_with_applications(agency)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(notice__code=self.value()) if self.value() else queryset


class QueueFilter(ListFilter):
    """By pile of the work list; what is unread or one's own depends on who asks."""

    title = "업무"
    parameter_name = "queue"

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.person = request.user

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        is_agency = getattr(request.user, "agency", None) is not None
        return [(queue.value, str(queue.label)) for queue in PILES] if is_agency else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value() or not isinstance(request.user, User):
            return queryset
        return queryset.filter(queue_filter(self.value(), at=timezone.now(), person=request.user))


class AssigneeFilter(ListFilter):
    """By the colleague who has it in hand."""

    title = "담당"
    parameter_name = "assignee"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        agency = getattr(request.user, "agency", None)
        if agency is None:
            return []
        people = [(str(person.uuid), person.name) for person in colleagues_of(agency)]
        return [("none", "지정하지 않음"), *people]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        if self.value() == "none":
            return queryset.filter(assignee__isnull=True)
        return queryset.filter(assignee__uuid=self.value())


class ApplicationAdmin(ScopedModelAdmin):
    """신청: what was handed in to own notices (S63, S65); drafts never."""

    model = Application
    base_url_path = "applications"
    menu_label = "신청"
    menu_icon = "form"
    menu_item_name = "applications"
    what = "신청"
    list_display = (
        "mark", "receipt_number", "unread", "company_name", "number", "membership",
        "notice_title", "handed_in", "state", "in_hand",
    )  # fmt: skip
    list_display_add_buttons = "receipt_number"
    list_filter = (QueueFilter, StateFilter, NoticeFilter, AssigneeFilter)
    search_fields = ("receipt_number", "company__name", "company__business_number")
    list_select_related = ("company", "notice__agency", "submitted_by", "assignee")
    list_export = (
        "receipt_number", "submitted_at", "state", "notice_code", "notice_title", "round",
        "company_name", "number", "membership", "representative", "main_product", "head_office",
        "person", "person_email",
    )  # fmt: skip
    export_headings = {"state": "상태", "round": "차수"}
    ordering = ("-submitted_at",)
    index_view_class = ApplicationIndexView
    inspect_view_class = ApplicationInspectView
    index_template_name = "applications/admin/application_list.html"
    inspect_template_name = "applications/admin/application.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        rows: Any = super().get_queryset(request).defer("snapshot")
        rows = rows.select_related("company", "notice__agency", "submitted_by", "assignee")
        if not isinstance(request.user, User):
            return rows
        return with_unread(rows, person=request.user)

    def scope_of_agency(self, queryset: QuerySet[Any], agency: Agency) -> QuerySet[Any]:
        return queryset.filter(notice__agency=agency, submitted_at__isnull=False)

    def scope_of_operator(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(submitted_at__isnull=False)

    def subjects_of(self, rows: Sequence[Application]) -> Sequence[Company]:
        return [row.company for row in rows]

    def subjects_in(self, queryset: QuerySet[Any]) -> Sequence[Company]:
        """Return the applicants of a whole queryset by one query of their keys alone."""
        applicants = queryset.order_by().values("company")
        return list(Company.objects.filter(pk__in=applicants).only("pk", "uuid"))

    @column("고르기")
    def mark(self, application: Application) -> str:
        """Return the box that chooses this row for an act on several."""
        return format_html(
            '<input type="checkbox" name="row" value="{}" form="bulk" aria-label="{} 고르기">',
            application.uuid,
            application.receipt_number,
        )

    @column("읽음")
    def unread(self, application: Application) -> str:
        return "읽지 않음" if getattr(application, "is_unread", False) else ""

    @column("담당", order="assignee__name")
    def in_hand(self, application: Application) -> str:
        return application.assignee.name if application.assignee else ""

    @column("접수 시각", order="submitted_at")
    def handed_in(self, application: Application) -> str:
        return format_datetime(application.submitted_at) if application.submitted_at else ""

    @column("업체명", order="company__name")
    def company_name(self, application: Application) -> str:
        return application.company.name

    @column("사업자등록번호", order="company__business_number")
    def number(self, application: Application) -> str:
        return format_business_number(application.company.business_number)

    @column("회원")
    def membership(self, application: Application) -> str:
        """Return 임시 or 정식 with the mark of missing originals (decisions A7, A8)."""
        company = application.company
        shown = str(company.get_membership_state_display())
        return f"{shown} · 원본 미제출" if company.originals_due_since else shown

    @column("공고", order="notice__title")
    def notice_title(self, application: Application) -> str:
        return str(application.notice.title)

    @column("공고번호")
    def notice_code(self, application: Application) -> str:
        return str(application.notice.code)

    @column("대표자")
    def representative(self, application: Application) -> str:
        return application.company.representative

    @column("주 생산품")
    def main_product(self, application: Application) -> str:
        return application.company.main_product

    @column("본사 소재지")
    def head_office(self, application: Application) -> str:
        return application.company.head_office

    @column("제출한 사람")
    def person(self, application: Application) -> str:
        return application.submitted_by.name if application.submitted_by else ""

    @column("제출한 사람 전자우편")
    def person_email(self, application: Application) -> str:
        return application.submitted_by.email if application.submitted_by else ""

    def desk_of(self, instance: Application) -> dict[str, Any]:
        """Return the small forms of the agency's own people."""
        people = colleagues_of(instance.notice.agency)
        chosen = {"assignee": instance.assignee.uuid if instance.assignee else None}
        return {
            "note": NoteForm(auto_id="note-%s"),
            "message": MessageForm(auto_id="message-%s"),
            "assign": AssignForm(people=people, initial=chosen, auto_id="assign-%s"),
        }

    def details_of(self, instance: Application, user: User) -> dict[str, Any]:
        papers = selectors.submitted_papers(instance)
        before = selectors.record_before(instance)
        is_own = rules.is_agency_staff_of(instance.notice, by=user)
        return {
            "snapshot": instance.snapshot or {},
            "before": before,
            "record": compared_rows(
                instance.snapshot or {}, before.snapshot if before is not None else None
            ),
            "desk": self.desk_of(instance) if is_own else None,
            "notes": instance.notes.select_related("by"),
            "sent": instance.messages.select_related("by"),
            "papers": papers,
            "check_forms": {
                paper.uuid: DocumentCheckForm.of(paper)
                for paper in papers
                if rules.may_check_document(instance, document=paper, by=user).allowed
            },
            "events": instance.events.select_related("by"),
            "corrections": instance.corrections.select_related("asked_by", "answer__file"),
            "earlier": selectors.earlier_applications(instance)[:20],
            "moves": rules.moves_for(instance, by=user),
        }


class LatePermitAdmin(ScopedModelAdmin):
    """늦은 접수 허용: one company may still hand in to a closed notice (N5)."""

    model = LatePermit
    base_url_path = "late-permits"
    menu_label = "늦은 접수 허용"
    menu_icon = "time"
    menu_item_name = "late-permits"
    what = "늦은 접수 허용"
    creating_roles = AGENCY_ROLES
    own_create_view = "applications_admin:permit_create"
    list_display = ("number", "notice_title", "until_at", "granted_by", "granted_at", "revoked_at")
    search_fields = ("business_number", "notice__code", "notice__title")
    list_select_related = ("notice", "granted_by", "revoked_by")
    ordering = ("-granted_at",)
    inspect_template_name = "applications/admin/late_permit.html"

    def scope_of_agency(self, queryset: QuerySet[Any], agency: Agency) -> QuerySet[Any]:
        return queryset.filter(notice__agency=agency)

    def subjects_of(self, rows: Sequence[LatePermit]) -> Sequence[Company]:
        """Name nobody: a number is not looked up, so that permits tell nothing of members."""
        return []

    @column("사업자등록번호", order="business_number")
    def number(self, permit: LatePermit) -> str:
        return format_business_number(permit.business_number)

    @column("공고", order="notice__title")
    def notice_title(self, permit: LatePermit) -> str:
        return f"{permit.notice.code} {permit.notice.title}"

    def details_of(self, instance: LatePermit, user: User) -> dict[str, Any]:
        return {"may_revoke": rules.is_agency_staff_of(instance.notice, by=user)}


class ApplicationsGroup(ModelAdminGroup):
    """The menu «신청»."""

    menu_label = "신청"
    menu_icon = "form"
    menu_order = 200
    menu_item_name = "applications-group"
    items = (ApplicationAdmin, LatePermitAdmin)
