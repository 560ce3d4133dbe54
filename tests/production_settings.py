"""The settings of production for a server of the tests, without the step that gathers its files."""

import os

# Settings are names of a module: all of production's are taken over, STORAGES and DATABASES too.
from diplomacy.settings import *  # noqa: F403

STORAGES = STORAGES | {  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
# A file that cannot grow is what a full disk is to SQLite. DATABASES comes from production.
if pages := os.environ.get("MOST_PAGES"):
    DATABASES["default"]["OPTIONS"]["init_command"] += f"PRAGMA max_page_count={pages};"  # noqa: F405
