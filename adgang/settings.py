"""Settings, read from the environment (and `<NAME>_FILE` for secrets); README.md lists them.

Wrong or dangerous values are named by the system checks in `adgang/checks.py`.
"""

import logging
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from adgang import logs, schedule
from adgang.demo import addresses
from adgang.key_settings import *  # noqa: F403
from adgang.key_settings import VAR_DIR
from adgang.lib.response_headers import REPORTS_TO
from adgang.lib.settings_passkeys import home_of_passkeys
from adgang.operations_settings import *  # noqa: F403
from adgang.provider_settings import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()

DEBUG = env.bool("DEBUG", default=False)

# --- What this installation is -----------------------------------------------------------------------------------
ADGANG_ENVIRONMENT = env.str("ADGANG_ENVIRONMENT", default="test")  # "test" or "production"
ADGANG_IS_REGISTRY = env.bool("ADGANG_IS_REGISTRY", default=False)
ADGANG_DEMO = env.bool("ADGANG_DEMO", default=False)
ADGANG_BIND = env.str("ADGANG_BIND", default="127.0.0.1")  # where the web process listens: an address
PORT = env.int("PORT", default=8000)
ADGANG_SFTP_PORT = env.int("ADGANG_SFTP_PORT", default=0)  # where systems ask who they are by SFTP; 0: nowhere
ADGANG_BASE_URL = env.str("ADGANG_BASE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
ADGANG_OPERATOR_NAME = env.str("ADGANG_OPERATOR_NAME", default="")
ADGANG_OPERATOR_EMAIL = env.str("ADGANG_OPERATOR_EMAIL", default="")
ADGANG_PUBLIC_CHECKS = env.bool("ADGANG_PUBLIC_CHECKS", default=ADGANG_ENVIRONMENT == "test")
ADGANG_REGISTRATION = env.bool("ADGANG_REGISTRATION", default=True)  # anybody may open an account, to ask for access
# What a MeMo may hold (rules M05, M07 and M13); no extensions: those that Digital Post allows.
ADGANG_MEMO_MAX_MB = env.str("ADGANG_MEMO_MAX_MB", default="99.5")
ADGANG_MEMO_MAX_DOCUMENTS = env.int("ADGANG_MEMO_MAX_DOCUMENTS", default=10)
ADGANG_MEMO_FAR_DAYS = env.int("ADGANG_MEMO_FAR_DAYS", default=365)
ADGANG_MEMO_EXTENSIONS = env.list("ADGANG_MEMO_EXTENSIONS", default=[])
ADGANG_REQUIRE_REVOCATION_CHECK = env.bool(
    "ADGANG_REQUIRE_REVOCATION_CHECK", default=ADGANG_ENVIRONMENT == "production"
)
# Whether a recipient system that could receive nothing for seven days is taken out of service here.
ADGANG_AUTO_DEACTIVATE = env.bool("ADGANG_AUTO_DEACTIVATE", default=False)
ADGANG_REFUSE_SHORT_RSA = env.bool("ADGANG_REFUSE_SHORT_RSA", default=False)

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
ADGANG_MOCES_URL = env.str("ADGANG_MOCES_URL", default="").rstrip("/")

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
    "adgang.operations.request_ids.RequestIdMiddleware",
    "adgang.operations.request_metrics.RequestMetricsMiddleware",
    "adgang.lib.response_headers.HeadersMiddleware",
    "adgang.lib.forwarded_scheme.ForwardedSchemeMiddleware",
    "adgang.lib.client_certificates.ClientCertificateMiddleware",
    "adgang.api.middleware.ApiMiddleware",
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
    "organisations.too_many.TooManyMiddleware",
    "adgang.operations.refusing.MaintenanceMiddleware",
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
    # There is no server to run out of connections, and opening one costs as much as a page's queries.
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"]["OPTIONS"] = {
        # IMMEDIATE: a transaction that will write takes its lock first, instead of failing half way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["OPTIONS"] = {
        "pool": {"min_size": 1, "max_size": env.int("ADGANG_DB_POOL", default=20), "timeout": 10},
        # Compiling a query of many joins took seconds, to save milliseconds.
        "options": "-c jit=off",
    }
    # After a restart of the database every pooled connection is dead: each is tried before it is given out.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

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
CELERY_TASK_ROUTES = schedule.ROUTES
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BEAT_SCHEDULER = "adgang.serve.ticking.Ticks"
CELERY_BEAT_SCHEDULE = schedule.TICKS
ADGANG_BEAT_SIGN = env.str("ADGANG_BEAT_SIGN", default="")  # where beat shows that it lives; "": nowhere

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
PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{name}PasswordHasher" for name in ("Argon2", "PBKDF2")]
_validation = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_validation}.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("name", "email")}},
    {"NAME": f"{_validation}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_validation}.CommonPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "choose_organisation"
LOGOUT_REDIRECT_URL = "sign_in"
SESSION_ENGINE = "organisations.sessions"
SESSION_COOKIE_AGE = 60 * env.int("ADGANG_SESSION_MINUTES", default=60)
SESSION_SAVE_EVERY_REQUEST = False
ADGANG_SESSION_HOURS = env.int("ADGANG_SESSION_HOURS", default=12)  # from signing in, however busy
ADGANG_REQUIRE_SECOND_FACTOR = env.str("ADGANG_REQUIRE_SECOND_FACTOR", default="nobody")
_passkey_host, _passkey_origins = home_of_passkeys(ADGANG_BASE_URL)
ADGANG_PASSKEY_RP_ID = env.str("ADGANG_PASSKEY_RP_ID", default=_passkey_host)  # a host name; "": no passkeys
ADGANG_PASSKEY_ORIGINS = env.list("ADGANG_PASSKEY_ORIGINS", default=_passkey_origins)
ADGANG_LOCKOUT_FAILURES = 5
ADGANG_LOCKOUT_MINUTES = 15
ADGANG_INVITATION_DAYS = 7
ADGANG_SIEM = env.str("ADGANG_SIEM", default="")
ADGANG_SIEM_CA_FILE = env.str("ADGANG_SIEM_CA_FILE", default="")
ADGANG_KEEP_EVENTS_DAYS = env.int("ADGANG_KEEP_EVENTS_DAYS", default=0)  # 0: for good
ADGANG_KEEP_CHECKS_DAYS = env.int("ADGANG_KEEP_CHECKS_DAYS", default=90)
ADGANG_KEEP_HEALTH_DAYS = env.int("ADGANG_KEEP_HEALTH_DAYS", default=730)
ADGANG_KEEP_MAILS_DAYS = env.int("ADGANG_KEEP_MAILS_DAYS", default=30)
ADGANG_API_PER_MINUTE = env.int("ADGANG_API_PER_MINUTE", default=600)  # calls of one token or system
ADGANG_KEEP_SIGN_INS_DAYS = env.int("ADGANG_KEEP_SIGN_INS_DAYS", default=90)
ADGANG_KEEP_SESSIONS_DAYS = env.int("ADGANG_KEEP_SESSIONS_DAYS", default=14)

# --- Headers -------------------------------------------------------------------------------------------------------
_https = ADGANG_BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _https
if _https:
    # Browsers take a cookie of such a name from this very host alone, over TLS: no neighbour can plant one.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = _https and env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [
    r"^apis(/|$)",
    r"^healthz$",
    r"^readyz$",
    r"^metrics$",
]  # asked for from inside, where there is no TLS
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
        "report-uri": REPORTS_TO,
        "report-to": "csp",
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
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True  # what `RequestIdMiddleware` leaves standing
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False  # it would believe any X-Forwarded-For
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = DJANGO_STRUCTLOG_CELERY_TASK_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_CELERY_TASK_SUCCESS_LOG_LEVEL = logging.INFO if ADGANG_LOG_JSON else logging.DEBUG
SILENCED_SYSTEM_CHECKS: list[str] = []
