from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    """Drafts, documents, intake, receipts, bookmarks."""

    name = "applications"
    verbose_name = "신청"

    def ready(self) -> None:
        """Give officers the companies that applied to their notices (domain.md section 3)."""
        from applications.selectors import company_scope  # noqa: PLC0415  (needs loaded apps)
        from members.selectors import register_company_scope  # noqa: PLC0415

        register_company_scope(company_scope)
