"""Why an act on the record was not done; raised by ``acts`` and ``checks``, shown by the desk."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..models import Revision
from .changes import CellProblem
from .snapshots import Change, Key


@dataclass
class Refused(Exception):
    """An act that was not done; ``problems`` are sentences that say why and what to do.

    ``cells`` has, by such a sentence, what is wrong with a cell.
    """

    problems: list[str] = field(default_factory=list)
    cells: dict[str, CellProblem] = field(default_factory=dict, kw_only=True)

    @classmethod
    def of(cls, found: Sequence[CellProblem]) -> "Refused":
        """Return the refusal of a change of which these problems were found."""
        sentences = [each.sentence for each in found]
        return cls(sentences, cells=dict(zip(sentences, found, strict=True)))

    def __str__(self):
        return " ".join(self.problems)


@dataclass(frozen=True)
class Conflict:
    """A cell that two people changed, as it was, as it is now, and as it was typed.

    ``key`` is that of a part within its entry. Without a column it is about a whole row, which one
    of the two took out: that side has None.
    """

    table: str
    key: Key
    column: str
    base: str | None
    theirs: str | None
    yours: str | None

    @property
    def name(self) -> str:
        """The name of the conflict among those of one form."""
        return "/".join((self.table, *self.key, self.column))


@dataclass
class Stale(Refused):
    """An act on a form that was opened before somebody else's save.

    ``latest`` is the newest revision, ``changes`` are the cells that differ from the form's, and
    ``conflicts`` those of them that were typed otherwise.
    """

    latest: Revision | None = None
    changes: list[Change] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
