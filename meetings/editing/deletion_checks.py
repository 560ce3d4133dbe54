"""What is deleted: never what was public, and nothing that something else in the record uses."""

from collections.abc import Iterable
from typing import Any

from django.db import models

from ..models import Publishable, Redirect
from .addresses import former_address_problem
from .changes import EntryChange, sound
from .permissions import PermissionCheck
from .public_history import were_public
from .usage import users_of

WAS_PUBLIC = "It was public. Withdraw it: its address then gives the reason."
REFERENCE_WAS_PUBLIC = (
    "It was public, so it is kept, unused: what was published names it, and its address is given"
    " to nothing else."
)


def check_removals(
    changes: list[EntryChange], find_problem: PermissionCheck, public: set[int]
) -> None:
    """Refuse to delete entries of one table that were ever public, or that something refers to.

    ``public`` holds the ``id()`` of the changes for which the right to publish is asked.
    """
    for change in changes:
        if problem := find_problem("delete", change.own.model, id(change) in public):
            change.denied = problem
            change.refuse(problem)
    # What names a row that is merged is changed with it.
    left = [change for change in sound(changes) if not change.merged_into]
    asked = {change.pk: change for change in left if change.pk is not None}
    if asked and changes[0].own.model is Redirect:
        found = {pk: former_address_problem(change.former_slug) for pk, change in asked.items()}
        found = {pk: problem for pk, problem in found.items() if problem}
    else:
        found = deletion_problems(changes[0].own.model, asked) if asked else {}
    for pk, problem in found.items():
        asked[pk].refuse(problem)


def deletion_problems(model: Any, ids: Iterable[int]) -> dict[int, str]:
    """Return why rows of a model cannot be deleted, by id: each was public, or something uses it.

    Those that can be deleted are left out.
    """
    ids = list(ids)
    public, users = were_public(model, ids), users_of(model, ids)
    found = {}
    for pk in ids:
        if pk in public and issubclass(model, Publishable):
            found[pk] = WAS_PUBLIC
        elif pk in users:
            found[pk] = f"It is used by {', '.join(users[pk])}. Change those first."
        elif pk in public:
            found[pk] = REFERENCE_WAS_PUBLIC
    return found


def deletion_problem(entry: models.Model) -> str:
    """Return why a row cannot be deleted, or nothing."""
    return deletion_problems(type(entry), [entry.pk]).get(entry.pk, "")
