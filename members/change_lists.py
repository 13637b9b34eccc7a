"""The operator's list of companies' reports, registered in `members.staff_lists`."""

from collections.abc import Sequence
from typing import Any

from members.enums import StaffRole
from members.forms.changes import DecisionForm
from members.models import Company, CompanyChange, User
from members.selectors import running_work
from members.viewsets import ScopedModelAdmin, moment, related


class CompanyChangeAdmin(ScopedModelAdmin):
    """기업 변경 신청: new numbers, mergers, pauses and ends of business."""

    model = CompanyChange
    base_url_path = "company-changes"
    menu_label = "기업 변경 신청"
    menu_icon = "repeat"
    menu_item_name = "company-changes"
    what = "기업 변경 신청"
    roles = frozenset({StaffRole.OPERATOR})
    list_display = ("whose", "kind", "state", "requested", "decided")
    whose = related("company", "기업")
    requested = moment("requested_at", "신청 시각")
    decided = moment("decided_at", "처리 시각")
    list_filter = ("state", "kind")
    search_fields = ("company__name", "old_number", "new_number")
    list_select_related = ("company",)
    inspect_template_name = "members/admin/company_change.html"

    def subjects_of(self, rows: Sequence[CompanyChange]) -> Sequence[Company]:
        return [row.company for row in rows]

    def details_of(self, instance: CompanyChange, user: User) -> dict[str, Any]:
        return {"running": running_work(instance.company), "decision_form": DecisionForm()}
