"""수출통계: requests to the statistics body and what came back; the operator's."""

from typing import Any

from members.enums import StaffRole
from members.forms.statistics import ResultForm
from members.models import StatisticsRequest, User
from members.viewsets import ScopedModelAdmin, column, moment, related


class StatisticsAdmin(ScopedModelAdmin):
    """Requests, newest first."""

    model = StatisticsRequest
    base_url_path = "statistics"
    menu_label = "수출통계"
    menu_icon = "order"
    menu_item_name = "statistics"
    what = "수출통계 요청"
    roles = frozenset({StaffRole.OPERATOR})
    creating_roles = roles
    own_create_view = "members_admin:statistics_create"
    holds_personal_data = False
    list_display = ("code", "period", "reason", "made", "person", "result")
    search_fields = ("code", "reason")
    list_select_related = ("made_by",)
    ordering = ("-made_at",)
    inspect_template_name = "members/admin/statistics.html"
    made = moment("made_at", "요청 시각")
    result = moment("result_at", "결과 등록 시각")
    person = related("made_by", "만든 사람")

    @column("기간")
    def period(self, made: StatisticsRequest) -> str:
        return f"{made.first_month:%Y.%m} ~ {made.last_month:%Y.%m}"

    def details_of(self, instance: StatisticsRequest, user: User) -> dict[str, Any]:
        return {
            "asked": instance.hand_overs.count(),
            "answered": instance.verified.values("company").distinct().count(),
            "result_form": ResultForm(),
        }
