"""This room in Wagtail's admin: lists, own screens, and what is kept out of the menus."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path
from wagtail import hooks
from wagtail_modeladmin.options import modeladmin_register

from members.staff_lists import MembersGroup, OperationGroup

modeladmin_register(MembersGroup)
modeladmin_register(OperationGroup)

# Wagtail treats whoever may change users as a superuser; accounts have screens of their own.
HIDDEN_SETTINGS = frozenset({"users", "groups"})


def own_screens() -> list[URLPattern | URLResolver]:
    """Put our function views under /admin/."""
    return [path("", include("members.admin_urls"))]


def hide_user_screens(request: HttpRequest, menu_items: list[Any]) -> None:
    """Leave Wagtail's users and groups out of the menu, for superusers too."""
    menu_items[:] = [item for item in menu_items if item.name not in HIDDEN_SETTINGS]


hooks.register("register_admin_urls", own_screens)
hooks.register("construct_settings_menu", hide_user_screens)
