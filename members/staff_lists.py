"""The staff's lists of this room, registered in `members.wagtail_hooks`."""

import re
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail_modeladmin.options import ModelAdminGroup

from members.api_token_list import ApiTokenAdmin
from members.change_lists import CompanyChangeAdmin
from members.enums import StaffRole
from members.formatting import format_business_number, format_phone
from members.forms.changes import MasterForm
from members.forms.staff import (
    CoverCodeForm,
    HandOverForm,
    OriginalsForm,
    ReasonForm,
    RefusalForm,
    RoleForm,
)
from members.hs_lists import HsSynonymAdmin
from members.job_lists import ScheduledJobAdmin
from members.legal_difference import difference, version_before
from members.models import (
    AccessRecord,
    Agency,
    AgencyAssignment,
    Company,
    LegalText,
    OriginalsFile,
    OutboxMail,
    Paper,
    SecondFactor,
    User,
)
from members.rules import may_manage_account, roles_to_grant
from members.selectors import companies_of_agency, joinings_to_screen
from members.services.originals import slot_labels
from members.staff_registry import RegistryChangeAdmin
from members.staff_statistics import StatisticsAdmin
from members.viewsets import ScopedModelAdmin, column, moment, related, yes_or_no

OPERATOR = frozenset({StaffRole.OPERATOR})
# Tokens of one-time links; whoever reads the outbox must not be able to use them.
SECRET_PART = re.compile(r"(https?://\S*/)[\w-]{20,}(/?)")


def current_papers(company: Company) -> QuerySet[Paper]:
    """Return the papers of a company that no newer one replaced, with their files."""
    return company.papers.current().select_related("file")


class CompanyRows(ScopedModelAdmin):
    """What the two lists of companies share."""

    model = Company
    list_filter: Sequence[str] = ("membership_state", "registry_state")
    search_fields = ("name", "name_en", "business_number", "representative")
    list_select_related = ("originals_agency",)
    chosen_agency = related("originals_agency", "접수 기관")
    joined = moment("joined_at", "가입 시각")
    changed = moment("membership_changed_at", "제출 시각")

    @column("사업자등록번호", order="business_number")
    def number(self, company: Company) -> str:
        return format_business_number(company.business_number)

    @column("대표 연락처")
    def telephone(self, company: Company) -> str:
        return format_phone(company.phone)


class CompanyAdmin(CompanyRows):
    """기업: those that the agency has to do with (domain.md section 3)."""

    base_url_path = "companies"
    menu_label = "기업"
    menu_icon = "group"
    menu_item_name = "companies"
    what = "기업"
    list_display = (
        "name", "number", "membership_state", "registry_state", "chosen_agency", "joined",
    )  # fmt: skip
    list_export = (
        "name", "number", "representative", "head_office", "telephone", "email", "industry",
        "business_type", "main_product", "employees", "membership_state", "joined_at",
    )  # fmt: skip
    export_headings = {"head_office": "본사 소재지"}
    ordering = ("name",)
    inspect_template_name = "members/admin/company.html"

    def details_of(self, instance: Company, user: User) -> dict[str, Any]:
        return {
            "people": instance.people.order_by("-is_company_master", "name"),
            "products": instance.products.all(),
            "figures": instance.figures.all(),
            "papers": current_papers(instance),
            "events": instance.membership_events.select_related("by"),
            "reason_form": ReasonForm(),
            "master_form": MasterForm(company=instance),
        }

    def scope_of_agency(self, queryset: QuerySet[Company], agency: Agency) -> QuerySet[Company]:
        return queryset.filter(pk__in=companies_of_agency(agency).values("pk"))


class JoiningAdmin(CompanyRows):
    """가입 심사: companies whose joining papers wait, at the agency they chose."""

    base_url_path = "joining"
    menu_label = "가입 심사"
    menu_icon = "clipboard-list"
    menu_item_name = "joining"
    what = "가입 심사"
    list_display = ("name", "number", "representative", "chosen_agency", "changed")
    list_filter = ()
    ordering = ("membership_changed_at",)
    inspect_template_name = "members/admin/joining.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Company]:
        rows = super().get_queryset(request)
        return rows.filter(pk__in=joinings_to_screen(request.user).values("pk"))  # type: ignore[arg-type]

    def scope_of_agency(self, queryset: QuerySet[Company], agency: Agency) -> QuerySet[Company]:
        return queryset.filter(originals_agency=agency)

    def details_of(self, instance: Company, user: User) -> dict[str, Any]:
        return {"papers": current_papers(instance), "refusal_form": RefusalForm()}


class OriginalsAdmin(ScopedModelAdmin):
    """원본서류: what lies, or should lie, on the agency's desk."""

    model = OriginalsFile
    base_url_path = "originals"
    menu_label = "원본서류"
    menu_icon = "folder-inverse"
    menu_item_name = "originals"
    what = "원본서류"
    list_display = ("company_name", "cover_code", "desk", "received", "completed")
    company_name = related("company", "기업")
    desk = related("agency", "접수 기관")
    completed = moment("completed_at", "모두 받은 시각")
    search_fields = ("cover_code", "company__name", "company__business_number")
    list_select_related = ("company", "agency")
    ordering = ("completed_at", "-created_at")
    inspect_template_name = "members/admin/originals.html"
    index_template_name = "members/admin/originals_list.html"

    @property
    def address_field(self) -> str:
        return "cover_code"

    def scope_of_agency(
        self, queryset: QuerySet[OriginalsFile], agency: Agency
    ) -> QuerySet[OriginalsFile]:
        return queryset.filter(agency=agency)

    def subjects_of(self, rows: Sequence[OriginalsFile]) -> Sequence[Company]:
        return [row.company for row in rows]

    @column("받은 원본")
    def received(self, originals: OriginalsFile) -> str:
        return f"{len(originals.received_slots)} / {len(slot_labels())}"

    def code_form(self) -> CoverCodeForm:
        return CoverCodeForm()

    def details_of(self, instance: OriginalsFile, user: User) -> dict[str, Any]:
        initial = {"slots": instance.received_slots}
        return {
            "originals_form": OriginalsForm(initial=initial, choices=slot_labels()),
            "hand_over_form": HandOverForm(),
            "papers": current_papers(instance.company),
            "events": instance.events.select_related("by", "agency"),
        }


class AgencyAdmin(ScopedModelAdmin):
    """기관: the tenants."""

    model = Agency
    base_url_path = "agencies"
    menu_label = "기관"
    menu_icon = "site"
    menu_item_name = "agencies"
    what = "기관"
    roles = OPERATOR
    creating_roles = OPERATOR
    editing_roles = OPERATOR
    own_create_view = "members_admin:agency_create"
    own_edit_view = "members_admin:agency_edit"
    holds_personal_data = False
    list_display = ("name", "code", "role", "publishes", "originals", "is_running")
    publishes = yes_or_no("publishes_itself", "직접 게시")
    originals = yes_or_no("takes_originals", "원본서류 접수")
    is_running = yes_or_no("is_active", "운영 중")
    list_filter = ("role", "is_active")
    search_fields = ("name", "code", "former_names__name")
    ordering = ("position", "code")
    inspect_view_enabled = False


class StaffAdmin(ScopedModelAdmin):
    """직원 계정: by the operator; an agency's manager sees the own agency's."""

    model = User
    base_url_path = "staff"
    menu_label = "직원 계정"
    menu_icon = "user"
    menu_item_name = "staff"
    what = "직원 계정"
    roles = frozenset({StaffRole.MANAGER, StaffRole.OPERATOR})
    creating_roles = frozenset({StaffRole.MANAGER, StaffRole.OPERATOR})
    own_create_view = "members_admin:staff_create"
    list_display = ("name", "username", "staff_role", "employer", "is_usable")
    employer = related("agency", "기관")
    is_usable = yes_or_no("is_active", "상태", "사용 중", "사용 중지")
    list_filter = ("staff_role", "is_active")
    search_fields = ("name", "username", "email")
    list_select_related = ("agency",)
    ordering = ("name",)
    inspect_template_name = "members/admin/staff_account.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Show accounts that hold or held a role, never people of companies."""
        rows: Any = super().get_queryset(request).filter(company__isnull=True)
        return rows.of_persons().filter(pk__in=AgencyAssignment.objects.values("user"))

    def scope_of_agency(self, queryset: QuerySet[User], agency: Agency) -> QuerySet[User]:
        return queryset.filter(agency=agency)

    def details_of(self, instance: User, user: User) -> dict[str, Any]:
        initial = {"role": instance.staff_role, "agency": instance.agency}
        has_factor = SecondFactor.objects.in_use().filter(user=instance).exists()
        history = instance.assignments.select_related("agency", "granted_by", "revoked_by")
        return {
            "assignments": history.order_by("-granted_at"),
            "has_factor": has_factor,
            "may_reset_factor": has_factor and user.is_operator and user != instance,
            "factor_form": ReasonForm(auto_id="factor_%s"),
            "may_manage": may_manage_account(manager=user, person=instance).allowed,
            "role_form": RoleForm(
                roles=roles_to_grant(user), own_agency=user.agency, initial=initial
            ),
            "reason_form": ReasonForm(),
        }


class LegalTextAdmin(ScopedModelAdmin):
    """약관·동의문: versions, published once."""

    model = LegalText
    base_url_path = "legal-texts"
    menu_label = "약관·동의문"
    menu_icon = "doc-full"
    menu_item_name = "legal-texts"
    what = "약관·동의문"
    roles = frozenset({StaffRole.COMMS, StaffRole.OPERATOR})
    creating_roles = roles
    editing_roles = roles
    own_create_view = "members_admin:legal_create"
    own_edit_view = "members_admin:legal_edit"
    holds_personal_data = False
    list_display = ("title", "kind", "version", "effective", "necessity", "stage")
    effective = moment("effective_at", "시행 시각")
    necessity = yes_or_no("is_required", "동의", "필수", "선택")
    stage = yes_or_no("is_published", "상태", "게시", "초안")
    list_filter = ("kind", "is_published")
    ordering = ("kind", "-effective_at")
    inspect_template_name = "members/admin/legal_text.html"

    def scope_of_comms(self, queryset: QuerySet[LegalText]) -> QuerySet[LegalText]:
        return queryset

    def details_of(self, instance: LegalText, user: User) -> dict[str, Any]:
        before = version_before(instance)
        return {"before": before, "changed_lines": difference(before, instance)}

    def is_editable(self, obj: Any) -> bool:
        return not obj.is_published


class OutboxAdmin(ScopedModelAdmin):
    """보낸 메일함: what left, waits or failed."""

    model = OutboxMail
    base_url_path = "outbox"
    menu_label = "보낸 메일함"
    menu_icon = "mail"
    menu_item_name = "outbox"
    what = "보낸 메일"
    roles = OPERATOR
    list_display = ("subject", "to", "kind", "state", "attempts", "created", "sent")
    created = moment("created_at", "만든 시각")
    sent = moment("sent_at", "보낸 시각")
    list_filter = ("state",)
    search_fields = ("to", "subject", "kind")
    list_select_related = ("company",)
    inspect_template_name = "members/admin/mail.html"

    def subjects_of(self, rows: Sequence[OutboxMail]) -> Sequence[Company]:
        return [row.company for row in rows if row.company is not None]

    def details_of(self, instance: OutboxMail, user: User) -> dict[str, Any]:
        return {"readable_body": SECRET_PART.sub(r"\1…\2", instance.body)}


class AccessRecordAdmin(ScopedModelAdmin):
    """접속기록: who looked at whose data; nobody changes it."""

    model = AccessRecord
    base_url_path = "access-records"
    menu_label = "접속기록"
    menu_icon = "view"
    menu_item_name = "access-records"
    what = "접속기록"
    roles = OPERATOR
    list_display = ("time", "actor_label", "action", "what", "subject_count", "address", "reason")
    time = moment("at", "시각")
    list_export = ("at", "actor_label", "action", "what", "subjects", "address", "reason")
    list_filter = ("action", "at")
    search_fields = ("actor_label", "what", "reason", "address")
    ordering = ("-at",)
    inspect_view_fields = [
        "time", "actor_label", "action", "what", "subject_names", "address", "reason", "request_id",
    ]  # fmt: skip

    @column("대상")
    def subject_names(self, record: AccessRecord) -> str:
        """Return whose data it was, in words (the first hundred)."""
        uuids = [name.partition(":")[2] for name in record.subjects[:100]]
        names = [
            *Company.objects.filter(uuid__in=uuids).values_list("name", flat=True),
            *User.objects.filter(uuid__in=uuids).values_list("name", flat=True),
        ]
        rest = record.subject_count - len(uuids)
        return ", ".join(names) + (f" 외 {rest}" if rest > 0 else "")


class MembersGroup(ModelAdminGroup):
    """The menu «회원»."""

    menu_label = "회원"
    menu_icon = "group"
    menu_order = 250
    menu_item_name = "members"
    items = (JoiningAdmin, CompanyAdmin, CompanyChangeAdmin, OriginalsAdmin, RegistryChangeAdmin)


class OperationGroup(ModelAdminGroup):
    """The menu «운영»."""

    menu_label = "운영"
    menu_icon = "cogs"
    menu_order = 900
    menu_item_name = "operation"
    items = (
        AgencyAdmin,
        StaffAdmin,
        ApiTokenAdmin,
        LegalTextAdmin,
        HsSynonymAdmin,
        OutboxAdmin,
        ScheduledJobAdmin,
        AccessRecordAdmin,
        StatisticsAdmin,
    )
