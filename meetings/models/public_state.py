"""Cache keys that change with every public change, and a cache that lasts until the next one.

The cache is in the memory of each process, so that no entry outlives the code that made it.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import TypeVar

from django.core.cache import caches
from django.db.models import Func, Subquery
from django.utils import timezone

from .publishable import Publishable
from .revisions import Revision

T = TypeVar("T")


def public_cache_key(*parts) -> str:
    """Return the cache key, made of ``parts``, of something made from the public record."""
    return sha256(repr((*parts, public_state())).encode()).hexdigest()


def cached_until_change(make: Callable[[], T], *parts) -> T:
    """Return what ``make`` returns, from the cache until the public record changes."""
    pages = caches["pages"]
    # The key is made first: if the record changes meanwhile, the next reader has another key.
    key = public_cache_key(*parts)
    if (found := pages.get(key)) is None:
        found = make()
        pages.set(key, found)
    return found


def public_state() -> str:
    """Return a text that is different after every public change.

    Every act makes a revision, and their number shows one that was made earlier but committed
    later. A scheduled entry becomes public without an act: the latest such time shows that.
    A record without revisions has a different text every time.
    """
    counted = Revision.objects.order_by().annotate(counted=Func("pk", function="COUNT"))
    times = {model.__name__: latest_due_time(model) for model in Publishable.__subclasses__()}
    revisions = Revision.objects.order_by("-pk").values_list("pk")
    found = revisions.annotate(counted=Subquery(counted.values("counted")), **times).first()
    return repr(found or timezone.now())


def latest_due_time(model) -> Subquery:
    """Return the expression for the latest scheduled time that has passed."""
    due = model.objects.filter(status=Publishable.Status.PUBLISHED, publish_at__lte=timezone.now())
    return Subquery(due.order_by("-publish_at").values("publish_at")[:1])
