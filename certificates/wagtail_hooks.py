"""This room in Wagtail's admin."""

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail_modeladmin.options import modeladmin_register

from certificates.staff_lists import CertificateAdmin, PaperVersionAdmin

modeladmin_register(CertificateAdmin)
modeladmin_register(PaperVersionAdmin)


def own_screens() -> list[URLPattern | URLResolver]:
    """Put our function views under /admin/."""
    return [path("", include("certificates.admin_urls"))]


class BulkCheckItem(MenuItem):
    """확인증 일괄 확인: for whoever sees certificates."""

    def is_shown(self, request: HttpRequest) -> bool:
        return CertificateAdmin().permission_helper.user_can_list(request.user)


def bulk_check_item() -> MenuItem:
    """Put the check of many numbers into the menu."""
    return BulkCheckItem(
        "확인증 일괄 확인",
        reverse("certificates_admin:bulk_check"),
        name="certificates-bulk-check",
        icon_name="check",
        order=231,
    )


hooks.register("register_admin_urls", own_screens)
hooks.register("register_admin_menu_item", bulk_check_item)
