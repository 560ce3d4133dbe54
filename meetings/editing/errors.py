"""Why an act on the record was not done; raised by ``acts`` and ``checks``, shown by the desk."""

from dataclasses import dataclass, field

from ..models import Revision
from .snapshots import Change


@dataclass
class Refused(Exception):
    """An act that was not done; ``problems`` are sentences that say why and what to do."""

    problems: list[str] = field(default_factory=list)

    def __str__(self):
        return " ".join(self.problems)


@dataclass
class Stale(Refused):
    """An act on a form that was opened before somebody else's save.

    ``latest`` is the newest revision, ``changes`` the cells that differ from the form's.
    """

    latest: Revision | None = None
    changes: list[Change] = field(default_factory=list)
