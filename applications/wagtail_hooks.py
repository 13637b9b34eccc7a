"""This room in Wagtail's admin: lists and own screens."""

from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail_modeladmin.options import modeladmin_register

from applications.models import Application
from applications.staff_lists import ApplicationsGroup
from cms.notice_columns import NoticeColumn, add_notice_column

modeladmin_register(ApplicationsGroup)


def own_screens() -> list[URLPattern | URLResolver]:
    """Put our function views under /admin/."""
    return [path("", include("applications.admin_urls"))]


class AgencyMenuItem(MenuItem):
    """A screen of an agency's own people."""

    def is_shown(self, request: HttpRequest) -> bool:
        return getattr(request.user, "agency_id", None) is not None


def offer_worklist() -> MenuItem:
    address = reverse("applications_admin:worklist")
    return AgencyMenuItem("신청 업무함", address, name="worklist", icon_name="tasks", order=190)


def offer_selections() -> MenuItem:
    address = reverse("applications_admin:selections")
    return AgencyMenuItem("선정", address, name="selections", icon_name="list-ol", order=210)


def number_of_applications() -> Any:
    """Count a notice's handed-in applications; drafts are their companies' own affair."""
    submitted = Application.objects.submitted().filter(notice=OuterRef("pk")).order_by()
    number = submitted.values("notice").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number), 0)


add_notice_column(column=NoticeColumn("applications", "신청", number_of_applications))
hooks.register("register_admin_urls", own_screens)
hooks.register("register_admin_menu_item", offer_worklist)
hooks.register("register_admin_menu_item", offer_selections)
