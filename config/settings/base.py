"""Settings that every environment shares. What differs stands in dev, test and production."""

from datetime import timedelta
from pathlib import Path

from config import environment

environment.refuse_unknown_names()

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(environment.text("PORTAL_VAR", str(BASE_DIR / "var")))
BUILD_DIR = BASE_DIR / "var" / "build"

DEBUG = False

INSTALLED_APPS = [
    "certificates",
    "applications",
    "cms",
    "members",
    "config",
    "wagtail_modeladmin",
    "wagtail.contrib.settings",
    "wagtail.contrib.table_block",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.embeds",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.api.v2",
    "wagtail",
    "rest_framework",
    "ninja",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_tasks",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
]

MIDDLEWARE = [
    "config.middleware.request_clock",
    "config.middleware.security_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.maintenance.maintenance_gate",
    "config.middleware.session_limits",
    "config.middleware.ClosedByDefaultMiddleware",
    "config.middleware.StaffGateMiddleware",
    "config.login_gates.second_factor_gate",
    "config.login_gates.password_gate",
    "django.contrib.messages.middleware.MessageMiddleware",
    "config.middleware.atomic_admin",
    "config.admin_faults.AdminFaultMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "config.context_processors.portal",
                "config.context_processors.signed_in",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

# Reads stay outside transactions: on SQLite each IMMEDIATE transaction takes the write lock.
ATOMIC_REQUESTS = False

SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": VAR_DIR / "db.sqlite3",
    "OPTIONS": {
        # Deferred transactions lose the closing rush (docs/adr/0009-databases.md).
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    },
}
DATABASE_URL = environment.text("DATABASE_URL")
DATABASES = {
    "default": environment.postgres_from_url(DATABASE_URL) if DATABASE_URL else SQLITE,
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = environment.text("REDIS_URL")
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = ["members.authentication.LoginNameBackend"]
LOGIN_URL = "members:login"
LOGIN_REDIRECT_URL = "members:my"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "members.passwords.LengthValidator"},
    {"NAME": "members.passwords.CommonPasswordValidator"},
    {"NAME": "members.passwords.PersonalPasswordValidator"},
    {"NAME": "members.passwords.SequenceValidator"},
]

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"

# Limits of sessions (docs/limits.md); staff are tighter than members.
MEMBER_IDLE_LIMIT = timedelta(minutes=30)
MEMBER_ABSOLUTE_LIMIT = timedelta(hours=12)
STAFF_IDLE_LIMIT = timedelta(minutes=15)
STAFF_ABSOLUTE_LIMIT = timedelta(hours=8)
# Staff without a second factor reach nothing but its enrolment; production demands it.
STAFF_SECOND_FACTOR_REQUIRED = False

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어")]
TIME_ZONE = "Asia/Seoul"
USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]

STATIC_URL = "/static/"
# While this file is there, everybody but staff is told that the site is being worked on.
MAINTENANCE_FILE = VAR_DIR / "maintenance.json"
STATIC_ROOT = VAR_DIR / "static"
# The built file of a name goes before its source; without Node the sources serve as they are.
STATICFILES_DIRS = [path for path in (BUILD_DIR, BASE_DIR / "static") if path.is_dir()]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
PRIVATE_ROOT = VAR_DIR / "private"
PDF_FONT_DIR = BUILD_DIR / "fonts" / "pdf"

S3_ENDPOINT_URL = environment.text("PORTAL_S3_ENDPOINT_URL")


def s3_storage(bucket: str) -> dict[str, object]:
    """Return the django-storages entry of one bucket."""
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": S3_ENDPOINT_URL,
            "region_name": environment.text("PORTAL_S3_REGION") or None,
            "access_key": environment.text("PORTAL_S3_ACCESS_KEY"),
            "secret_key": environment.text("PORTAL_S3_SECRET_KEY"),
            "file_overwrite": False,
        },
    }


STORAGES: dict[str, dict[str, object]] = {
    "default": (
        s3_storage(environment.text("PORTAL_S3_BUCKET_PUBLIC"))
        if S3_ENDPOINT_URL
        else {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    ),
    "private": (
        s3_storage(environment.text("PORTAL_S3_BUCKET_PRIVATE"))
        if S3_ENDPOINT_URL
        else {
            "BACKEND": "members.storage.DurableFileSystemStorage",
            "OPTIONS": {"location": PRIVATE_ROOT},
        }
    ),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 40
FILE_UPLOAD_PERMISSIONS = 0o600

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
DEFAULT_FROM_EMAIL = environment.text("PORTAL_MAIL_FROM", "수출지원사업 <no-reply@portal.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
SITE_URL = environment.text("PORTAL_SITE_URL", "http://127.0.0.1:8000").rstrip("/")
TRUSTED_PROXIES = environment.number("PORTAL_TRUSTED_PROXIES", 0)
# Roots and authorities of joint certificates (docs/operations.md); without it that way is closed.
TRUST_DIR = Path(environment.text("PORTAL_TRUST_DIR", str(VAR_DIR / "trust")))
DEMO_CERTS_DIR = VAR_DIR / "demo-certs"
# The tax office's register of businesses; without a key it is never asked.
NTS_SERVICE_KEY = environment.text("PORTAL_NTS_SERVICE_KEY")
NTS_URL = environment.text(
    "PORTAL_NTS_URL", "https://api.odcloud.kr/api/nts-businessman/v1"
).rstrip("/")
CLAMAV_SOCKET = environment.text("PORTAL_CLAMAV_SOCKET")
ALLOW_LOAD_DATA = environment.flag("PORTAL_ALLOW_LOAD_DATA")
# Numbers that begin with 000 were never issued; only demonstrations may use them.
ALLOW_DEMO_NUMBERS = False

TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

# Issue numbers (decision A6): tokens {year}, {code} and {order}; `manage.py check` tries them.
CERTIFICATE_NUMBER_PATTERN = "{year}-{code}-{order:04d}"
# The button's word in the manual; the paper itself is a 신청 확인증 (decision A5).
CERTIFICATE_BUTTON_LABEL = "인증서 발급"
# PDF/UA-1: tagged, with title and language.
CERTIFICATE_PDF_VARIANT = "pdf/ua-1"
# Whether the task worker makes the paper, and a page waits for it, or the request itself does.
CERTIFICATE_PAPER_BY_WORKER = environment.flag("PORTAL_CERTIFICATE_BY_WORKER")
# Papers are signed (PAdES) where a key is given, in a PKCS#12 file or on a device behind a PKCS#11
# library; the password is the device's PIN. A timestamp (RFC 3161) is optional.
CERTIFICATE_SIGNING_KEYSTORE = environment.text("PORTAL_SIGNING_KEYSTORE")
CERTIFICATE_SIGNING_DEVICE = environment.text("PORTAL_SIGNING_DEVICE")
CERTIFICATE_SIGNING_TOKEN = environment.text("PORTAL_SIGNING_TOKEN")
CERTIFICATE_SIGNING_LABEL = environment.text("PORTAL_SIGNING_LABEL")
CERTIFICATE_SIGNING_PASSWORD = environment.text("PORTAL_SIGNING_PASSWORD")
CERTIFICATE_TIMESTAMP_URL = environment.text("PORTAL_TIMESTAMP_URL")
CERTIFICATE_ALLOW_DEVELOPMENT_KEY = False

X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SILENCED_SYSTEM_CHECKS = ["security.W002"]  # config.middleware.security_headers frames the answer

WAGTAIL_SITE_NAME = "수출지원사업 관리시스템"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILADMIN_LOGIN_URL = "/login/"
WAGTAIL_FRONTEND_LOGIN_URL = "/login/"
WAGTAILIMAGES_IMAGE_MODEL = "cms.PortalImage"
WAGTAILDOCS_DOCUMENT_MODEL = "cms.PortalDocument"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = ["pdf", "hwp", "hwpx", "docx", "xlsx", "png", "jpg", "jpeg", "zip"]
WAGTAILIMAGES_EXTENSIONS = ["png", "jpg", "jpeg", "webp", "gif"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_I18N_ENABLED = False
WAGTAILADMIN_COMMENTS_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_USAGE_COUNT_ENABLED = True
WAGTAILEMBEDS_FINDERS: list[dict[str, object]] = []
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAILADMIN_PERMITTED_LANGUAGES = [("ko", "한국어")]
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "cms.search.backend"}}
TAGGIT_CASE_INSENSITIVE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Step-by-step reports of libraries say nothing here; failures still show.
    "loggers": {
        "django_tasks": {"level": "WARNING"},
        "wagtail": {"level": "WARNING"},
        "weasyprint": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
}
