"""Which rows of the record refer to others, which therefore cannot be deleted."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count

from ..models import Proposal, Source, VersionedModel
from ..tables.registry import TABLES_BY_MODEL
from .snapshots import named_slugs, with_present_slugs


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
