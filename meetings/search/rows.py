"""The rows of one table that match a typed text, whoever may read them: for the desk alone."""

from django.db import connection
from django.db.models import QuerySet

from ..models import SearchDocument
from .expressions import SYNTAX
from .index import PARTS
from .terms import Query


def matching_ids(table: str, text: str) -> QuerySet:
    """Return the ids of the rows of a searched table that match, drafts among them.

    An entry matches by its own document, or by that of one of its parts.
    """
    query = Query(text)
    if not query:
        return SearchDocument.objects.none().values("object_id")
    found = SearchDocument.objects.matching(SYNTAX[connection.vendor](query.terms))
    if table in PARTS:
        return found.filter(table__in=(table, *PARTS[table])).values("entry_id")
    return found.filter(table=table).values("object_id")
