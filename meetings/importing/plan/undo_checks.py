"""What keeps entries from going back to what they were: each that cannot learns why, and stays."""

from collections import defaultdict
from typing import Any

from django.db import models

from ...editing import checks
from ...editing.public_history import were_public
from ...models import Publishable
from ...tables.registry import BY_NAME
from . import rules
from .addresses import check_addresses
from .changes import EntryChange, PlannedRow, RowProblem
from .slug_lookup import SlugLookup
from .status_rules import check_accounts

Status = Publishable.Status
Named = dict[type[models.Model], set[str]]


def right(changes: list[EntryChange]) -> list[EntryChange]:
    """Return the entries that nothing keeps."""
    return [change for change in changes if not change.rows[0].faults]


def is_published(change: EntryChange) -> bool:
    """Return whether an entry has the status published, be it public yet or not."""
    return change.before[change.own.name][0].get("status") == Status.PUBLISHED


def public(changes: list[EntryChange]) -> set[int]:
    """Return the ids of those entries of one table that are public or ever were."""
    ids = [change.pk for change in changes if change.pk]
    return were_public(changes[0].own.model, ids) if changes else set()


def to_go_back(changes: list[EntryChange], user) -> None:
    """Find what keeps entries of one table from being what they were: rights, the gate, names.

    One that stays may keep another, which names it or wants its address: so it is asked again
    until nothing more is found.
    """
    not_allowed = rules.rights(user)
    for change in right(changes):
        check_accounts(change)
        rules.check_entry(change, not_allowed)
    refuse_taken(right(changes))
    named = {id(change): names_of(change) for change in changes}
    while found := right(changes):
        check_names(found, named)
        check_addresses(right(found), absent_but(right(found)))
        if len(right(found)) == len(found):
            return


def refuse_taken(changes: list[EntryChange]) -> None:
    """Keep entries that were deleted, and whose slug another has by now."""
    gone = {change.slug: change for change in changes if change.pk is None}
    model: Any = changes[0].own.model if changes else None
    for slug in model.objects.filter(slug__in=gone).values_list("slug", flat=True) if gone else ():
        problem = f"There is another {model._meta.verbose_name} “{slug}” by now."
        gone[slug].rows[0].faults.append(RowProblem("slug", slug, problem))


def names_of(change: EntryChange) -> list[tuple[str, type[models.Model], str]]:
    """Return the columns of an entry, as it is to be, that name others, with model and slug."""
    return [
        use
        for name, rows in change.after.items()
        for cells in rows
        for use in rules.named(PlannedRow(BY_NAME[name], (), cells))
    ]


def absent_but(changes: list[EntryChange]):
    """Return what asks which slugs name no row, though these entries go back."""
    back = {change.slug for change in changes}
    model = changes[0].own.model if changes else None
    lookup = SlugLookup(lambda table, slugs: back & set(slugs) if table.model is model else set())
    return lookup.missing


def check_names(changes: list[EntryChange], named) -> None:
    """Keep entries that named what is gone, each model asked once."""
    asked: Named = defaultdict(set)
    for change in changes:
        for _, model, slug in named[id(change)]:
            asked[model].add(slug)
    absent = absent_but(changes)
    unknown = {model: absent(model, slugs) for model, slugs in asked.items()}
    for change in changes:
        for column, model, slug in named[id(change)]:
            if slug in unknown[model]:
                problem = f"There is no {model._meta.verbose_name} “{slug}” now."
                change.rows[0].faults.append(RowProblem(column, slug, problem))


def to_go(changes: list[EntryChange], user) -> None:
    """Find what keeps entries of one table, which were added, from being taken out.

    What was published and public is withdrawn; what was so before, or is named, stays.
    """
    found = right(changes)
    if not found:
        return
    model: Any = found[0].own.model
    shown = public(found)
    withdrawn = {change.pk for change in found if change.pk in shown and is_published(change)}
    hidden = {change.pk: change for change in found if change.pk and change.pk not in withdrawn}
    for pk in hidden.keys() & shown:
        keep(hidden.pop(pk), "It was public since. What was ever public is not deleted.")
    for change in found:
        act = "change" if change.pk in withdrawn else "delete"
        status = change.before[change.own.name][0].get("status", "")
        row = model(**({"status": status} if status else {}))
        if problem := checks.permission_problem(user, act, row):
            hidden.pop(change.pk or 0, None)
            keep(change, problem)
    for pk in checks.used_ids(model, list(hidden)):
        keep(hidden[pk], "Something else uses it by now.")


def keep(change: EntryChange, problem: str) -> None:
    change.rows[0].faults.append(RowProblem("", "", problem))
