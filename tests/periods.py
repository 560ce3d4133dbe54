"""Comparison of what is public now, by status and time, with the periods that the acts wrote."""

from meetings.models import Publication
from meetings.tables.registry import ENTRY_TABLES


def differing_entries() -> list[tuple[str, set[int]]]:
    """Return the kinds whose entries are public without an open period, or the other way round."""
    found = []
    for table in ENTRY_TABLES:
        rows = table.model.objects.filter(table.model.public_now()).order_by()
        public = set(rows.values_list("pk", flat=True))
        periods = Publication.objects.of_model(table.model).begun().filter(until=None)
        if differing := public ^ set(periods.values_list("object_id", flat=True)):
            found.append((table.name, differing))
    return found
