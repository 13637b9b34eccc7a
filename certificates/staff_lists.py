"""The staff's lists of this room, registered in `certificates.wagtail_hooks`."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from certificates.forms import RevokeForm
from certificates.models import Certificate, PaperVersion
from certificates.pdf import pictures_of
from certificates.printing import check_site_qr, company_rows, data_address, sample_paper
from certificates.rules import revoke_verdict
from members.enums import StaffRole
from members.formatting import format_business_number
from members.models import Agency, Company
from members.scoped_views import ScopedInspectView
from members.viewsets import ScopedModelAdmin, column


class CertificateInspectView(ScopedInspectView):
    """One certificate, and the form that revokes it for whoever may."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        verdict = revoke_verdict(certificate=self.instance, by=self.request.user)
        form = RevokeForm() if verdict.allowed else None
        return {**context, "rows": company_rows(self.instance), "form": form}


class CertificateAdmin(ScopedModelAdmin):
    """확인증: those issued on the agency's own notices."""

    model = Certificate
    base_url_path = "certificates"
    menu_label = "확인증"
    menu_icon = "doc-full-inverse"
    menu_item_name = "certificates"
    menu_order = 230
    what = "확인증"
    list_display = (
        "number", "company_name", "business_no", "notice_title", "state", "is_provisional",
        "issued_at",
    )  # fmt: skip
    list_filter = ("state", "is_provisional", "issued_date")
    list_export = (
        "number", "state", "issued_date", "notice_code", "notice_title", "company_name",
        "representative", "founded_date", "business_no", "industry", "main_product", "address",
        "phone", "is_provisional", "ended_at", "end_reason",
    )  # fmt: skip
    search_fields = ("number", "company_name", "business_number", "notice_title")
    list_select_related = ("company", "notice")
    ordering = ("-issued_at",)
    inspect_view_class = CertificateInspectView
    inspect_template_name = "certificates/admin/certificate.html"

    def scope_of_agency(
        self, queryset: QuerySet[Certificate], agency: Agency
    ) -> QuerySet[Certificate]:
        return queryset.filter(notice__agency=agency)

    def subjects_of(self, rows: Sequence[Certificate]) -> Sequence[Company]:
        return [row.company for row in rows]

    @column("사업자등록번호", order="business_number")
    def business_no(self, certificate: Certificate) -> str:
        return format_business_number(certificate.business_number)

    @column("공고번호")
    def notice_code(self, certificate: Certificate) -> str:
        return certificate.notice.code


class PaperVersionInspectView(ScopedInspectView):
    """One version with a look at the paper in its texts."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        pictures = pictures_of(self.instance, qr=check_site_qr())
        return {
            **context,
            "paper": sample_paper(self.instance, at=timezone.now()),
            "qr": data_address(pictures["qr"], "image/svg+xml"),
            "seal": data_address(pictures["seal"], "image/png") if "seal" in pictures else "",
        }


class PaperVersionAdmin(ScopedModelAdmin):
    """확인증 양식: the fixed texts and the seal, version by version."""

    model = PaperVersion
    base_url_path = "paper-versions"
    menu_label = "확인증 양식"
    menu_icon = "form"
    menu_item_name = "paper-versions"
    menu_order = 905
    what = "확인증 양식"
    roles = frozenset({StaffRole.OPERATOR})
    creating_roles = roles
    own_create_view = "certificates_admin:paper_create"
    holds_personal_data = False
    list_display = ("version", "heading", "issuer_name", "effective_at", "created_by")
    list_select_related = ("created_by",)
    ordering = ("-version",)
    inspect_view_class = PaperVersionInspectView
    inspect_template_name = "certificates/admin/paper_version.html"

    @property
    def address_field(self) -> str:
        return "version"
