"""The staff's list of everyday words for HS names, registered in `members.staff_lists`."""

from django.db.models import QuerySet
from wagtail.admin.panels import FieldPanel

from members.enums import StaffRole
from members.models import HsSynonym
from members.viewsets import ScopedModelAdmin


class HsSynonymAdmin(ScopedModelAdmin):
    """HS 검색어: 노트북 finds 자동자료처리기계."""

    model = HsSynonym
    base_url_path = "hs-synonyms"
    menu_label = "HS 검색어"
    menu_icon = "search"
    menu_item_name = "hs-synonyms"
    what = "HS 검색어"
    roles = frozenset({StaffRole.COMMS, StaffRole.OPERATOR})
    creating_roles = roles
    editing_roles = roles
    deleting_roles = roles
    holds_personal_data = False
    list_display = ("word", "meaning")
    search_fields = ("word", "meaning")
    ordering = ("word",)
    panels = [FieldPanel("word"), FieldPanel("meaning")]

    def scope_of_comms(self, queryset: QuerySet[HsSynonym]) -> QuerySet[HsSynonym]:
        return queryset
