"""Production: everything by environment; a missing secret refuses the start with its name."""

from config import environment
from config.settings.base import *  # noqa: F403  (settings are composed by star import)
from config.settings.base import SITE_URL

SECRET_KEY = environment.secret("SECRET_KEY")
ENCRYPTION_KEYS = dict(
    entry.split(":", 1) for entry in environment.secret("PORTAL_ENCRYPTION_KEYS").split(",")
)
LOOKUP_KEY = environment.secret("PORTAL_LOOKUP_KEY")
environment.secret("PORTAL_SITE_URL")
ALLOWED_HOSTS = [host.strip() for host in environment.secret("ALLOWED_HOSTS").split(",")]
CSRF_TRUSTED_ORIGINS = environment.words("PORTAL_CSRF_TRUSTED_ORIGINS")

# Only for trials on the machine itself: cookies then travel over plain http to 127.0.0.1.
PLAIN_LOOPBACK = environment.flag("PORTAL_TRUST_PLAIN_LOOPBACK")

STAFF_SECOND_FACTOR_REQUIRED = True

SESSION_COOKIE_SECURE = not PLAIN_LOOPBACK
CSRF_COOKIE_SECURE = not PLAIN_LOOPBACK
SESSION_COOKIE_NAME = "session" if PLAIN_LOOPBACK else "__Host-session"
CSRF_COOKIE_NAME = "csrf" if PLAIN_LOOPBACK else "__Host-csrf"
SECURE_SSL_REDIRECT = not PLAIN_LOOPBACK
SECURE_HSTS_SECONDS = 0 if PLAIN_LOOPBACK else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not PLAIN_LOOPBACK
# Preloading binds a city's whole domain, which is not the portal's to decide.
SILENCED_SYSTEM_CHECKS = [*SILENCED_SYSTEM_CHECKS, "security.W021"]  # noqa: F405  (from base)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
if environment.number("PORTAL_TRUSTED_PROXIES", 0):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

EMAIL_HOST = environment.text("EMAIL_HOST")
if EMAIL_HOST:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_PORT = environment.number("EMAIL_PORT", 25)
    EMAIL_HOST_USER = environment.text("EMAIL_HOST_USER")
    EMAIL_HOST_PASSWORD = environment.text("EMAIL_HOST_PASSWORD")
    EMAIL_USE_TLS = environment.flag("EMAIL_USE_TLS")
    EMAIL_TIMEOUT = 10

LOGGING["formatters"] = {"json": {"()": "config.logs.JsonFormatter"}}  # noqa: F405  (from base)
LOGGING["handlers"]["console"]["formatter"] = "json"  # type: ignore[index]  # noqa: F405  (as above)

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
INSTALLED_APPS = [*INSTALLED_APPS, "django_tasks_db"]  # noqa: F405  (from base)
WAGTAILADMIN_BASE_URL = SITE_URL
