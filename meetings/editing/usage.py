"""Which rows of the record refer to others: those are kept, and are as public as these."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, QuerySet

from ..models import Proposal, Publishable, Reference, Source, VersionedModel
from ..tables.registry import TABLES_BY_MODEL
from .snapshots import named_slugs, with_present_slugs

FORMER_USE = "Named by revisions that were public"
# Rows, their column that refers, the model of their entries, and the column of its id.
PublishedUsers = tuple[QuerySet, str, type[Publishable], str]


def relations_from_others(model: type[VersionedModel]) -> Iterator[tuple[Any, str]]:
    """Yield the models of the record that refer to a model, its parts aside, and their fields."""
    parts = {table.model for table in TABLES_BY_MODEL[model].parts}
    for relation in model._meta.related_objects:
        by_part = relation.related_model in parts or getattr(relation, "through", None) in parts
        if relation.related_model in TABLES_BY_MODEL and not by_part:
            yield relation.related_model, relation.field.name


def users_of(model: type[VersionedModel], ids: Iterable[int]) -> dict[int, list[str]]:
    """Return how many rows of each kind refer to rows ("1 reaction"), by id; parts aside.

    Rows that nothing else refers to are left out. Of sources that cite each other in their notes,
    and are used by nothing else, none counts as used.
    """
    ids = list(ids)
    found: dict[int, list[str]] = defaultdict(list)
    for other, field in relations_from_others(model):
        rows = other._default_manager.order_by().filter(**{f"{field}__in_array": ids})
        options = other._meta
        for pk, number in rows.values_list(field).annotate(number=Count("pk")):
            kind = options.verbose_name if number == 1 else options.verbose_name_plural
            found[pk].append(f"{number} {kind}")
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


def published_users(model: type[VersionedModel], ids: Iterable[int]) -> Iterator[PublishedUsers]:
    """Yield the rows that refer to rows of a model and belong to published entries.

    With each queryset come the column that refers, and the one of the entry's id. What is scheduled
    counts as published: it becomes public without another act.
    """
    for other, field in relations_from_others(model):
        owner = TABLES_BY_MODEL[other].owner
        entry: Any = other._meta.get_field(owner).related_model if owner else other
        if issubclass(entry, Publishable):
            status = {f"{owner}__status" if owner else "status": Publishable.Status.PUBLISHED}
            rows = other._default_manager.order_by().filter(**{f"{field}__in_array": ids})
            yield rows.filter(**status), field, entry, owner or "pk"


def used_in_public(model: type[Reference], ids: Iterable[int]) -> set[int]:
    """Return the ids of those references that published entries use, notes of sources aside."""
    ids = list(ids)
    found: set[int] = set()
    for rows, field, *_ in published_users(model, ids) if ids else ():
        found.update(rows.values_list(field, flat=True).distinct())
    return found & set(ids)


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
    users = {
        (entry, pk)
        for rows, _, entry, column in published_users(type(reference), [reference.pk])
        for pk in rows.values_list(column, flat=True).distinct()
    }
    if users:
        return f"Used by {len(users):,} published {'entry' if len(users) == 1 else 'entries'}"
    if not in_public_record(type(reference), [reference.pk]):
        return ""
    is_cited = isinstance(reference, Source) and cited_in_public_notes([reference.pk])
    return "Cited in the note of a public source" if is_cited else FORMER_USE
