from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Wiring: checks and operator commands that belong to no room."""

    name = "config"
    verbose_name = "구성"

    def ready(self) -> None:
        from config import checks  # noqa: F401, PLC0415  (checks register themselves on import)
