"""Which sources an entry cites, with its parts; completing its list; what is not covered."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import models

from ..models import Reaction, Revised, Source
from ..tables.registry import BY_MODEL, Table
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
    def place(self) -> str:
        """Where the text stands, for whoever must mend it: "Discussion (Syria), summary"."""
        column = str(self.table.field(self.column).verbose_name)
        if not self.table.owner:
            return column.capitalize()
        key = [
            str(getattr(self.row, name))
            if name in self.table.foreign_keys
            else str(
                getattr(self.row, name).code if name == "government" else getattr(self.row, name)
            )
            for name in self.table.key
            if name != self.table.owner
        ]
        return f"{str(self.row._meta.verbose_name).capitalize()} ({', '.join(key)}), {column}"


def passages(model: type[models.Model], ids: Iterable[int]) -> dict[int, list[Passage]]:
    """Return the non-empty texts of entries with their parts, by the entry's id."""
    ids = list(ids)
    own = BY_MODEL[model]
    found: dict[int, list[Passage]] = defaultdict(list)
    for table in (own, *own.parts):
        if not table.prose:
            continue
        lookup = f"{table.owner}__in" if table.owner else "pk__in"
        rows = table.model._default_manager.filter(**{lookup: ids})
        named = [name for name in table.key if name in table.foreign_keys and name != table.owner]
        for row in rows.select_related(*named).order_by("pk"):
            entry = getattr(row, f"{table.owner}_id") if table.owner else row.pk
            for column in table.prose:
                if getattr(row, column):
                    found[entry].append(Passage(table, row, column))
    return found


def complete(model: type[Revised], ids: Iterable[int], *, named: bool = False) -> None:
    """Add to the entries' lists the sources that they and their parts cite; take none away.

    Raises ValidationError, naming every place, where a marker names no source or cannot be read;
    ``named`` says of which entry, too.
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
    if problems := unreadable(texts, known):
        names = entry_names(model, problems) if named else defaultdict(str)
        raise ValidationError(
            [names[pk] + line for pk, lines in problems.items() for line in lines]
        )
    if "sources" in BY_MODEL[model].many_to_many:
        wanted = {(entry, known[slug]) for entry, slugs in cited.items() for slug in slugs}
        add_to_lists(model, ids, wanted)


def add_to_lists(model: type[Revised], ids: list[int], wanted: set[tuple[int, int]]) -> None:
    """Write the pairs of entry and source that the lists lack, a quotation's source among them."""
    through = BY_MODEL[model].relation("sources").remote_field.through
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


def entry_names(model: type[Revised], ids: Iterable[int]) -> dict[int, str]:
    """Return what a message about one of many entries begins with: "Meeting “geneva-1955”: "."""
    kind = str(model._meta.verbose_name).capitalize()
    entries = model._default_manager.only("slug").in_bulk(list(ids))
    return {pk: f"{kind} “{entry.slug}”: " for pk, entry in entries.items()}


def unreadable(texts: dict[int, list[Passage]], known: dict[str, int]) -> dict[int, list[str]]:
    """Return what is wrong with the markers of the texts, each with its place, by entry."""
    problems = defaultdict(list)
    for entry, passage in ((entry, passage) for entry, found in texts.items() for passage in found):
        slugs, broken = passage.markers
        for slug in slugs:
            if slug not in known:
                problems[entry].append(f"{passage.place}: there is no source “{slug}”.")
        for start in broken:
            problems[entry].append(
                f"{passage.place}: “{start}” is not a citation. Write it as [@slug] or"
                " [@slug, p. 4]."
            )
    return problems


def coverage(texts: Iterable[str]) -> tuple[int, int]:
    """Return how many paragraphs of the texts cite a source, and how many there are."""
    parts = [part for text in texts for part in markdown.paragraphs(text)]
    return sum(bool(part.citations) for part in parts), len(parts)


def uncovered(entry: models.Model) -> list[str]:
    """Return a message for every paragraph of the entry and its parts that cites nothing."""
    return [
        f"{passage.place}: the paragraph “{paragraph.opening}” has no source. Cite one as [@slug]."
        for passage in passages(type(entry), [entry.pk])[entry.pk]
        for paragraph in markdown.uncited_paragraphs(passage.text)
    ]


def shown_texts(entry: models.Model) -> list[str]:
    """Return the texts of an entry and its parts as they were fetched for a page."""
    own = BY_MODEL[type(entry)]
    rows = [(own, entry)]
    rows += [(table, row) for table in own.parts for row in getattr(entry, table.name).all()]
    return [text for table, row in rows for column in table.prose if (text := getattr(row, column))]
