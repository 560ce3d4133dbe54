"""The search index, updated with every revision.

Drafts are indexed too: which rows are public is asked when somebody searches.
"""

from collections.abc import Container, Iterable, Iterator
from itertools import chain

from django.db import models
from django.db.models import Exists, OuterRef

from ..models import Actor, Issue, Meeting, Place, Revised, SearchDocument, SearchWord
from ..models.search import SEARCHED_TABLES
from ..tables import bulk_insert
from ..tables.registry import BY_MODEL, REVISED
from .documents import Document, documents
from .normalize import WORD, fold_word

# The parts that have their own documents.
PARTS = {"meetings": ("discussions", "outcomes")}
# The other tables whose documents hold the name of a row, each with the lookup of that row.
NAMED_IN: dict[type[models.Model], tuple[tuple[str, str], ...]] = {
    Meeting: (("reactions", "meeting__in"),),
    Issue: (("discussions", "issue__in"), ("reactions", "issues__in")),
    Actor: (("meetings", "participations__actor__in"), ("reactions", "actors__in")),
    Place: (
        ("meetings", "place__in"),
        ("discussions", "meeting__place__in"),
        ("outcomes", "meeting__place__in"),
    ),
}
# The columns of SearchDocument without its primary key.
DOCUMENT_COLUMNS = tuple(name for name in Document._fields if name != "heading")
BATCH_ROWS = 500
BATCH_WORDS = 5_000


def index(model: type[Revised], ids: Iterable[int], *, are_new: bool = False) -> None:
    """Update the documents of entries or references, and those that name them.

    New rows have no documents yet: during a large import, PostgreSQL would read all to find out.
    """
    ids = list(ids)
    table = BY_MODEL[model].name
    if table not in SEARCHED_TABLES:
        return
    names = SearchDocument.objects.filter(table=table, object_id__in_array=ids)
    before = {} if are_new else dict(names.values_list("object_id", "title"))
    write_documents(table, ids, are_new=are_new, pk__in_array=ids)
    for part in PARTS.get(table, ()):
        write_documents(part, ids, are_new=are_new, meeting__in_array=ids)
    # New rows are named only by rows that are themselves new or changed.
    after = dict(names.all().values_list("object_id", "title")) if before else {}
    renamed = [pk for pk, title in before.items() if after.get(pk) != title]
    for other, lookup in NAMED_IN.get(model, ()) if renamed else ():
        refresh_documents(other, **{lookup: renamed})


def write_documents(table: str, entry_ids: list[int], *, are_new: bool, **lookups) -> None:
    """Write the documents of one table for some entries; delete those of rows that are gone."""
    old = SearchDocument.objects.filter(table=table, entry_id__in_array=entry_ids)
    known = {} if are_new else {row: pk for pk, row in old.values_list("pk", "object_id")}
    kept = save_documents(documents(table, **lookups), known)
    if gone := [pk for row, pk in known.items() if row not in kept]:
        SearchDocument.objects.filter(pk__in=gone).delete()


def refresh_documents(table: str, **lookups) -> None:
    """Write the documents of the rows that match lookups, in batches."""
    rows = SEARCHED_TABLES[table][0]._default_manager.filter(**lookups)
    ids = list(rows.order_by().values_list("pk", flat=True).distinct())
    for start in range(0, len(ids), BATCH_ROWS):
        batch = ids[start : start + BATCH_ROWS]
        old = SearchDocument.objects.filter(table=table, object_id__in_array=batch)
        known = set(old.values_list("object_id", flat=True))
        save_documents(documents(table, pk__in_array=batch), known)


def save_documents(found: Iterable[Document], known: Container[int]) -> set[int]:
    """Write documents and return their rows' ids; those of ``known`` rows are overwritten.

    The lock on the entry keeps others from adding documents of the same rows at the same time.
    """
    found = list(found)
    changed = [document for document in found if document.object_id in known]
    SearchDocument.objects.bulk_create(
        [SearchDocument(**dict(zip(DOCUMENT_COLUMNS, row, strict=False))) for row in changed],
        update_conflicts=True,
        unique_fields=["table", "object_id"],
        update_fields=DOCUMENT_COLUMNS[2:],
    )
    added = ([*row[: len(DOCUMENT_COLUMNS)]] for row in found if row.object_id not in known)
    bulk_insert.insert(SearchDocument, DOCUMENT_COLUMNS, added)
    add_search_words(found)
    return {document.object_id for document in found}


def add_search_words(found: Iterable[Document]) -> None:
    """Add the words of documents to the words that search may suggest."""
    texts = (text for document in found for text in (document.heading, document.words))
    written: dict[str, str] = {}
    for word in dict.fromkeys(chain.from_iterable(map(WORD.findall, texts))):
        folded = fold_word(word)
        if len(folded) > 2 and not folded.isdigit():
            written.setdefault(folded, word[:200])
    words = sorted(written)
    for start in range(0, len(words), BATCH_WORDS):
        batch = words[start : start + BATCH_WORDS]
        known = set(SearchWord.objects.filter(word__in_array=batch).values_list("word", flat=True))
        new = [SearchWord(word=word, written=written[word]) for word in batch if word not in known]
        SearchWord.objects.bulk_create(new, ignore_conflicts=True)


def remove(model: type[Revised], ids: Iterable[int]) -> None:
    """Remove entries or references, with their parts, from the index."""
    table = BY_MODEL[model].name
    own = (table, *PARTS.get(table, ()))
    SearchDocument.objects.filter(table__in=own, entry_id__in=list(ids)).delete()


def index_missing() -> int:
    """Index the rows without a document, and return the number of entries and references.

    Needed once for a record that is older than the search index.
    """
    count = 0
    for model in (table.model for table in REVISED):
        for ids in unindexed_ids(model):
            index(model, ids)
            count += len(ids)
    return count


def unindexed_ids(model: type[Revised]) -> Iterator[list[int]]:
    """Yield the ids of rows without a document, in batches."""
    table = BY_MODEL[model].name
    document = SearchDocument.objects.filter(table=table, object_id=OuterRef("pk"))
    rows = model._default_manager.filter(~Exists(document)).order_by("pk")
    ids = list(rows.values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH_ROWS):
        yield ids[start : start + BATCH_ROWS]
