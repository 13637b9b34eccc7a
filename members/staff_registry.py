"""사업자 상태 변경: what the tax office's register says anew of the agency's companies."""

from collections.abc import Sequence

from django.db.models import F, QuerySet
from django.http import HttpRequest

from members.formatting import format_business_number, format_date
from members.models import Agency, Company, RegistryCheck
from members.selectors import companies_of_agency
from members.viewsets import ScopedModelAdmin, column, moment, related


class RegistryChangeAdmin(ScopedModelAdmin):
    """Answers that differ from what was known, newest first."""

    model = RegistryCheck
    base_url_path = "registry-changes"
    menu_label = "사업자 상태 변경"
    menu_icon = "history"
    menu_item_name = "registry-changes"
    what = "사업자 상태 변경"
    list_display = (
        "company_name", "number", "previous_state", "state", "ended", "compared", "time", "reason",
    )  # fmt: skip
    list_export = ("time", "company", "number", "previous_state", "state", "ended_date", "reason")
    export_headings = {"number": "사업자등록번호", "time": "확인 시각"}
    list_filter = ("state", "reason")
    search_fields = ("company__name", "company__business_number")
    list_select_related = ("company",)
    ordering = ("-at",)
    inspect_view_enabled = False
    company_name = related("company", "기업")
    time = moment("at", "확인 시각")

    @column("사업자등록번호", order="company__business_number")
    def number(self, check: RegistryCheck) -> str:
        return format_business_number(check.company.business_number)

    @column("폐업일")
    def ended(self, check: RegistryCheck) -> str:
        return format_date(check.ended_date) if check.ended_date else "–"

    @column("개업일·대표자")
    def compared(self, check: RegistryCheck) -> str:
        return {True: "일치", False: "확인되지 않음"}.get(check.matches, "–")  # type: ignore[arg-type]

    def get_queryset(self, request: HttpRequest) -> QuerySet[RegistryCheck]:
        return super().get_queryset(request).exclude(state=F("previous_state"))

    def scope_of_agency(
        self, queryset: QuerySet[RegistryCheck], agency: Agency
    ) -> QuerySet[RegistryCheck]:
        return queryset.filter(company__in=companies_of_agency(agency).values("pk"))

    def subjects_of(self, rows: Sequence[RegistryCheck]) -> Sequence[Company]:
        return [row.company for row in rows]
