"""The running product. Secure by default; every key can be set in the environment as `LIENTHONG_<KEY>`.

The data directory holds everything that must be kept: `control.db store/ replicas/ evidence/ files/ keys/ tmp/`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import environ
import structlog
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from .keys import secret_key

env = environ.Env()


def setting(kind: str, key: str, default: object) -> Any:
    return getattr(env, kind)(f"LIENTHONG_{key}", default=default)


PACKAGE = Path(__file__).resolve().parent.parent

# Where everything that must be kept lies.
DATA_DIR = Path(str(setting("str", "DATA_DIR", "data"))).resolve()
DATA_FOLDERS = ("store", "replicas", "evidence", "files", "keys", "tmp")

SECRET_KEY = secret_key(DATA_DIR / "keys")
DEBUG = False
# Host names under which the product may be reached.
ALLOWED_HOSTS = setting("list", "ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
# Origins beside the own one from which forms may be sent, such as https://dulieu.example.gov.vn.
CSRF_TRUSTED_ORIGINS = setting("list", "CSRF_TRUSTED_ORIGINS", [])

# Whether the demo's content, banner and printed passwords are shown.
DEMO = setting("bool", "DEMO", False)
# Whether the product is reached over TLS: cookies are then sent over TLS only.
HTTPS = setting("bool", "HTTPS", False)
# The largest file that may be handed in, in bytes.
UPLOAD_LIMIT = setting("int", "UPLOAD_LIMIT", 200_000_000)
# Folders from which a source may be read, by a path typed in a form; files handed in are always readable.
SOURCE_FOLDERS = setting("list", "SOURCE_FOLDERS", [])
# Folders in which an SQLite file may be written to, by a path typed in a form: copies that follow their source.
TARGET_FOLDERS = setting("list", "TARGET_FOLDERS", [])
# Hosts and ranges of private addresses that may be asked over HTTPS, such as other nodes in the network of the state.
OUTBOUND_ALLOWED = setting("list", "OUTBOUND_ALLOWED", [])
# A file with the certificates of an own authority, beside those of the machine, by which other nodes are known.
OUTBOUND_CA = setting("str", "OUTBOUND_CA", "")
# The person who answers for the public site, shown in its footer.
SITE_RESPONSIBLE = setting("str", "SITE_RESPONSIBLE", "")
# Rows that one answer of the gateway may hold at most.
GATEWAY_PAGE_LIMIT = setting("int", "GATEWAY_PAGE_LIMIT", 1000)
# Where several machines keep the catalogue of versions: postgresql://user@host/database. Empty: in the data directory.
STORE_CATALOGUE = setting("str", "STORE_CATALOGUE", "")
# The file that holds the password of that catalogue.
STORE_CATALOGUE_PASSWORD_FILE = setting("str", "STORE_CATALOGUE_PASSWORD_FILE", "")
# Where several machines keep the data files of versions: s3://bucket/folder. Empty: in the data directory.
STORE_OBJECTS = setting("str", "STORE_OBJECTS", "")
# Address of the object storage, such as https://s3.example.gov.vn; empty for that of AWS.
STORE_OBJECTS_ENDPOINT = setting("str", "STORE_OBJECTS_ENDPOINT", "")
# Region of the object storage.
STORE_OBJECTS_REGION = setting("str", "STORE_OBJECTS_REGION", "us-east-1")
# Id of the access key to the object storage.
STORE_OBJECTS_KEY_ID = setting("str", "STORE_OBJECTS_KEY_ID", "")
# The file that holds the secret of that access key.
STORE_OBJECTS_SECRET_FILE = setting("str", "STORE_OBJECTS_SECRET_FILE", "")

INSTALLED_APPS = [
    "lienthong.api",
    "lienthong.demo",
    "lienthong.desk",
    "lienthong.portal",
    "lienthong.opendata",
    "lienthong.sharing",
    "lienthong.regulations",
    "lienthong.authority",
    "lienthong.inventory",
    "lienthong.catalogue",
    "lienthong.agencies",
    "lienthong.law",
    "lienthong.foundation.pagekit",
    "lienthong.foundation.search",
    "lienthong.foundation.notices",
    "lienthong.foundation.papers",
    "lienthong.foundation.files",
    "lienthong.foundation.numbers",
    "lienthong.foundation.jobs",
    "lienthong.foundation.holds",
    "lienthong.foundation.events",
    "lienthong.foundation.accounts",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "django_tasks_db",
    "simple_history",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "ninja",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]
INSTALLED_APPS = [
    app
    for app in INSTALLED_APPS
    if not app.startswith("lienthong.")
    or (PACKAGE / app.removeprefix("lienthong.").replace(".", "/") / "apps.py").exists()
]

MIDDLEWARE = [
    "lienthong.foundation.events.tracking.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "lienthong.agencies.acting.ActorMiddleware",
    "lienthong.foundation.accounts.doors.DefaultDenyMiddleware",
    "lienthong.foundation.pagekit.refusals.RefusalMiddleware",
]

ROOT_URLCONF = "lienthong.web"
WSGI_APPLICATION = "lienthong.web.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "lienthong.foundation.pagekit.context.layout",
            ],
        },
    }
]

# SQLite by default; `LIENTHONG_DATABASE_URL=postgres://…` in production.
DATABASES = {"default": env.db_url("LIENTHONG_DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'control.db'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728; "
            "PRAGMA cache_size=-20000; PRAGMA temp_store=MEMORY"
        ),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/lam-viec/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_ADAPTER = "lienthong.agencies.signing_in.ClosedSignup"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
LOCALE_PATHS = [PACKAGE / "foundation" / "pagekit" / "locale"]

STATIC_URL = "/tinh/"
STATIC_ROOT = DATA_DIR / "tmp" / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files"},
    },
    "staticfiles": {"BACKEND": "lienthong.settings.static.StaticFiles"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", "woff", "woff2", "png", "gz"]
FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "lienthong.foundation.pagekit.refusals.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
# A running job whose heartbeat is older than this many seconds is taken for interrupted.
JOB_HEARTBEAT_LIMIT: int = setting("int", "JOB_HEARTBEAT_LIMIT", 30)
# Jobs that one worker process works on at the same time.
JOB_LANES: int = setting("int", "JOB_LANES", 2)
# What the tick does, in order.
TICKS = [
    "lienthong.foundation.jobs.reaping.return_interrupted_jobs",
    "lienthong.foundation.jobs.reaping.prune_task_rows",
    "lienthong.foundation.jobs.ticking.leave_a_sign",
    "lienthong.foundation.events.delivery.deliver_waiting",
    "lienthong.agencies.commands.raise_focal_alarms",
    "lienthong.catalogue.commands.bring_lists_into_force",
    "lienthong.catalogue.commands.order_store_daily",
    "lienthong.regulations.commands.expire_regulations",
    "lienthong.authority.commands.recall_due_exceptions",
    "lienthong.authority.commands.announce_due_exceptions",
    "lienthong.authority.commands.urge_overdue_cases",
    "lienthong.authority.commands.report_overdue_corrections",
    "lienthong.authority.commands.escalate_overdue_cases",
    "lienthong.authority.commands.destroy_expired_sketches",
    "lienthong.authority.commands.settle_lost_runs",
    "lienthong.authority.commands.start_due_runs",
    "lienthong.authority.commands.start_due_reconciliations",
    "lienthong.authority.commands.report_late_flows",
    "lienthong.authority.commands.escalate_late_flows",
    "lienthong.inventory.commands.report_overdue_issues",
    "lienthong.sharing.commands.watch_copies",
    "lienthong.sharing.commands.collect_calls",
]
# Who fills the frame of every page.
PAGEKIT = {
    "site": "lienthong.desk.frame.site",
    "bar": "lienthong.desk.frame.bar",
    "rail": "lienthong.desk.frame.rail",
    "bottom": "lienthong.desk.frame.bottom",
    "acting_as": "lienthong.desk.frame.acting_as",
    "links": "lienthong.desk.frame.links",
    "demo_people": "lienthong.desk.frame.demo_people",
}
# The table that says what follows from what has happened.
REACTIONS = "lienthong.reactions"

structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ],
    logger_factory=structlog.WriteLoggerFactory(file=__import__("sys").stderr),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": "structlog.stdlib.ProcessorFormatter",
            "processor": structlog.processors.JSONRenderer(ensure_ascii=False),
            "foreign_pre_chain": [
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False}},
}
