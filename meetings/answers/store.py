"""Where answers are kept: in the memory of each process, and shared through CACHE_URL.

Both are asked with the state of the record at hand, so that neither has to be told of changes.
"""

from collections.abc import Callable
from functools import cache
from hashlib import sha256

from django.conf import settings
from django.core.cache import caches

KEPT_SECONDS = 24 * 60 * 60
# What an answer is made with, besides the record.
CODE = ("meetings/**/*.py", "diplomacy/*.py", "templates/**/*", "static/**/*", "requirements.txt")
SETTINGS = ("SITE_URL", "SITE_NAME", "CONTACT_EMAIL", "CONTENT_LICENCE", "STATIC_URL")


def get(key: str, is_current: Callable):
    """Return what is kept for a key: from this process if that is current, else what is shared."""
    near = caches["pages"].get(key)
    if near and is_current(near):
        return near
    if shared := caches["shared_pages"].get(key):
        caches["pages"].set(key, shared, KEPT_SECONDS)
    return shared or near


def put(key: str, value) -> None:
    caches["pages"].set(key, value, KEPT_SECONDS)
    caches["shared_pages"].set(key, value, KEPT_SECONDS)


def claim(key: str, seconds: int) -> bool:
    """Return whether nobody else has the key; keep it for ourselves for some seconds."""
    return caches["shared_pages"].add(key, True, seconds)


def is_claimed(key: str) -> bool:
    return bool(caches["shared_pages"].get(key))


def drop(key: str) -> None:
    caches["shared_pages"].delete(key)


@cache
def release() -> str:
    """Return a digest of the code and the templates: what another release made is not shown."""
    digest = sha256()
    for pattern in CODE:
        for path in sorted(settings.BASE_DIR.glob(pattern)):
            if path.is_file():
                digest.update(f"{path.relative_to(settings.BASE_DIR)} ".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def key_of(*parts) -> str:
    """Return the key of an answer made by this release, under these settings, from ``parts``."""
    named = [getattr(settings, name) for name in SETTINGS]
    return sha256(repr((release(), named, parts)).encode()).hexdigest()
