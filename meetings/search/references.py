"""The references that the public may read: asked once for each state of the record.

What uses a reference makes it public. To ask that of all uses takes longer than all else of a
search, and a search asks it several times.
"""

from typing import Any

from ..models import SearchDocument
from ..models.public_state import made_once
from ..models.search import SEARCHED

REFERENCES = ("actors", "places", "sources")


def public_references() -> dict[str, list[int]]:
    """Return the ids of the references that the public may read now, by table."""
    return made_once(asked, "public references")


def asked() -> dict[str, list[int]]:
    models: dict[str, Any] = {table: SEARCHED[table][0] for table in REFERENCES}
    return {
        table: list(model.objects.published().order_by().values_list("pk", flat=True))
        for table, model in models.items()
    }


def public_rows(table: str):
    """Return the rows of a searched table that the public may read now."""
    model: Any = SEARCHED[table][0]
    if table in REFERENCES:
        return model.objects.filter(pk__among=public_references()[table])
    return model.objects.published()


def public_documents():
    """Return the documents of rows that the public may read now."""
    return SearchDocument.objects.published(public_references())
