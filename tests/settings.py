"""The project's settings as the tests want them: plain storage, fast passwords, no real secrets."""

import os

os.environ.setdefault("SECRET_KEY", "for tests only")
os.environ.setdefault("ALLOWED_HOSTS", "testserver,127.0.0.1,localhost")

from diplomacy.settings import *  # noqa: F403

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
