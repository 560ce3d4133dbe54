"""The groups in which a meeting's page shows its reactions, and the lists that hold just those."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db import models

# A group of more reactions than LARGE is split; of each group or part so many are SHOWN, or fewer
# where a page has no ROOM for more, and of one capacity so many affiliations stand apart at MOST.
LARGE, SHOWN, ROOM, MOST = 6, 3, 18, 4
# On paper, which nobody can follow a link on, so many more are listed.
LISTED_ON_PAPER = 200
# The value of a filter that stands for an empty column, and how many values a filter takes.
NONE = "none"
VALUES_OF_A_FILTER = 50


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


class Key(NamedTuple):
    """What of a reaction decides on its group."""

    pk: int
    country: str
    capacity: str
    affiliation: str


@dataclass
class ReactionGroup:
    """Reactions to a meeting that belong together: of one government, of others, of a part.

    ``by`` names the filters of the list of reactions that give exactly these.
    """

    label: str
    by: tuple[str, ...]
    keys: list[Key] = field(default_factory=list)
    parts: list["ReactionGroup"] = field(default_factory=list)
    shown: list[Any] = field(default_factory=list)
    further: list[Any] = field(default_factory=list)

    @property
    def query(self) -> str:
        """The parameters of the list that holds these and no others; none if they are too many."""
        values = {
            name: sorted({getattr(key, name) or NONE for key in self.keys}) for name in self.by
        }
        if any(len(found) > VALUES_OF_A_FILTER for found in values.values()):
            return ""
        return urlencode(values, doseq=True)

    @property
    def left_out(self) -> int:
        """How many are neither shown nor listed on paper."""
        return len(self.keys) - len(self.shown) - len(self.further)

    @property
    def leaves(self) -> list["ReactionGroup"]:
        """What its reactions stand under: its parts, or itself."""
        return self.parts or [self]

    def split(self) -> None:
        """Split it by capacity, and a large capacity by affiliation; what has few stays whole."""
        for capacity in Capacity:
            keys = [key for key in self.keys if key.capacity == capacity]
            if not keys:
                continue
            often = Counter(key.affiliation for key in keys if key.affiliation)
            names = [name for name, number in often.items() if number > 1]
            names = (
                sorted(names, key=lambda name: (-often[name], name)) if len(keys) > SHOWN else []
            )
            by = tuple(dict.fromkeys((*self.by, "capacity", *(["affiliation"] if names else []))))
            parts = {name: ReactionGroup(f"{capacity.label}, {name}", by) for name in names[:MOST]}
            rest = ReactionGroup(f"{capacity.label}, other" if names else str(capacity.label), by)
            for key in keys:
                parts.get(key.affiliation, rest).keys.append(key)
            self.parts += [part for part in (*parts.values(), rest) if part.keys]


def group_keys(keys, governments) -> list[ReactionGroup]:
    """Return the groups of reactions: those of who met, others, then the public; large ones split.

    A group that the page has no room for in parts stays whole.
    """
    public = {Capacity.ANALYST, Capacity.MEDIA, Capacity.PUBLIC}
    by = ("country", "capacity")
    groups = {country.code: ReactionGroup(country.name, by) for country in governments}
    groups["other"] = ReactionGroup("Other countries and organisations", by)
    groups["public"] = ReactionGroup("Analysts, press and public", ("capacity",))
    for key in keys:
        country = key.country if key.country in groups else "other"
        groups["public" if key.capacity in public else country].keys.append(key)
    found = [group for group in groups.values() if group.keys]
    for group in found:
        if len(group.keys) > LARGE:
            group.split()
    if lines(found, 1) > ROOM:
        for group in found:
            group.parts = []
    return found


def lines(groups, most: int) -> int:
    """Return how many reactions a page shows with at most so many of each group or part."""
    return sum(min(most, len(leaf.keys)) for group in groups for leaf in group.leaves)
