"""Which rows of the record refer to others: those are kept, and are as public as these."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from django.apps import apps
from django.db.models import CharField, Count, F, Model, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils.text import get_text_list

from ..models import Proposal, Publishable, Reference, Source, VersionedModel
from ..tables.registry import TABLES_BY_MODEL, VERSIONED_TABLES
from ..text import markdown
from .snapshots import named_slugs, with_present_slugs

MOST_USES = 50
# The column of entries that lists their sources.
LISTED = "sources"
FORMER_USE = "Named by revisions that were public"


@dataclass(frozen=True)
class Users:
    """Rows of a kind that refer to others: by which column, the model and column of their entry."""

    rows: QuerySet
    kind: str
    field: str
    entry: type[VersionedModel]
    owner: str


@dataclass(frozen=True)
class Use:
    """An entry or reference that names another one, and in which of its columns and parts."""

    entry: Any
    places: list[str]

    @property
    def kind(self) -> str:
        return str(self.entry._meta.verbose_name)

    @property
    def model_name(self) -> str:
        return str(self.entry._meta.model_name)


@dataclass(frozen=True)
class UsedBy:
    """Who names an entry or reference: how many of each kind, and the first of them.

    ``statements`` are the paragraphs that cite a source.
    """

    counts: list[str]
    statements: int
    uses: list[Use]
    left_out: int

    @property
    def sentence(self) -> str:
        """The counts in words: "Used by 2 meetings and 1 theme. It supports 7 statements."."""
        used = f"Used by {get_text_list(self.counts, 'and')}."
        number = "1 statement" if self.statements == 1 else f"{self.statements:,} statements"
        return f"{used} It supports {number}." if self.statements else used


def relations_from_others(model: type[VersionedModel]) -> Iterator[tuple[Any, str]]:
    """Yield the models of the record that refer to a model, its parts aside, and their fields."""
    parts = {table.model for table in TABLES_BY_MODEL[model].parts}
    for relation in model._meta.related_objects:
        by_part = relation.related_model in parts or getattr(relation, "through", None) in parts
        if relation.related_model in TABLES_BY_MODEL and not by_part:
            yield relation.related_model, relation.field.name


def counted(model: Any, number: int) -> str:
    """Return a number of rows in words: "1 reaction"."""
    options = model._meta
    return f"{number:,} {options.verbose_name if number == 1 else options.verbose_name_plural}"


def users_of(model: type[VersionedModel], ids: Iterable[int]) -> dict[int, list[str]]:
    """Return how many rows of each kind refer to rows ("1 reaction"), by id; parts aside.

    Rows that nothing else refers to are left out. Of sources that cite each other in their notes,
    and are used by nothing else, none counts as used.
    """
    ids = list(ids)
    found: dict[int, list[str]] = defaultdict(list)
    counts = [
        users.rows.values_list(users.field, constant(users.kind)).annotate(number=Count("pk"))
        for users in users_by_relation(model, ids)
    ]
    for pk, kind, number in sorted(together(counts)):
        found[pk].append(counted(apps.get_model("meetings", kind), number))
    if model is Source and ids:
        others = Source.objects.exclude(pk__in=set(ids) - found.keys())
        noted = Source.objects.cited_in_notes_of(others)
        for pk in Source.objects.filter(slug__in=noted, pk__in=ids).values_list("pk", flat=True):
            found[pk].append("a source’s note")
    for pk in model.objects.filter(slug__in=proposed_slugs(model), pk__in=ids).values_list(
        "pk", flat=True
    ):
        found[pk].append("a proposal")
    return dict(found)


def proposed_slugs(model: type[VersionedModel]) -> set[str]:
    """Return the slugs of the rows of a model that open proposals name."""
    states = list(Proposal.objects.order_by().values_list("snapshot", flat=True))
    return named_slugs(with_present_slugs(states)).get(model, set())


def used_by(entry: VersionedModel) -> list[str]:
    """Return how many rows of each kind refer to an entry or reference ("1 reaction")."""
    return users_of(type(entry), [entry.pk]).get(entry.pk, [])


def users_by_relation(model: type[VersionedModel], ids: Iterable[int]) -> Iterator[Users]:
    """Yield the rows that refer to rows of a model, a queryset for each relation; parts aside."""
    for other, field in relations_from_others(model):
        owner = TABLES_BY_MODEL[other].owner
        entry: Any = other._meta.get_field(owner).related_model if owner else other
        rows = other._default_manager.order_by().filter(**{f"{field}__in_array": ids})
        yield Users(rows, str(other._meta.model_name), field, entry, owner)


def constant(text: str) -> Value:
    return Value(text, output_field=CharField())


def together(querysets: list[QuerySet]) -> QuerySet | list:
    """Return the rows of querysets with the same columns, asked in one query."""
    return querysets[0].union(*querysets[1:], all=True) if querysets else []


def published_users(model: type[VersionedModel], ids: Iterable[int]) -> Iterator[Users]:
    """Yield the rows that refer to rows of a model and belong to published entries.

    What is scheduled counts as published: it becomes public without another act.
    """
    for users in users_by_relation(model, ids):
        if issubclass(users.entry, Publishable):
            column = f"{users.owner}__status" if users.owner else "status"
            yield replace(users, rows=users.rows.filter(**{column: Publishable.Status.PUBLISHED}))


def used_in_public(model: type[Reference], ids: Iterable[int]) -> set[int]:
    """Return the ids of those references that published entries use, notes of sources aside."""
    ids = list(ids)
    found = [u.rows.values_list(u.field).distinct() for u in published_users(model, ids)]
    return {pk for (pk,) in together(found)} & set(ids) if ids else set()


def cited_in_public_notes(ids: Iterable[int]) -> set[int]:
    """Return the ids of those sources that the notes of others cite, used in public themselves."""
    citing = Source.objects.filter(slug__in_array={own for own, _ in Source.objects.citing_notes()})
    public = used_in_public(Source, citing.order_by().values_list("pk", flat=True))
    slugs = Source.objects.cited_in_notes_of(Source.objects.filter(pk__in_array=public))
    if not slugs:
        return set()
    cited = Source.objects.filter(pk__in_array=ids, slug__in_array=slugs)
    return set(cited.order_by().values_list("pk", flat=True))


def in_public_record(model: type[Reference], ids: Iterable[int]) -> set[int]:
    """Return the ids of those references that something published uses, or ever showed.

    What was shown and is unused stays in the record: revisions that were public name it.
    """
    ids = set(ids)
    if not ids:
        return set()
    marked = model.objects.filter(pk__in_array=ids).exclude(first_public_at=None).order_by()
    found = set(marked.values_list("pk", flat=True))
    found |= used_in_public(model, ids - found)
    if model is Source and ids - found:
        found |= cited_in_public_notes(ids - found)
    return found


def public_use(reference: Reference) -> str:
    """Return what in public uses a reference: "Used by 12 published entries"; or nothing."""
    found = published_users(type(reference), [reference.pk])
    users = {(kind, pk) for kind, pk, _, _ in together([named_entries(users) for users in found])}
    if users:
        return f"Used by {len(users):,} published {'entry' if len(users) == 1 else 'entries'}"
    if not in_public_record(type(reference), [reference.pk]):
        return ""
    is_cited = isinstance(reference, Source) and cited_in_public_notes([reference.pk])
    return "Cited in the note of a public source" if is_cited else FORMER_USE


def named_entries(users: Users) -> QuerySet:
    """Return kind and id of the entry of each row that refers to others, with table and column."""
    entry, pk = constant(str(users.entry._meta.model_name)), F(users.owner or "pk")
    return users.rows.values_list(entry, pk, constant(users.kind), constant(users.field))


def uses_of(row: VersionedModel) -> UsedBy:
    """Return which entries and references name a row, drafts included, and where.

    A few queries: one for all relations, one for the texts, one for each kind of entry.
    """
    found = [named_entries(users) for users in users_by_relation(type(row), [row.pk])]
    places: dict[tuple[str, int], list[str]] = defaultdict(list)
    for kind, pk, part, column in sorted(set(together(found))):
        places[kind, pk].append(place_of_column(part, column))
    statements = add_citing_texts(places, row.slug) if isinstance(row, Source) else 0
    for proposal in proposals_naming(row):
        places[proposal.table, proposal.object_id].append("a proposal")
    keys = list(islice(places, MOST_USES))
    entries = entries_by_kind(keys)
    uses = [Use(entries[key], places[key]) for key in keys]
    counts = Counter(kind for kind, _ in places)
    words = [counted(apps.get_model("meetings", kind), number) for kind, number in counts.items()]
    return UsedBy(words, statements, uses, len(places) - len(uses))


def ids_of_users(row: VersionedModel) -> dict[type[Model], set[int]]:
    """Return the ids of the entries and references that name a row, parts aside, by model."""
    found: dict[Any, set[int]] = defaultdict(set)
    for users in users_by_relation(type(row), [row.pk]):
        ids = users.rows.values_list(users.owner or "pk", flat=True)
        found[users.entry].update(ids)
    if isinstance(row, Source):
        for kind, pk, _, _, text in together(citing_texts(row.slug)):
            if row.slug in markdown.cited_slugs(text):
                found[apps.get_model("meetings", kind)].add(pk)
    return found


def place_of_column(kind: str, column: str) -> str:
    """Return the name of a column by which rows of a kind refer to others: "participation"."""
    model = apps.get_model("meetings", kind)
    table = TABLES_BY_MODEL[model]
    if table.owner and column in table.key:
        return str(model._meta.verbose_name)
    label = str(table.field(column).verbose_name)
    return f"{model._meta.verbose_name}, {label}" if table.owner else label


def add_citing_texts(places: dict[tuple[str, int], list[str]], slug: str) -> int:
    """Put the texts that cite a source in place of lists of sources; return the statements."""
    statements = 0
    for kind, pk, part, column, text in sorted(together(citing_texts(slug))):
        number = sum(
            slug in (citation.slug for citation in each.citations)
            for each in markdown.inline_blocks(text)
        )
        if not number:
            continue
        statements += number
        found, label = places[kind, pk], place_of_column(part, column)
        if LISTED in found:
            found.remove(LISTED)
        if label not in found:
            found.append(label)
    return statements


def citing_texts(slug: str) -> list[QuerySet]:
    """Return the texts that may cite a source: kind and id of the entry, table, column, text."""
    found = []
    for table in VERSIONED_TABLES:
        for each in (table, *table.parts):
            for column in each.prose_columns:
                names = [table.model._meta.model_name, each.model._meta.model_name, column]
                entry, part, name = (constant(str(value)) for value in names)
                rows = each.model._default_manager.order_by()
                citing = rows.filter(**{f"{column}__contains": f"@{slug}"})
                text = Cast(column, TextField())
                found.append(citing.values_list(entry, F(each.owner or "pk"), part, name, text))
    return found


def proposals_naming(row: VersionedModel) -> list[Proposal]:
    """Return the open proposals that name a row in their cells."""
    proposals = list(Proposal.objects.order_by("pk"))
    states = with_present_slugs([proposal.snapshot for proposal in proposals])
    return [
        proposal
        for proposal, state in zip(proposals, states, strict=True)
        if row.slug in named_slugs([state]).get(type(row), ())
    ]


def entries_by_kind(keys: list[tuple[str, int]]) -> dict[tuple[str, int], Any]:
    """Return entries and references by kind and id, with a query for each kind."""
    ids: dict[str, list[int]] = defaultdict(list)
    for kind, pk in keys:
        ids[kind].append(pk)
    return {
        (kind, pk): entry
        for kind, pks in ids.items()
        for pk, entry in apps.get_model("meetings", kind)._default_manager.in_bulk(pks).items()
    }
