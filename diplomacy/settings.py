"""Settings, all of them from the environment; docs/deploying.md lists the variables.

Development and production differ only by what the environment says.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
import dj_email_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage

from . import error_reports

BASE_DIR = Path(__file__).resolve().parent.parent
# Where the site writes: SQLite, what processes tell each other without Redis, and static files.
DATA_DIR = Path(os.environ.get("DATA_DIR") or BASE_DIR)


def flag(name: str) -> bool:
    """Return whether an environment variable is 1, true, yes or on."""
    return os.environ.get(name, "").strip().lower() in {"1", "true", "yes", "on"}


def comma_separated(name: str) -> list[str]:
    """Return the comma-separated values of an environment variable."""
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def whole_number(name: str, default: int) -> int:
    """Return the number that an environment variable holds, or ``default`` where it is not set."""
    text = os.environ.get(name, "").strip()
    if text and not (text.isascii() and text.isdigit()):
        raise ImproperlyConfigured(f"{name} is “{text}”. Set it to a whole number, such as 1.")
    return int(text) if text else default


def one_of(name: str, words: tuple[str, ...]) -> str:
    """Return the word of an environment variable, or the first of those that it may be."""
    found = os.environ.get(name, "").strip() or words[0]
    for word in words:
        if word.lower() == found.lower():
            return word
    raise ImproperlyConfigured(f"{name} is “{found}”. Set it to one of {', '.join(words)}.")


# Hosts, security and limits

DEBUG = flag("DEBUG")
SECRET_KEY = os.environ.get("SECRET_KEY", "")
ALLOWED_HOSTS = comma_separated("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = comma_separated("CSRF_TRUSTED_ORIGINS")

missing = [
    name
    for name, value in (("SECRET_KEY", SECRET_KEY), ("ALLOWED_HOSTS", ALLOWED_HOSTS))
    if not value
]
if DEBUG:
    SECRET_KEY = SECRET_KEY or "for development only"
elif missing:
    raise ImproperlyConfigured(
        f"Set {' and '.join(missing)} in the environment, or DEBUG=1 for development."
    )

SITE_URL = os.environ.get("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
SITE_NAME = os.environ.get("SITE_NAME", "The Meetings Record")
CONTACT_EMAIL = os.environ.get("CONTACT_EMAIL", "")
# Requests a minute that a client may make for costly addresses (whole lists); 0 is no limit.
COSTLY_REQUESTS_A_MINUTE = whole_number("COSTLY_REQUESTS_A_MINUTE", 60)
# Number of proxies in front of the site, each of which appends to X-Forwarded-For.
PROXIES = whole_number("PROXIES", 0)
# Seconds for which shared caches (a CDN) may answer without asking, and for which they may go on
# while they ask. A withdrawn entry stays visible there for as long as both together.
SHARED_CACHE_SECONDS = whole_number("SHARED_CACHE_SECONDS", 0)
STALE_WHILE_REVALIDATE_SECONDS = whole_number("STALE_WHILE_REVALIDATE_SECONDS", 0)
# Whether a proposal is published by another person than the one who wrote it.
REVIEW_BY_ANOTHER = flag("REVIEW_BY_ANOTHER")
CONTENT_LICENCE = os.environ.get("CONTENT_LICENCE", "CC-BY-4.0")

# Secure cookies, HSTS and the redirect to HTTPS follow the scheme of SITE_URL.
IS_HTTPS = urlsplit(SITE_URL).scheme == "https"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
# X-Forwarded-Host is never believed: a proxy hands on Host itself.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS and PROXIES else None
# Browsers keep to HTTPS for so long, whatever the site says meanwhile: an hour at first.
SECURE_HSTS_SECONDS = whole_number("HSTS_SECONDS", 3600) if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = flag("HSTS_SUBDOMAINS")
SECURE_HSTS_PRELOAD = flag("HSTS_PRELOAD")
# Whether other hosts keep to HTTPS is for their owner to say, not for a check.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_SECURE = IS_HTTPS
# Under https no other host of the domain, and no plain-http page, can set such a cookie.
COOKIE_PREFIX = "__Host-" if IS_HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
# A session ends when nobody used it for so many hours, and in any case after so many days.
SESSION_ENGINE = "access.sessions"
SESSION_IDLE_HOURS = whole_number("SESSION_IDLE_HOURS", 12)
SESSION_COOKIE_AGE = whole_number("SESSION_DAYS", 7) * 24 * 60 * 60
# Whether accounts that may publish, or change accounts, have to set up a second factor.
SECOND_FACTOR_FOR_PUBLISHERS = flag("SECOND_FACTOR_FOR_PUBLISHERS")
OTP_TOTP_ISSUER = SITE_NAME
# How long a link works by which a password is set, once.
PASSWORD_RESET_TIMEOUT = whole_number("PASSWORD_LINK_HOURS", 24) * 60 * 60
# Marks a browser that an account signed in from before (access/known_devices.py).
DEVICE_COOKIE_NAME = f"{COOKIE_PREFIX}device"
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
CSRF_FAILURE_VIEW = "meetings.admin.kept_pages.csrf_failure"
X_FRAME_OPTIONS = "DENY"
# Without a choice of theme the reader's system decides.
THEMES = ("light", "dark")
THEME_COOKIE_NAME = "theme"
THEME_COOKIE_AGE_SECONDS = 365 * 24 * 60 * 60
# A meeting's form holds its parts: a hundred discussions are more fields than Django's thousand.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

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

# Mail, such as submission://user:password@mail.example:587; without it the site sends none.

EMAIL_URL = os.environ.get("EMAIL_URL", "")
MAIL_TIMEOUT_SECONDS = 10
DEFAULT_FROM_EMAIL = CONTACT_EMAIL or f"noreply@{urlsplit(SITE_URL).hostname}"
if EMAIL_URL:
    mail = dj_email_url.parse(EMAIL_URL)
    if "EMAIL_BACKEND" not in mail:
        raise ImproperlyConfigured("EMAIL_URL must begin with smtp:// or submission://.")
    EMAIL_BACKEND = mail["EMAIL_BACKEND"]
    EMAIL_HOST, EMAIL_PORT = mail["EMAIL_HOST"], mail["EMAIL_PORT"]
    EMAIL_HOST_USER = mail["EMAIL_HOST_USER"] or ""
    EMAIL_HOST_PASSWORD = mail["EMAIL_HOST_PASSWORD"] or ""
    EMAIL_USE_SSL, EMAIL_USE_TLS = mail["EMAIL_USE_SSL"], mail["EMAIL_USE_TLS"]
    EMAIL_FILE_PATH = mail["EMAIL_FILE_PATH"]
    EMAIL_TIMEOUT = mail["EMAIL_TIMEOUT"] or MAIL_TIMEOUT_SECONDS
    DEFAULT_FROM_EMAIL = mail.get("DEFAULT_FROM_EMAIL", DEFAULT_FROM_EMAIL)

# Applications

INSTALLED_APPS = [
    "diplomacy.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "csp",
    "django_countries",
    "django_filters",
    "import_export",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "access",
    "meetings",
]

MIDDLEWARE = [
    # In front of all: what any of the others answers is logged.
    "diplomacy.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "meetings.middleware.PolicyMiddleware",
    "meetings.middleware.BodySizeMiddleware",
    # Balancers ask by address, which is none of our hosts, and without HTTPS.
    "diplomacy.health.HealthMiddleware",
    # Before all that is costly: who guesses passwords costs half a millisecond.
    "access.middleware.ThrottleMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Static files come compressed from the middleware above. Its random padding hides the lengths
    # that would betray a secret on the page (BREACH).
    "meetings.middleware.CompressionMiddleware",
    "meetings.middleware.ContentPolicyMiddleware",
    "meetings.middleware.RevalidationMiddleware",
    "meetings.middleware.AppearanceMiddleware",
    "meetings.middleware.ParametersMiddleware",
    "meetings.middleware.PublicAnswersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "meetings.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "diplomacy.urls"
WSGI_APPLICATION = "diplomacy.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "meetings.context_processors.site",
            ],
        },
    },
]

# Storage

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'db.sqlite3'}",
        # To connect takes many times as long as to answer with a page that is kept.
        conn_max_age=60,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A transaction that will write takes its lock at once, and readers go on beside it.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Compiling a query of many conditions takes PostgreSQL seconds; running it, milliseconds.
    session = ["-c jit=off"]
    if seconds := whole_number("STATEMENT_SECONDS", 0):
        session.append(f"-c statement_timeout={seconds}s")
    DATABASES["default"]["OPTIONS"] = {
        "options": " ".join(session),
        "connect_timeout": 5,
        # A server that vanished without a word is given up after so many milliseconds.
        "tcp_user_timeout": 30_000,
    } | DATABASES["default"].get("OPTIONS", {})

CACHE_URL = os.environ.get("CACHE_URL", "")
REDIS = {"BACKEND": "diplomacy.redis_cache.RedisCache", "LOCATION": CACHE_URL}
PAGES = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "LOCATION": "pages",
    "OPTIONS": {"MAX_ENTRIES": 5_000},
}
CACHES = {
    "default": REDIS if CACHE_URL else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # What processes tell each other: how far an import is, that it is to stop, the record's state.
    "shared": REDIS
    if CACHE_URL
    else {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / ".local" / "cache",
    },
    # Public answers, compressed: in each process, and those that all share.
    "pages": PAGES,
    "shared_pages": REDIS | {"KEY_PREFIX": "pages"} if CACHE_URL else PAGES,
    # Values that are made of the record, in each process: none outlives the code that made it.
    "values": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "values",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 50},
    },
}
if DEBUG:
    # Templates change while they are written, without a release.
    CACHES["pages"] = CACHES["shared_pages"] = {
        "BACKEND": "django.core.cache.backends.dummy.DummyCache"
    }

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # No backup holds them: they are copied beside it.
    "releases": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "releases"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    if DEBUG
    else {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
        # The list of all files is nothing to serve.
        "OPTIONS": {"manifest_storage": FileSystemStorage(location=DATA_DIR)},
    },
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Language

LANGUAGE_CODE = "en-gb"
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True
# Short English names, and the two codes in use that ISO 3166-1 leaves to its users.
COUNTRIES_OVERRIDE = {
    "US": "United States",
    "XK": "Kosovo",
    "EU": "European Union",
}

# Logs

LOG_FORMAT = one_of("LOG_FORMAT", ("text", "json"))
LOG_LEVEL = one_of("LOG_LEVEL", ("INFO", "DEBUG", "WARNING", "ERROR"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"refusals": {"()": "diplomacy.logs.RefusalFilter"}},
    "formatters": {
        "text": {"()": "diplomacy.logs.TextFormatter"},
        "json": {"()": "diplomacy.logs.JSONFormatter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["refusals"],
        }
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # Django's own handlers write nothing beside ours.
        "django": {"handlers": []},
        "django.server": {"handlers": [], "level": "WARNING"},
        # Who came to the desk, and whose rights changed (access/security_log.py), at any level.
        "meetings.security": {"level": "INFO"},
    },
}
SENTRY_DSN = os.environ.get("SENTRY_DSN", "")
if SENTRY_DSN:
    error_reports.send_to(SENTRY_DSN)
