from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    """Drafts, documents, intake, receipts, bookmarks."""

    name = "applications"
    verbose_name = "신청"

    def ready(self) -> None:
        """Give officers the companies that applied to their notices (domain.md section 3)."""
        from applications.selectors import (  # noqa: PLC0415  (needs loaded apps)
            company_scope,
            own_data_section,
            work_under_way,
        )
        from members.own_data import register_section  # noqa: PLC0415
        from members.selectors import (  # noqa: PLC0415
            register_company_scope,
            register_running_work,
        )

        register_company_scope(company_scope)
        register_running_work(work_under_way)
        register_section(own_data_section)
