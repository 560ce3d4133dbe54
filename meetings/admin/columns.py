"""Computed columns of the desk's lists, and how they show a status, a time or a long text."""

from datetime import UTC, datetime

from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils.formats import date_format
from django.utils.html import format_html

from ..models import Proposal, Publication, Publishable, Revision, Source
from ..models.querysets import count_subquery
from ..models.sources import ENTRY_RELATIONS

LONGEST_CELL_CHARACTERS = 80
# The desk's name for the state of an entry that is published and not public yet.
SCHEDULED = "scheduled"


def changed_at(model: type[models.Model]):
    """Return the expression for the time of a row's last revision."""
    return revision_time(model, number=OuterRef("revision"))


def published_at(model: type[models.Model]):
    """Return the expression for the time at which an entry first became public."""
    return Publication.objects.first_since(model)


def revision_time(model: type[models.Model], **conditions):
    revisions = Revision.objects.filter(
        table=model._meta.model_name, object_id=OuterRef("pk"), **conditions
    )
    return Subquery(revisions.order_by("number").values("made_at")[:1])


def use_count():
    """Return the expression that counts the entries that list a source."""
    relations = [Source._meta.get_field(name) for name in ENTRY_RELATIONS]
    counts = [count_subquery(relation.through.objects.all(), "source") for relation in relations]
    return sum(counts[1:], start=counts[0])


def state_of(entry: Publishable) -> str:
    """Return an entry's status, or ``SCHEDULED`` until the time at which it becomes public."""
    return SCHEDULED if entry.is_scheduled else entry.status


def status_badge(entry: Publishable):
    """Return an entry's status as a badge, of a scheduled entry with the time; and its change."""
    found = badge(entry.status, entry.get_status_display())
    if entry.is_scheduled:
        found = format_html("{} {}", badge(SCHEDULED, "Scheduled"), format_time(entry.publish_at))
    return format_html("{} {}", found, change) if (change := change_badge(entry)) else found


def open_change(model: type[models.Model]):
    """Return the expression for the status of a row's proposal, or None."""
    return Subquery(Proposal.objects.of_model(model).values("status")[:1])


def change_badge(row):
    """Return that a row has a proposal, as a badge; for a row that was asked for it."""
    return badge("change", "Proposal") if getattr(row, "open_change", None) else ""


def format_time(time: datetime | None) -> str:
    """Return a time as 16 July 2018, 09:00 UTC; an empty text for None."""
    return f"{date_format(time.astimezone(UTC), 'j F Y, H:i')} UTC" if time else ""


def badge(value: str, label: str):
    """Return a label as a badge, styled by its value."""
    return format_html('<span class="badge badge-{}">{}</span>', value, label)


def truncated(text: str) -> str:
    """Return the beginning of a text, for a cell of a list."""
    return (
        text
        if len(text) <= LONGEST_CELL_CHARACTERS
        else f"{text[:LONGEST_CELL_CHARACTERS].rsplit(' ', 1)[0]}…"
    )
