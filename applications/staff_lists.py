"""The staff's lists of this room: applications on own notices, late permits."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail_modeladmin.options import ModelAdminGroup

from applications import rules, selectors
from applications.enums import ApplicationState, DocumentState
from applications.forms import DocumentCheckForm
from applications.models import Application, LatePermit
from members.enums import AGENCY_ROLES
from members.formatting import format_business_number, format_datetime
from members.list_filters import ListFilter
from members.models import Agency, Company, User
from members.scoped_views import ScopedIndexView
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


class ApplicationIndexView(ScopedIndexView):
    """The list, with the number of drafts of each own notice above it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        drafts = selectors.draft_counts(self.request.user.agency)
        chosen = self.request.GET.get("notice")
        kwargs["drafts"] = [row for row in drafts if not chosen or row["code"] == chosen]
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context


class ApplicationAdmin(ScopedModelAdmin):
    """신청: what was handed in to own notices (S63, S65); drafts never."""

    model = Application
    base_url_path = "applications"
    menu_label = "신청"
    menu_icon = "form"
    menu_item_name = "applications"
    what = "신청"
    list_display = (
        "receipt_number", "company_name", "number", "membership", "notice_title", "handed_in",
        "state",
    )  # fmt: skip
    list_filter = (StateFilter, NoticeFilter)
    search_fields = ("receipt_number", "company__name", "company__business_number")
    list_select_related = ("company", "notice__agency", "submitted_by")
    list_export = (
        "receipt_number", "submitted_at", "state", "notice_code", "notice_title", "round",
        "company_name", "number", "membership", "representative", "main_product", "head_office",
        "person", "person_email",
    )  # fmt: skip
    export_headings = {"state": "상태", "round": "차수"}
    ordering = ("-submitted_at",)
    index_view_class = ApplicationIndexView
    index_template_name = "applications/admin/application_list.html"
    inspect_template_name = "applications/admin/application.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        rows = super().get_queryset(request).defer("snapshot")
        return rows.select_related("company", "notice__agency", "submitted_by")

    def scope_of_agency(self, queryset: QuerySet[Any], agency: Agency) -> QuerySet[Any]:
        return queryset.filter(notice__agency=agency, submitted_at__isnull=False)

    def scope_of_operator(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(submitted_at__isnull=False)

    def subjects_of(self, rows: Sequence[Application]) -> Sequence[Company]:
        return [row.company for row in rows]

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

    def details_of(self, instance: Application, user: User) -> dict[str, Any]:
        papers = selectors.submitted_papers(instance)
        return {
            "snapshot": instance.snapshot or {},
            "papers": papers,
            "check_forms": {
                paper.uuid: DocumentCheckForm(
                    initial={"state": checked_state(paper.state)}, auto_id=f"{paper.uuid}-%s"
                )
                for paper in papers
                if rules.may_check_document(instance, document=paper, by=user).allowed
            },
            "events": instance.events.select_related("by"),
            "corrections": instance.corrections.select_related("asked_by", "answer__file"),
            "earlier": selectors.earlier_applications(instance)[:20],
            "moves": rules.moves_for(instance, by=user),
        }


def checked_state(state: str) -> str:
    """Return what the check form begins with: a paper sent back begins anew."""
    return DocumentState.RECEIVED if state == DocumentState.REDO else state


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
