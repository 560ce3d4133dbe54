"""Rules of an undo: problems are added to entries that cannot be reverted, which stay."""

from collections import defaultdict
from typing import Any

from django.db import models

from ...editing import checks
from ...editing.public_history import were_public
from ...models import Publishable
from ...tables.registry import TABLES_BY_NAME
from . import rules
from .addresses import check_addresses
from .changes import EntryChange, PlannedRow, RowProblem
from .slug_lookup import SlugLookup
from .status_rules import check_accounts

Status = Publishable.Status
SlugsByModel = dict[type[models.Model], set[str]]


def without_problems(changes: list[EntryChange]) -> list[EntryChange]:
    """Return the changes of entries without problems."""
    return [change for change in changes if not change.rows[0].problems]


def is_published(change: EntryChange) -> bool:
    """Return whether an entry has the status published, public yet or scheduled."""
    return change.before[change.own.name][0].get("status") == Status.PUBLISHED


def public_ids(changes: list[EntryChange]) -> set[int]:
    """Return the ids of the entries of one table that are public or ever were."""
    ids = [change.pk for change in changes if change.pk]
    return were_public(changes[0].own.model, ids) if changes else set()


def check_reverting(changes: list[EntryChange], user) -> None:
    """Add the problems of entries of one table that cannot become what they were.

    An entry that stays may prevent another, which refers to it or needs its address: the checks
    are repeated until they find nothing more.
    """
    permission_problem = rules.permission_checker(user)
    for change in without_problems(changes):
        check_accounts(change)
        rules.check_entry(change, permission_problem)
    refuse_taken(without_problems(changes))
    references = {id(change): entry_references(change) for change in changes}
    while found := without_problems(changes):
        check_remaining_references(found, references)
        check_addresses(without_problems(found), missing_after_undo(without_problems(found)))
        if len(without_problems(found)) == len(found):
            return


def refuse_taken(changes: list[EntryChange]) -> None:
    """Refuse deleted entries whose slug another entry has by now."""
    gone = {change.slug: change for change in changes if change.pk is None}
    model: Any = changes[0].own.model if changes else None
    for slug in model.objects.filter(slug__in=gone).values_list("slug", flat=True) if gone else ():
        problem = f"There is another {model._meta.verbose_name} “{slug}” by now."
        gone[slug].rows[0].problems.append(RowProblem("slug", slug, problem))


def entry_references(change: EntryChange) -> list[tuple[str, type[models.Model], str]]:
    """Return column, model and slug of each reference in an entry after the change."""
    return [
        use
        for name, rows in change.after.items()
        for cells in rows
        for use in rules.row_references(PlannedRow(TABLES_BY_NAME[name], (), cells))
    ]


def missing_after_undo(changes: list[EntryChange]):
    """Return a function for the slugs without a row, once these entries are reverted."""
    reverted = {change.slug for change in changes}
    model = changes[0].own.model if changes else None
    lookup = SlugLookup(
        lambda table, slugs: reverted & set(slugs) if table.model is model else set()
    )
    return lookup.missing


def check_remaining_references(changes: list[EntryChange], references) -> None:
    """Refuse entries that refer to rows that do not exist, with one query a model."""
    asked: SlugsByModel = defaultdict(set)
    for change in changes:
        for _, model, slug in references[id(change)]:
            asked[model].add(slug)
    missing = missing_after_undo(changes)
    unknown = {model: missing(model, slugs) for model, slugs in asked.items()}
    for change in changes:
        for column, model, slug in references[id(change)]:
            if slug in unknown[model]:
                problem = f"There is no {model._meta.verbose_name} “{slug}” now."
                change.rows[0].problems.append(RowProblem(column, slug, problem))


def check_removing(changes: list[EntryChange], user) -> None:
    """Add the problems of added entries of one table that cannot be removed.

    Published entries that were public can be withdrawn. Others that were ever public, or that
    something refers to, stay.
    """
    found = without_problems(changes)
    if not found:
        return
    model: Any = found[0].own.model
    public = public_ids(found)
    withdrawn = {change.pk for change in found if change.pk in public and is_published(change)}
    hidden = {change.pk: change for change in found if change.pk and change.pk not in withdrawn}
    for pk in hidden.keys() & public:
        refuse(hidden.pop(pk), "It was public since. What was ever public is not deleted.")
    for change in found:
        act = "change" if change.pk in withdrawn else "delete"
        status = change.before[change.own.name][0].get("status", "")
        row = model(**({"status": status} if status else {}))
        if problem := checks.permission_problem(user, act, row):
            hidden.pop(change.pk or 0, None)
            refuse(change, problem)
    for pk in checks.used_ids(model, list(hidden)):
        refuse(hidden[pk], "Something else uses it by now.")


def refuse(change: EntryChange, problem: str) -> None:
    change.rows[0].problems.append(RowProblem("", "", problem))
