from django.apps import AppConfig


class CmsConfig(AppConfig):
    """What is published: notices, guides, agencies, schedule, standard pages."""

    name = "cms"
    verbose_name = "콘텐츠"

    def ready(self) -> None:
        from cms import receivers  # noqa: F401, PLC0415  (Wagtail's signals need the app registry)
        from cms.services.agencies import follow_agency  # noqa: PLC0415  (models are needed)
        from members.services.agencies import follow_agencies  # noqa: PLC0415

        follow_agencies(follower=follow_agency)
