"""The operator's list of access tokens, registered in the menu «운영»."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from members.enums import StaffRole
from members.forms.staff import ReasonForm
from members.models import ApiToken, Company, User
from members.viewsets import ScopedModelAdmin, column, moment, related


class ApiTokenAdmin(ScopedModelAdmin):
    """접근 토큰: which agency's system may do what, and when it last did."""

    model = ApiToken
    base_url_path = "api-tokens"
    menu_label = "접근 토큰"
    menu_icon = "key"
    menu_item_name = "api-tokens"
    what = "접근 토큰"
    roles = frozenset({StaffRole.OPERATOR})
    creating_roles = frozenset({StaffRole.OPERATOR})
    own_create_view = "members_admin:api_token_create"
    holds_personal_data = False
    list_display = ("label", "agency_name", "hint", "standing", "expires", "used")
    search_fields = ("label", "agency__name")
    list_select_related = ("agency",)
    inspect_template_name = "members/admin/api_token.html"
    agency_name = related("agency", "기관")
    expires = moment("expires_at", "만료 시각")
    used = moment("last_used_at", "마지막 사용")

    @column("앞자리")
    def hint(self, token: ApiToken) -> str:
        return f"{token.secret_hint}…"

    @column("상태")
    def standing(self, token: ApiToken) -> str:
        if token.revoked_at is not None:
            return "회수됨"
        return "사용 중" if token.is_usable_at(timezone.now()) else "만료됨"

    def scope_of_operator(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset

    def subjects_of(self, rows: Sequence[ApiToken]) -> Sequence[Company | User]:
        return []

    def details_of(self, instance: ApiToken, user: User) -> dict[str, Any]:
        return {
            "reason_form": ReasonForm(),
            "standing": self.standing(instance),
            "is_usable": instance.is_usable_at(timezone.now()),
        }
