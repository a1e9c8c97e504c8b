"""Settings, read from the environment (and `<NAME>_FILE` for secrets); README.md lists them.

Wrong or dangerous values are named by the system checks in `adgang/checks.py`.
"""

import logging
from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from adgang import logs
from adgang.demo import addresses
from adgang.lib.settings_secrets import secret

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()

VAR_DIR = Path(env.str("ADGANG_VAR_DIR", default=str(BASE_DIR / "var")))
DEBUG = env.bool("DEBUG", default=False)

# --- What this installation is -----------------------------------------------------------------------------------
ADGANG_ENVIRONMENT = env.str("ADGANG_ENVIRONMENT", default="test")  # "test" or "production"
ADGANG_IS_REGISTRY = env.bool("ADGANG_IS_REGISTRY", default=False)
ADGANG_DEMO = env.bool("ADGANG_DEMO", default=False)
ADGANG_BIND = env.str("ADGANG_BIND", default="127.0.0.1")  # where the web process listens: an address
PORT = env.int("PORT", default=8000)
ADGANG_BASE_URL = env.str("ADGANG_BASE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
ADGANG_OPERATOR_NAME = env.str("ADGANG_OPERATOR_NAME", default="")
ADGANG_OPERATOR_EMAIL = env.str("ADGANG_OPERATOR_EMAIL", default="")
ADGANG_PUBLIC_CHECKS = env.bool("ADGANG_PUBLIC_CHECKS", default=ADGANG_ENVIRONMENT == "test")
# What a MeMo may hold (rules M05, M07 and M13); no extensions: those that Digital Post allows.
ADGANG_MEMO_MAX_MB = env.str("ADGANG_MEMO_MAX_MB", default="99.5")
ADGANG_MEMO_MAX_DOCUMENTS = env.int("ADGANG_MEMO_MAX_DOCUMENTS", default=10)
ADGANG_MEMO_FAR_DAYS = env.int("ADGANG_MEMO_FAR_DAYS", default=365)
ADGANG_MEMO_EXTENSIONS = env.list("ADGANG_MEMO_EXTENSIONS", default=[])
ADGANG_REQUIRE_REVOCATION_CHECK = env.bool(
    "ADGANG_REQUIRE_REVOCATION_CHECK", default=ADGANG_ENVIRONMENT == "production"
)
ADGANG_REFUSE_SHORT_RSA = env.bool("ADGANG_REFUSE_SHORT_RSA", default=False)

# --- Secrets: made on first start in the embedded default, required from outside in production -------------------
_generate = ADGANG_ENVIRONMENT != "production"
# Django refuses to start on an empty key; this one lets the system checks say which secrets are missing.
SECRET_KEY = secret("SECRET_KEY", var_dir=VAR_DIR, generate=_generate) or "django-insecure-missing"
ADGANG_FIELD_KEYS = [key for key in secret("ADGANG_FIELD_KEYS", var_dir=VAR_DIR, generate=_generate).split(",") if key]
ADGANG_EVENT_KEY = secret("ADGANG_EVENT_KEY", var_dir=VAR_DIR, generate=_generate)

# --- Outbound connections ----------------------------------------------------------------------------------------
ADGANG_CHECK_ALLOWED_NETWORKS = env.list("ADGANG_CHECK_ALLOWED_NETWORKS", default=[])
ADGANG_DNS_SERVERS = env.list("ADGANG_DNS_SERVERS", default=[])
ADGANG_EXTRA_CA_FILE = env.str("ADGANG_EXTRA_CA_FILE", default="")
ADGANG_EGRESS_ADDRESSES = env.list("ADGANG_EGRESS_ADDRESSES", default=[])
ADGANG_EHLO_NAME = env.str("ADGANG_EHLO_NAME", default="adgang.invalid")
ADGANG_MAIL_FROM = env.str("ADGANG_MAIL_FROM", default="")
ADGANG_DEMO_FIRST_PORT = env.int("ADGANG_DEMO_FIRST_PORT", default=18025)
if ADGANG_DEMO:
    # The demo's own endpoints on this machine, each by address and port, and the authority that vouches for them.
    ADGANG_CHECK_ALLOWED_NETWORKS += addresses.networks(first=ADGANG_DEMO_FIRST_PORT)
    ADGANG_EXTRA_CA_FILE = ADGANG_EXTRA_CA_FILE or str(VAR_DIR / "demo" / "servers-ca.pem")

# --- Django ------------------------------------------------------------------------------------------------------
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_FAILURE_VIEW = "adgang.pages.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
ADGANG_TRUSTED_PROXIES = env.list("ADGANG_TRUSTED_PROXIES", default=[])

INSTALLED_APPS = [
    "adgang",
    "adgang.lib",
    "contacts",
    "memo",
    "systems",
    "certificates",
    "organisations",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "adgang.static_files.StaticFiles",
    "django.forms",
    "django_htmx",
    "django_structlog",
    "template_partials",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages are light without a proxy too; random bytes in the answer and masked tokens keep their length from telling.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "organisations.callers.CallerMiddleware",
    "organisations.idle.IdleMiddleware",
]

ROOT_URLCONF = "adgang.urls"
WSGI_APPLICATION = "adgang.wsgi.application"
APPEND_SLASH = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "adgang.frame.frame",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "adgang.lib.templatetags.adgang"],
        },
    }
]
FORM_RENDERER = "adgang.lib.rendering.FormRenderer"

# --- Database: SQLite without a service, PostgreSQL by DATABASE_URL ------------------------------------------------
VAR_DIR.mkdir(parents=True, exist_ok=True)
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'adgang.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # IMMEDIATE: a transaction that will write takes its lock first, instead of failing half way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["OPTIONS"] = {
        "pool": {"min_size": 1, "max_size": env.int("ADGANG_DB_POOL", default=20), "timeout": 10}
    }

# --- Queue: a folder without a service, Redis by CELERY_BROKER_URL -------------------------------------------------
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://localhost/")
if CELERY_BROKER_URL.startswith("filesystem"):
    _queue_dir = VAR_DIR / "queue"
    _queue_dir.mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue_dir),
        "data_folder_out": str(_queue_dir),
        "control_folder": str(VAR_DIR / "queue-control"),
        # The default of a second would be felt on every check.
        "polling_interval": 0.1,
    }
else:
    # A message not acknowledged within this time is given to another worker; rows decide, so twice does nothing.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 300,
        # Two installations, such as test and production, may share a server.
        "global_keyprefix": env.str("ADGANG_QUEUE_PREFIX", default=f"adgang-{ADGANG_ENVIRONMENT}:"),
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"systems.check_system": {"queue": "checks"}}
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "beat.tick": {"task": "organisations.worker_alive", "schedule": timedelta(seconds=10)},
    "mail.sweep": {"task": "organisations.send_waiting_mail", "schedule": timedelta(seconds=60)},
    "invitations.expire": {"task": "organisations.expire_rights", "schedule": timedelta(minutes=10)},
    "certificates.change": {"task": "systems.bring_into_force", "schedule": timedelta(seconds=60)},
    "certificates.expiry": {"task": "systems.tell_of_expiry", "schedule": timedelta(hours=1)},
    "revocation.fetch": {"task": "certificates.fetch_revocation_lists", "schedule": timedelta(seconds=60)},
    "certificates.revoked": {"task": "systems.take_out_of_force", "schedule": timedelta(seconds=60)},
    "certificates.refused": {"task": "systems.tell_of_refused", "schedule": timedelta(seconds=60)},
    "certificates.recheck": {"task": "certificates.recheck", "schedule": timedelta(seconds=60)},
    "checks.sweep": {"task": "systems.sweep_checks", "schedule": timedelta(seconds=30)},
    "drafts.publish": {"task": "contacts.publish_due", "schedule": timedelta(seconds=30)},
    "jobs.sweep": {"task": "organisations.sweep_jobs", "schedule": timedelta(seconds=30)},
    "checkpoint": {"task": "organisations.write_checkpoint", "schedule": timedelta(days=1)},
    "tidy": {"task": "organisations.tidy", "schedule": timedelta(days=1)},
}

# --- Mail ----------------------------------------------------------------------------------------------------------
if _mail_url := env.str("EMAIL_URL", default=""):
    vars().update(environ.Env.email_url_config(_mail_url))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(VAR_DIR / "mail")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="adgang@adgang.invalid")
EMAIL_TIMEOUT = 15

# --- People and sessions -------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "choose_organisation"
LOGOUT_REDIRECT_URL = "sign_in"
SESSION_ENGINE = "organisations.sessions"
SESSION_COOKIE_AGE = 60 * env.int("ADGANG_SESSION_MINUTES", default=60)
SESSION_SAVE_EVERY_REQUEST = False
ADGANG_LOCKOUT_FAILURES = 5
ADGANG_LOCKOUT_MINUTES = 15
ADGANG_INVITATION_DAYS = 7
ADGANG_KEEP_MAILS_DAYS = env.int("ADGANG_KEEP_MAILS_DAYS", default=30)
ADGANG_KEEP_SESSIONS_DAYS = env.int("ADGANG_KEEP_SESSIONS_DAYS", default=14)

# --- Headers -------------------------------------------------------------------------------------------------------
_https = ADGANG_BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = _https and env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked for from inside, where there is no TLS
SECURE_HSTS_SECONDS = 31536000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ADGANG_TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# --- Language, time, static files ----------------------------------------------------------------------------------
LANGUAGE_CODE = "da"
LANGUAGES = [("da", _("Danish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "adgang" / "locale"]
USE_TZ = True
TIME_ZONE = "Europe/Copenhagen"
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("ADGANG_STATIC_ROOT", default=str(VAR_DIR / "static")))
_design_system = BASE_DIR / "node_modules" / "dkfds" / "dist"
STATICFILES_DIRS: list[Path | tuple[str, Path]] = [BASE_DIR / "adgang" / "static"]
if _design_system.is_dir():  # not in the image, where everything is collected already
    STATICFILES_DIRS.append(("dkfds", _design_system))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- Logs ----------------------------------------------------------------------------------------------------------
ADGANG_LOG_JSON = env.bool("ADGANG_LOG_JSON", default=ADGANG_ENVIRONMENT == "production")
LOGGING = logs.configure(as_json=ADGANG_LOG_JSON, level=env.str("ADGANG_LOG_LEVEL", default="INFO").upper())
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False  # it would believe any X-Forwarded-For
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = DJANGO_STRUCTLOG_CELERY_TASK_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_CELERY_TASK_SUCCESS_LOG_LEVEL = logging.INFO if ADGANG_LOG_JSON else logging.DEBUG

SILENCED_SYSTEM_CHECKS: list[str] = []
