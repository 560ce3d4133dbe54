"""The ids of the public references, cached until the public record changes.

A reference is public if a public row uses it. To look through all uses takes longer than the rest
of a search, which needs the ids several times.
"""

from array import array
from typing import Any

from ..models import SearchDocument
from ..models.public_state import cached_until_change
from ..models.search import SEARCHED_TABLES

REFERENCE_TABLES = ("actors", "places", "sources")


def public_references() -> dict[str, array]:
    """Return the ids of the references that the public may read now, by table."""
    return cached_until_change(find_public_references, "public references")


def find_public_references() -> dict[str, array]:
    """Return arrays, of which Django does not prepare each number for each query, as of lists."""
    models: dict[str, Any] = {table: SEARCHED_TABLES[table][0] for table in REFERENCE_TABLES}
    return {
        table: array("q", model.objects.published().order_by().values_list("pk", flat=True))
        for table, model in models.items()
    }


def published_references(table: str):
    """Return the rows of a searched table that the public may read now."""
    model: Any = SEARCHED_TABLES[table][0]
    if table in REFERENCE_TABLES:
        return model.objects.filter(pk__in_array=public_references()[table])
    return model.objects.published()


def public_documents():
    """Return the documents of rows that the public may read now."""
    return SearchDocument.objects.published(public_references())
