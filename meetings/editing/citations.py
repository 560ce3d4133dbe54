"""Citations in the texts of entries and their parts: broken ones, missing ones, source lists."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import models

from ..models import Reaction, Source, VersionedModel
from ..tables.registry import TABLES_BY_MODEL, Table
from ..text import markdown


@dataclass(frozen=True)
class Passage:
    """One Markdown text of an entry: the column of a row of its own or of a part."""

    table: Table
    row: models.Model
    column: str

    @property
    def text(self) -> str:
        return getattr(self.row, self.column)

    @cached_property
    def markers(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The slugs cited, and the beginnings of markers that cannot be read."""
        return markdown.read_markers(self.text)

    @property
    def label(self) -> str:
        """Row and column of the text, for messages to editors: "Discussion (Syria), summary"."""
        column = str(self.table.field(self.column).verbose_name)
        if not self.table.owner:
            return column.capitalize()
        kind = str(self.row._meta.verbose_name).capitalize()
        names = [name for name in self.table.key if name != self.table.owner]
        values = [getattr(self.row, name) for name in names]
        key = [str(getattr(value, "code", value)) for value in values]
        return f"{kind} ({', '.join(key)}), {column}"


def passages(model: type[models.Model], ids: Iterable[int]) -> dict[int, list[Passage]]:
    """Return the non-empty texts of entries with their parts, by the entry's id."""
    ids = list(ids)
    own = TABLES_BY_MODEL[model]
    found: dict[int, list[Passage]] = defaultdict(list)
    for table in (own, *own.parts):
        if not table.prose_columns:
            continue
        lookup = f"{table.owner}__in" if table.owner else "pk__in"
        rows = table.model._default_manager.filter(**{lookup: ids})
        names_entries = [
            name for name in table.key if name in table.foreign_keys and name != table.owner
        ]
        for row in rows.select_related(*names_entries).order_by("pk"):
            entry = getattr(row, f"{table.owner}_id") if table.owner else row.pk
            for column in table.prose_columns:
                if getattr(row, column):
                    found[entry].append(Passage(table, row, column))
    return found


def complete_source_lists(
    model: type[VersionedModel], ids: Iterable[int], *, names_entries: bool = False
) -> None:
    """Add the sources that entries and their parts cite to the entries' lists; remove none.

    Raises ValidationError with a message for every marker that names no source or is malformed;
    with ``names_entries`` each message begins with its entry.
    """
    ids = list(ids)
    texts = passages(model, ids)
    cited = {
        entry: {slug for passage in found for slug in passage.markers[0]}
        for entry, found in texts.items()
    }
    known = dict(
        Source.objects.filter(slug__in=set().union(*cited.values())).values_list("slug", "pk")
    )
    if problems := marker_problems(texts, known):
        names = entry_labels(model, problems) if names_entries else defaultdict(str)
        raise ValidationError(
            [names[pk] + line for pk, lines in problems.items() for line in lines]
        )
    if "sources" in TABLES_BY_MODEL[model].many_to_many:
        wanted = {(entry, known[slug]) for entry, slugs in cited.items() for slug in slugs}
        add_to_lists(model, ids, wanted)


def add_to_lists(model: type[VersionedModel], ids: list[int], wanted: set[tuple[int, int]]) -> None:
    """Insert the pairs of entry and source that the lists lack, with the quotations' sources."""
    through = TABLES_BY_MODEL[model].relation("sources").remote_field.through
    column = f"{model._meta.model_name}_id"
    if model is Reaction:
        quoting = Reaction.objects.filter(pk__in=ids).exclude(quotation_source=None)
        wanted = wanted | set(quoting.values_list("pk", "quotation_source"))
    lists = through._default_manager
    listed = set(lists.filter(**{f"{column}__in": ids}).values_list(column, "source_id"))
    lists.bulk_create(
        [
            through(**{column: entry, "source_id": source})
            for entry, source in sorted(wanted - listed)
        ],
        ignore_conflicts=True,
    )


def entry_labels(model: type[VersionedModel], ids: Iterable[int]) -> dict[int, str]:
    """Return the beginning of messages about each entry: "Meeting “geneva-1955”: "."""
    kind = str(model._meta.verbose_name).capitalize()
    entries = model._default_manager.only("slug").in_bulk(list(ids))
    return {pk: f"{kind} “{entry.slug}”: " for pk, entry in entries.items()}


def marker_problems(texts: dict[int, list[Passage]], known: dict[str, int]) -> dict[int, list[str]]:
    """Return the messages about unknown sources and malformed markers, by entry id."""
    problems = defaultdict(list)
    for entry, passage in ((entry, passage) for entry, found in texts.items() for passage in found):
        slugs, broken = passage.markers
        for slug in slugs:
            if slug not in known:
                problems[entry].append(f"{passage.label}: there is no source “{slug}”.")
        for start in broken:
            problems[entry].append(
                f"{passage.label}: “{start}” is not a citation. Write it as [@slug] or"
                " [@slug, p. 4]."
            )
    return problems


def coverage(texts: Iterable[str]) -> tuple[int, int]:
    """Return how many paragraphs of the texts cite a source, and how many there are."""
    parts = [part for text in texts for part in markdown.paragraphs(text)]
    return sum(bool(part.citations) for part in parts), len(parts)


def describe_uncited_paragraphs(entry: models.Model) -> list[str]:
    """Return a message for every paragraph of the entry and its parts that cites no source."""
    return [
        f"{passage.label}: the paragraph “{paragraph.opening}” has no source. Cite one as [@slug]."
        for passage in passages(type(entry), [entry.pk])[entry.pk]
        for paragraph in markdown.uncited_paragraphs(passage.text)
    ]


def shown_texts(entry: models.Model) -> list[str]:
    """Return the non-empty texts of an entry and its parts, from parts that were prefetched."""
    own = TABLES_BY_MODEL[type(entry)]
    rows = [(own, entry)]
    rows += [(table, row) for table in own.parts for row in getattr(entry, table.name).all()]
    return [
        text
        for table, row in rows
        for column in table.prose_columns
        if (text := getattr(row, column))
    ]
