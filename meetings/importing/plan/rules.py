"""What is wrong with the entries of a plan: names of rows that are not there, rules, the gate.

The rules are those of the models: their ``clean``, their constraints, the publish gate. Nothing is
written; the constraints are asked of the cells, in Python.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.db import models

from ...editing import checks
from ...models import ImportRow, Page, Publishable, Source
from ...tables.cells import SEPARATOR
from ...tables.registry import BY_NAME
from ...text import markdown
from .addresses import check_addresses
from .changes import EntryChange, PlannedRow, RowProblem, keyed
from .constraints import broken_rules
from .slug_lookup import SlugLookup
from .status_rules import check_standing, check_withdrawals

Status = Publishable.Status


def check(changes: list[EntryChange], lookup: SlugLookup, user) -> None:
    """Find what is wrong with entries of one table and give it to the rows that brought it."""
    not_allowed = rights(user)
    active = [change for change in changes if change.is_changed]
    check_names(changes, lookup)
    for change in active:
        check_rows(change)
        check_standing(change)
        check_entry(change, not_allowed)
    check_withdrawals(active)
    check_addresses(active, lookup.missing)
    for change in changes:
        for row in change.rows:
            if row.faults:
                row.action = ImportRow.Action.WRONG


def named(row: PlannedRow) -> Iterable[tuple[str, type[models.Model], str]]:
    """Yield the columns of a row that name others, with model and slug; markers too."""
    for column, model in row.table.foreign_keys.items():
        if row.cells.get(column) and column != row.table.owner:
            yield column, model, row.cells[column]
    for column, model in row.table.many_to_many.items():
        for slug in filter(None, row.cells.get(column, "").split(SEPARATOR)):
            yield column, model, slug
    for column in row.table.prose:
        for slug in markdown.cited(row.cells.get(column, "")):
            yield column, Source, slug


def check_names(changes: list[EntryChange], lookup: SlugLookup) -> None:
    """Find the slugs that name nothing, each model asked once."""
    asked: dict[type[models.Model], set[str]] = defaultdict(set)
    rows = [row for change in changes for row in change.rows]
    uses = [(row, *use) for row in rows for use in named(row)]
    for _, _, model, slug in uses:
        asked[model].add(slug)
    unknown = {model: lookup.missing(model, slugs) for model, slugs in asked.items()}
    for row, column, model, slug in uses:
        if slug in unknown[model]:
            kind = model._meta.verbose_name
            hint = lookup.suggest(model, slug)
            row.faults.append(RowProblem(column, slug, f"There is no {kind} “{slug[:60]}”.", hint))
    for change in changes:
        if change.pk is None and not change.after.get(change.own.name):
            check_owner(change, lookup)


def check_owner(change: EntryChange, lookup: SlugLookup) -> None:
    """Say of parts that the entry they belong to is not there."""
    kind = change.own.model._meta.verbose_name
    problem = f"There is no {kind} “{change.slug[:60]}”. Import it first, or together with this."
    hint = lookup.suggest(change.own.model, change.slug)
    for row in change.rows:
        row.faults.append(RowProblem(row.table.owner, change.slug, problem, hint))


def check_rows(change: EntryChange) -> None:
    """Ask the model of each row that changes: its own rules and its constraints."""
    tables = {row.table.name: row.table for row in change.rows}
    after = {name: keyed(table, change.after) for name, table in tables.items()}
    for row in (row for row in change.rows if not row.faults):
        cells = after[row.table.name][row.key]
        for column in row.table.prose:
            for start in markdown.broken(cells[column]):
                problem = "This is not a citation. Write it as [@slug] or [@slug, p. 4]."
                row.faults.append(RowProblem(column, start, problem))
        row.faults += broken_rules(row.table, cells)


# Which right somebody lacks for an act on a row of a model, with a status where it has one.
NotAllowed = Callable[[str, type[models.Model], str | None], str]


def rights(user) -> NotAllowed:
    """Return what tells which right a user lacks, each asked once; the operator may do all."""
    if user is None:
        return lambda act, model, status: ""

    @cache
    def not_allowed(act: str, model: Any, status: str | None) -> str:
        return checks.permission_problem(
            user, act, model() if status is None else model(status=status)
        )

    return not_allowed


def check_entry(change: EntryChange, not_allowed: NotAllowed) -> None:
    """Ask whether the user may, and the publish gate of what is to be public."""
    if not change.rows or any(row.faults for row in change.rows) or not change.cells:
        return
    model, first = change.own.model, change.rows[0]
    for act, cells in (("change" if change.pk else "add", change.cells), ("change", was(change))):
        if cells and (problem := not_allowed(act, model, cells.get("status"))):
            first.faults.append(RowProblem("", "", problem))
            return
    if change.cells.get("status") == Status.PUBLISHED and change.own.model is not Page:
        check_gate(change)


def was(change: EntryChange) -> dict[str, str]:
    rows = change.before.get(change.own.name, [])
    return rows[0] if rows else {}


def check_gate(change: EntryChange) -> None:
    """Refuse a public entry with a paragraph that cites nothing, or without a source."""
    by_key = {(row.table.name, row.key): row for row in change.rows}
    for name, rows in change.after.items():
        table = BY_NAME[name]
        for cells in rows:
            key = tuple(cells[part] for part in table.key)
            row = by_key.get((name, key), change.rows[0])
            for column in table.prose:
                for paragraph in markdown.uncovered(cells[column]):
                    problem = (
                        f"Cannot be published yet: the paragraph “{paragraph.opening}” has no"
                        " source. Cite one as [@slug]."
                    )
                    row.faults.append(RowProblem(column, paragraph.opening, problem))
    if not change.cells["sources"]:
        problem = "Cannot be published yet: no source at all. Add one to the sources."
        change.rows[0].faults.append(RowProblem("sources", "", problem))
