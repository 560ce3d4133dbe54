"""Keeping the index of search: written with every revision, so that it is right after every act.

What is public is not its business: it is asked of the rows when somebody searches.
"""

from collections.abc import Container, Iterable, Iterator
from itertools import chain

from django.db import models
from django.db.models import Exists, OuterRef

from ..models import Actor, Issue, Meeting, Place, Revised, SearchDocument, SearchWord
from ..models.search import SEARCHED
from ..tables import bulk_insert
from ..tables.registry import BY_MODEL, REVISED
from .documents import Document, documents
from .normalize import WORD, fold_word

# The parts that have documents of their own.
PARTS = {"meetings": ("discussions", "outcomes")}
# Where a row's name is looked through besides its own documents: tables, and the lookup from there.
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
# What a document has, but for its number.
COLUMNS = tuple(name for name in Document._fields if name != "heading")
BATCH = 500
MANY = 5_000


def index(model: type[Revised], ids: Iterable[int], *, are_new: bool = False) -> None:
    """Bring the documents of entries or references, with those that name them, up to date.

    What is new has none yet: while thousands come in, PostgreSQL would read all to find that out.
    """
    ids = list(ids)
    table = BY_MODEL[model].name
    if table not in SEARCHED:
        return
    names = SearchDocument.objects.filter(table=table, object_id__among=ids)
    before = {} if are_new else dict(names.values_list("object_id", "title"))
    write(table, ids, are_new=are_new, pk__among=ids)
    for part in PARTS.get(table, ()):
        write(part, ids, are_new=are_new, meeting__among=ids)
    # What is new is named only by rows that are themselves new or changed.
    after = dict(names.all().values_list("object_id", "title")) if before else {}
    renamed = [pk for pk, title in before.items() if after.get(pk) != title]
    for other, lookup in NAMED_IN.get(model, ()) if renamed else ():
        refresh(other, **{lookup: renamed})


def write(table: str, entry_ids: list[int], *, are_new: bool, **lookups) -> None:
    """Write the documents that the rows of some entries have; remove those of rows now gone."""
    old = SearchDocument.objects.filter(table=table, entry_id__among=entry_ids)
    known = {} if are_new else {row: pk for pk, row in old.values_list("pk", "object_id")}
    kept = save(documents(table, **lookups), known)
    if gone := [pk for row, pk in known.items() if row not in kept]:
        SearchDocument.objects.filter(pk__in=gone).delete()


def refresh(table: str, **lookups) -> None:
    """Write the documents of the rows that a lookup finds, some hundred at a time."""
    rows = SEARCHED[table][0]._default_manager.filter(**lookups)
    ids = list(rows.order_by().values_list("pk", flat=True).distinct())
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        old = SearchDocument.objects.filter(table=table, object_id__among=some)
        save(documents(table, pk__among=some), set(old.values_list("object_id", flat=True)))


def save(found: Iterable[Document], known: Container[int]) -> set[int]:
    """Write documents, over those of the same rows where they are ``known``; return the rows' ids.

    Whoever writes the same rows at once waits for the entry, so that nobody else adds them.
    """
    found = list(found)
    over = [document for document in found if document.object_id in known]
    SearchDocument.objects.bulk_create(
        [SearchDocument(**dict(zip(COLUMNS, row, strict=False))) for row in over],
        update_conflicts=True,
        unique_fields=["table", "object_id"],
        update_fields=COLUMNS[2:],
    )
    added = ([*row[: len(COLUMNS)]] for row in found if row.object_id not in known)
    bulk_insert.insert(SearchDocument, COLUMNS, added)
    learn(found)
    return {document.object_id for document in found}


def learn(found: Iterable[Document]) -> None:
    """Add the words of documents to those that search may suggest."""
    texts = (text for document in found for text in (document.heading, document.words))
    written: dict[str, str] = {}
    for word in dict.fromkeys(chain.from_iterable(map(WORD.findall, texts))):
        folded = fold_word(word)
        if len(folded) > 2 and not folded.isdigit():
            written.setdefault(folded, word[:200])
    words = sorted(written)
    for start in range(0, len(words), MANY):
        some = words[start : start + MANY]
        known = set(SearchWord.objects.filter(word__among=some).values_list("word", flat=True))
        new = [SearchWord(word=word, written=written[word]) for word in some if word not in known]
        SearchWord.objects.bulk_create(new, ignore_conflicts=True)


def remove(model: type[Revised], ids: Iterable[int]) -> None:
    """Take entries or references, with their parts, out of the index."""
    table = BY_MODEL[model].name
    own = (table, *PARTS.get(table, ()))
    SearchDocument.objects.filter(table__in=own, entry_id__in=list(ids)).delete()


def fill() -> int:
    """Index the rows that have no document yet, and return how many entries that took.

    A record that was filled before it could be searched needs it once.
    """
    count = 0
    for model in (table.model for table in REVISED):
        for ids in missing(model):
            index(model, ids)
            count += len(ids)
    return count


def missing(model: type[Revised]) -> Iterator[list[int]]:
    """Yield the ids of rows without a document, some hundred at a time."""
    table = BY_MODEL[model].name
    document = SearchDocument.objects.filter(table=table, object_id=OuterRef("pk"))
    rows = model._default_manager.filter(~Exists(document)).order_by("pk")
    ids = list(rows.values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
