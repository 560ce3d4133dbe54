"""The groups of reactions on a meeting's page, each with a link to the list of exactly those."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db import models

# A larger group is split into parts.
WHOLE_GROUP_REACTIONS = 6
# How many reactions of a group or part a page shows, or fewer so that all groups fit on it.
GROUP_REACTIONS = 3
PAGE_REACTIONS = 18
# How many affiliations of one capacity get a part of their own.
AFFILIATION_PARTS = 4
# How many more of each group or part are listed in print, where links cannot be followed.
PRINTED_REACTIONS = 200
# The value of a filter for an empty column, and how many values a filter takes.
EMPTY_CHOICE = "none"
MAX_FILTER_VALUES = 50


class Capacity(models.TextChoices):
    EXECUTIVE = "executive", "Executive"
    LEGISLATURE = "legislature", "Legislature"
    INTELLIGENCE = "intelligence", "Intelligence"
    FORMER_OFFICIAL = "former_official", "Former official"
    PARTY = "party", "Party"
    INTERNATIONAL_ORGANISATION = "international_organisation", "International organisation"
    ANALYST = "analyst", "Analyst"
    MEDIA = "media", "Media"
    PUBLIC = "public", "Public"


class ReactionKey(NamedTuple):
    """The columns of a reaction that decide its group.

    ``countries`` holds its country; of a group's statement, which has none, those of its members.
    """

    pk: int
    country: str
    capacity: str
    affiliation: str
    countries: frozenset[str]

    def values_of(self, name: str) -> set[str]:
        """Return the values of a filter that find the reaction."""
        values = self.countries if name == "country" else {getattr(self, name)}
        return {value or EMPTY_CHOICE for value in values}


@dataclass
class ReactionGroup:
    """A group of reactions to a meeting, or a part of one.

    ``filters`` names the filters that select exactly these in the list of reactions, if any do. The
    page shows ``shown``, and in print lists ``printed`` too.
    """

    label: str
    filters: tuple[str, ...]
    keys: list[ReactionKey] = field(default_factory=list)
    parts: list["ReactionGroup"] = field(default_factory=list)
    shown: list[Any] = field(default_factory=list)
    printed: list[Any] = field(default_factory=list)

    @property
    def query(self) -> str:
        """The query string of the list of exactly these, or empty if it has too many values."""
        values = {name: sorted(found) for name, found in self.values.items()}
        if any(len(found) > MAX_FILTER_VALUES for found in values.values()):
            return ""
        return urlencode(values, doseq=True)

    @property
    def values(self) -> dict[str, set[str]]:
        """The values of each filter that find its reactions."""
        return {
            name: {value for key in self.keys for value in key.values_of(name)}
            for name in self.filters
        }

    def leave_out_inexact_filters(self, keys: list[ReactionKey]) -> None:
        """Take the filters away where they would find others of the meeting's reactions too.

        So they do where a member of a group that made a statement is of another group's country.
        """
        values = self.values
        found = [
            key for key in keys if all(values[name] & key.values_of(name) for name in self.filters)
        ]
        if len(found) > len(self.keys):
            self.filters = ()

    @property
    def omitted_count(self) -> int:
        """How many are neither shown nor printed."""
        return len(self.keys) - len(self.shown) - len(self.printed)

    @property
    def leaves(self) -> list["ReactionGroup"]:
        """Its parts, or itself where it has none."""
        return self.parts or [self]

    def split(self) -> None:
        """Split the group by capacity, and a large capacity by affiliation."""
        for capacity in Capacity:
            keys = [key for key in self.keys if key.capacity == capacity]
            if not keys:
                continue
            counts = Counter(key.affiliation for key in keys if key.affiliation)
            names = [name for name, number in counts.items() if number > 1]
            names.sort(key=lambda name: (-counts[name], name))
            if len(keys) <= GROUP_REACTIONS:
                names = []
            split_by = ("capacity", "affiliation") if names else ("capacity",)
            filters = tuple(dict.fromkeys((*self.filters, *split_by)))
            parts = {
                name: ReactionGroup(f"{capacity.label}, {name}", filters)
                for name in names[:AFFILIATION_PARTS]
            }
            label = f"{capacity.label}, other" if names else str(capacity.label)
            rest = ReactionGroup(label, filters)
            for key in keys:
                parts.get(key.affiliation, rest).keys.append(key)
            self.parts += [part for part in (*parts.values(), rest) if part.keys]


def group_keys(keys, governments) -> list[ReactionGroup]:
    """Return the groups: one for each government that met, then others, then the public.

    Large groups are split, unless the page would show too many reactions then.
    """
    public = {Capacity.ANALYST, Capacity.MEDIA, Capacity.PUBLIC}
    filters = ("country", "capacity")
    groups = {country.code: ReactionGroup(country.name, filters) for country in governments}
    groups["other"] = ReactionGroup("Other countries and organisations", filters)
    groups["public"] = ReactionGroup("Analysts, press and public", ("capacity",))
    for key in keys:
        country = key.country if key.country in groups else "other"
        groups["public" if key.capacity in public else country].keys.append(key)
    found = [group for group in groups.values() if group.keys]
    for group in found:
        if len(group.keys) > WHOLE_GROUP_REACTIONS:
            group.split()
    if count_shown(found, 1) > PAGE_REACTIONS:
        for group in found:
            group.parts = []
    for leaf in (leaf for group in found for leaf in group.leaves):
        leaf.leave_out_inexact_filters(keys)
    return found


def count_shown(groups, limit: int) -> int:
    """Return how many reactions a page shows with at most ``limit`` of each group or part."""
    return sum(min(limit, len(leaf.keys)) for group in groups for leaf in group.leaves)
