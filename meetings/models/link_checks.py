"""Checks of links: whether the addresses of sources still answer."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from .sources import Source

AGAIN_AFTER = timedelta(days=1)


class LinkState(models.TextChoices):
    ANSWERS = "answers", "Answers"
    MOVED = "moved", "Moved for good"
    GONE = "gone", "Gone"
    UNCLEAR = "unclear", "No clear answer"


class LinkCheckQuerySet(models.QuerySet):
    def present(self):
        """Return the checks of the addresses that sources have now."""
        return self.filter(address=F("source__url"))


class LinkCheck(models.Model):
    """What the address of a source answered last; no part of the record or its revisions."""

    State = LinkState

    source = models.OneToOneField(Source, on_delete=models.CASCADE, related_name="link_check")
    address = models.CharField(max_length=1000)
    state = models.CharField("link", max_length=8, choices=LinkState, db_index=True)
    status = models.PositiveSmallIntegerField(null=True, help_text="As HTTP has it; none, if none.")
    target = models.CharField(max_length=1000, blank=True, help_text="Where it leads to for good.")
    checked_at = models.DateTimeField(db_index=True)
    gone_since = models.DateTimeField(null=True, help_text="The first of the checks that say so.")

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        default_permissions = []

    def __str__(self):
        return f"{self.address}: {self.get_state_display()}"

    @property
    def is_certainly_gone(self) -> bool:
        """Whether two checks in a row, a day or more apart, found the page gone."""
        return self.gone_since is not None and self.checked_at - self.gone_since >= AGAIN_AFTER


def due_for_check():
    """Return the sources whose address was not checked for a day, least recently checked first."""
    lately = LinkCheck.objects.present().filter(checked_at__gt=timezone.now() - AGAIN_AFTER)
    rows = Source.objects.exclude(Q(url="") | Q(pk__in=lately.values("source")))
    return rows.order_by(F("link_check__checked_at").asc(nulls_first=True), "pk")
