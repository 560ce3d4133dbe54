"""The project's settings as the tests want them: plain storage, fast passwords, no real secrets."""

import os

os.environ.setdefault("SECRET_KEY", "for tests only")
os.environ.setdefault("ALLOWED_HOSTS", "testserver,127.0.0.1,localhost")

from diplomacy.settings import *  # noqa: F403

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "releases": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CACHES = {
    name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name}
    for name in ("default", "shared")
}
# Tests change rows without an act, of which a page that is kept does not know.
CACHES |= {
    name: {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    for name in ("pages", "shared_pages", "values")
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
COSTLY_REQUESTS_A_MINUTE = 0
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
ROOT_URLCONF = "tests.urls"
