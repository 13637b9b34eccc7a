"""This room in Wagtail's admin: lists and own screens."""

from django.urls import URLPattern, URLResolver, include, path
from wagtail import hooks
from wagtail_modeladmin.options import modeladmin_register

from applications.staff_lists import ApplicationsGroup

modeladmin_register(ApplicationsGroup)


def own_screens() -> list[URLPattern | URLResolver]:
    """Put our function views under /admin/."""
    return [path("", include("applications.admin_urls"))]


hooks.register("register_admin_urls", own_screens)
