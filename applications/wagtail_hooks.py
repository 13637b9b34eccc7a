"""This room in Wagtail's admin: lists and own screens."""

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail_modeladmin.options import modeladmin_register

from applications.staff_lists import ApplicationsGroup

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


hooks.register("register_admin_urls", own_screens)
hooks.register("register_admin_menu_item", offer_worklist)
hooks.register("register_admin_menu_item", offer_selections)
