from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    """확인증: issue numbers, issue, revoke, authenticity check."""

    name = "certificates"
    verbose_name = "확인증"

    def ready(self) -> None:
        """Register this room's checks, and why an agency sees a company (domain.md section 3)."""
        from certificates import checks  # noqa: F401, PLC0415  (models are ready only here)
        from certificates.selectors import (  # noqa: PLC0415  (as above)
            companies_with_certificates,
            own_data_section,
        )
        from members.own_data import register_section  # noqa: PLC0415  (as above)
        from members.selectors import register_company_scope  # noqa: PLC0415  (as above)

        register_company_scope(companies_with_certificates)
        register_section(own_data_section)
