"""In which state the public record is: what was made of one state is kept until the next.

It is kept in each process's own memory, so that nothing outlives the code that made it.
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


def key_of(*parts) -> str:
    """Return the key under which something made of the record as it is now is kept."""
    return sha256(repr((*parts, public_state())).encode()).hexdigest()


def made_once(make: Callable[[], T], *parts) -> T:
    """Return what ``make`` makes of the public record: once for each state, known by ``parts``."""
    pages = caches["pages"]
    # The state is read before anything is made: what changes meanwhile has another key.
    key = key_of(*parts)
    if (found := pages.get(key)) is None:
        found = make()
        pages.set(key, found)
    return found


def public_state() -> str:
    """Return a word that is another one whenever the public may read something else.

    Every act makes a revision; their number tells of one that was made earlier and committed later.
    An entry whose time has come becomes public without an act: the latest such time tells of it.
    Of a record that has no revision yet, each state is another one.
    """
    counted = Revision.objects.order_by().annotate(counted=Func("pk", function="COUNT"))
    times = {model.__name__: last_due(model) for model in Publishable.__subclasses__()}
    revisions = Revision.objects.order_by("-pk").values_list("pk")
    found = revisions.annotate(counted=Subquery(counted.values("counted")), **times).first()
    return repr(found or timezone.now())


def last_due(model) -> Subquery:
    """Return the expression for the latest time at which an entry became public by itself."""
    due = model.objects.filter(status=Publishable.Status.PUBLISHED, publish_at__lte=timezone.now())
    return Subquery(due.order_by("-publish_at").values("publish_at")[:1])
