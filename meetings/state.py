"""In which state the public record is: what was made of one state holds until the next."""

from django.db.models import Count, Max
from django.utils import timezone

from .models import Publishable, Revision
from .tables import TABLES


def public_state() -> str:
    """Return a word that is another one whenever the public may read something else.

    Every act makes a revision; their number tells of one that was made earlier and committed later.
    An entry whose time has come becomes public without an act: the latest such time tells of it.
    """
    acts = Revision.objects.aggregate(number=Count("pk"), last=Max("pk"))
    return f"{acts['number']} {acts['last']} {last_due()}"


def last_due():
    """Return the latest time at which a published entry became public by itself, or None."""
    models = [table.model for table in TABLES if issubclass(table.model, Publishable)]
    status, now = Publishable.Status.PUBLISHED, timezone.now()
    times = [
        model.objects.order_by().filter(status=status, publish_at__lte=now).values("publish_at")
        for model in models
    ]
    latest = times[0].union(*times[1:]).order_by("-publish_at").first()
    return latest and latest["publish_at"]
