"""The rows that cells name by slug: those in the database, and those that the plan brings."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from django.db import models

from ...tables.cells import closest_match
from ...tables.registry import BY_MODEL, Table

# Of so many slugs at most the one nearest to an unknown one is looked for, and for so many.
COMPARED, PROPOSED = 20_000, 200
# So many rows of a model are remembered.
KEPT = 20_000
Model = type[models.Model]


def none_planned(table: Table, slugs: list[str]) -> set[str]:
    """Return no slugs: nothing is brought besides."""
    return set()


class Names:
    """What rows may name. What is there is looked up once, so that it serves one act."""

    def __init__(self, planned: Callable[[Table, list[str]], set[str]] = none_planned):
        self.planned = planned
        self.known: dict[Model, dict[str, int]] = defaultdict(dict)
        self.all: dict[Model, list[str]] = {}
        self.proposed: dict[tuple[Model, str], str] = {}

    def ids(self, model: Model, slugs: Iterable[str]) -> dict[str, int]:
        """Return the ids of the rows that slugs name, as far as they are there."""
        asked = set(slugs)
        known = self.known[model]
        if left := asked - known.keys():
            if len(known) > KEPT:
                known.clear()
                left = asked
            rows = model._default_manager.filter(slug__in_array=left)
            known.update(rows.values_list("slug", "pk"))
        return {slug: known[slug] for slug in asked if slug in known}

    def unknown(self, model: Model, slugs: Iterable[str]) -> set[str]:
        """Return the slugs that name no row of a model."""
        asked = set(slugs)
        left = sorted(asked - self.ids(model, asked).keys())
        return set(left) - self.planned(BY_MODEL[model], left) if left else set()

    def nearest(self, model: Model, slug: str) -> str:
        """Return the slug of a row that is most like one that is not there.

        Each is looked for once, and after some hundred none is: looking takes long, and a file
        with so many is not mended slug by slug.
        """
        asked = (model, slug)
        if asked not in self.proposed:
            if len(self.proposed) >= PROPOSED:
                return ""
            self.proposed[asked] = closest_match(slug, self.slugs(model))
        return self.proposed[asked]

    def slugs(self, model: Model) -> list[str]:
        """Return the first slugs of a model's rows, read once."""
        if model not in self.all:
            slugs = model._default_manager.order_by("slug").values_list("slug", flat=True)
            self.all[model] = list(slugs[:COMPARED])
        return self.all[model]
