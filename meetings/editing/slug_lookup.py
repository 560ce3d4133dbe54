"""Lookup of the rows that cells name by slug, in the database and among the rows of the plan."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db import models

from ..tables.cells import closest_match
from ..tables.registry import TABLES_BY_MODEL, Table
from .snapshots import Renamed, slugs_of_merged

# An unknown slug is compared with so many, and so many unknown ones get a suggestion.
MOST_COMPARED_SLUGS = 20_000
MOST_SUGGESTIONS = 200
# Of each model, for one lookup.
MOST_REMEMBERED_ROWS = 20_000
Model = type[models.Model]


def no_planned_slugs(table: Table, slugs: list[str]) -> set[str]:
    """Return no slugs: there is no plan that adds rows."""
    return set()


def no_removed_slugs(table: Table, slugs: list[str]) -> set[str]:
    """Return no slugs: there is no plan that takes rows out."""
    return set()


def no_planned_reading(slugs: list[str]) -> dict[str, str]:
    """Return nothing: there is no plan that says how far sources were read."""
    return {}


@dataclass(frozen=True)
class PostponedRelation:
    """A slug in a column of several that names a row which is written later than its own."""

    through: Model
    owner_column: str
    owner: int
    other_column: str
    model: Model
    slug: str


class SlugLookup:
    """The rows that cells may name, each looked up once; made again for every transaction.

    ``planned`` returns those of some slugs of a table that the plan adds, and ``planned_reading``
    how far each of some sources was read, as far as the plan says it. ``removed`` returns those of
    some slugs whose rows the plan takes out. ``postponed`` are relations to rows that the plan has
    yet to add.
    """

    def __init__(
        self,
        planned: Callable[[Table, list[str]], set[str]] = no_planned_slugs,
        planned_reading: Callable[[list[str]], dict[str, str]] = no_planned_reading,
        removed: Callable[[Table, list[str]], set[str]] = no_removed_slugs,
    ):
        self.removed = removed
        self.planned = planned
        self.planned_reading = planned_reading
        self.postponed: list[PostponedRelation] = []
        self.known: dict[Model, dict[str, int]] = defaultdict(dict)
        self.first_slugs: dict[Model, list[str]] = {}
        self.suggestions: dict[tuple[Model, str], str] = {}

    @cached_property
    def merged(self) -> Renamed:
        """The slugs of today of rows that were merged into others, by those that they had."""
        return slugs_of_merged()

    def ids(self, model: Model, slugs: Iterable[str]) -> dict[str, int]:
        """Return the ids of a model's rows by slug; slugs without a row are left out."""
        asked = set(slugs)
        known = self.known[model]
        if left := asked - known.keys():
            if len(known) > MOST_REMEMBERED_ROWS:
                known.clear()
                left = asked
            rows = model._default_manager.filter(slug__in_array=left)
            known.update(rows.values_list("slug", "pk"))
        return {slug: known[slug] for slug in asked if slug in known}

    def missing(self, model: Model, slugs: Iterable[str]) -> set[str]:
        """Return the slugs that no row of a model has, in the database or the plan."""
        asked = set(slugs)
        table = TABLES_BY_MODEL[model]
        left = sorted(asked - self.ids(model, asked).keys())
        missing = set(left) - self.planned(table, left) if left else set()
        return missing | self.removed(table, sorted(asked))

    def add_renamed(self, model: Model, old: str, new: str) -> None:
        """Let rows to come name a row by the slug that it had until now."""
        self.merged.setdefault(model, {})[old] = new
        self.known[model].pop(old, None)

    def suggest(self, model: Model, slug: str) -> str:
        """Return the existing slug that is most like an unknown one, or nothing.

        After ``MOST_SUGGESTIONS`` nothing is returned: comparing is slow, and nobody corrects so
        many one by one.
        """
        asked = (model, slug)
        if asked not in self.suggestions:
            if len(self.suggestions) >= MOST_SUGGESTIONS:
                return ""
            self.suggestions[asked] = closest_match(slug, self.slugs(model))
        return self.suggestions[asked]

    def slugs(self, model: Model) -> list[str]:
        """Return the first ``MOST_COMPARED_SLUGS`` slugs of a model, read once."""
        if model not in self.first_slugs:
            slugs = model._default_manager.order_by("slug").values_list("slug", flat=True)
            self.first_slugs[model] = list(slugs[:MOST_COMPARED_SLUGS])
        return self.first_slugs[model]
