"""Rules on the changes of a plan: references, models' rules, permissions, publishing.

Problems are added to the rows that cause them; nothing is written. ``constraints``, ``addresses``
and ``status_rules`` hold some of the rules.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.db import models

from ...editing import checks
from ...editing.snapshots import rows_by_key
from ...models import ImportRow, Page, Publishable, Source
from ...tables.cells import SEPARATOR
from ...tables.registry import TABLES_BY_NAME
from ...text import markdown
from .addresses import check_addresses
from .changes import EntryChange, PlannedRow, RowProblem
from .constraints import model_problems
from .slug_lookup import SlugLookup
from .status_rules import check_status_and_accounts, check_withdrawals

Status = Publishable.Status


def check_changes(changes: list[EntryChange], lookup: SlugLookup, user) -> None:
    """Add the problems of entries of one table to their rows, and mark these as wrong."""
    permission_problem = permission_checker(user)
    active = [change for change in changes if change.is_changed]
    check_references(changes, lookup)
    for change in active:
        check_rows(change)
        check_status_and_accounts(change)
        check_entry(change, permission_problem)
    check_withdrawals(active)
    check_addresses(active, lookup.missing)
    for change in changes:
        for row in change.rows:
            if row.problems:
                row.action = ImportRow.Action.WRONG


def row_references(row: PlannedRow) -> Iterable[tuple[str, type[models.Model], str]]:
    """Yield column, model and slug of each reference in a row, citations included."""
    for column, model in row.table.foreign_keys.items():
        if row.cells.get(column) and column != row.table.owner:
            yield column, model, row.cells[column]
    for column, model in row.table.many_to_many.items():
        for slug in filter(None, row.cells.get(column, "").split(SEPARATOR)):
            yield column, model, slug
    for column in row.table.prose_columns:
        for slug in markdown.cited_slugs(row.cells.get(column, "")):
            yield column, Source, slug


def check_references(changes: list[EntryChange], lookup: SlugLookup) -> None:
    """Add problems for references to rows that do not exist, with one query a model."""
    asked: dict[type[models.Model], set[str]] = defaultdict(set)
    rows = [row for change in changes for row in change.rows]
    uses = [(row, *use) for row in rows for use in row_references(row)]
    for _, _, model, slug in uses:
        asked[model].add(slug)
    unknown = {model: lookup.missing(model, slugs) for model, slugs in asked.items()}
    for row, column, model, slug in uses:
        if slug in unknown[model]:
            problem = f"There is no {model._meta.verbose_name} “{slug[:60]}”."
            row.problems.append(RowProblem(column, slug, problem, lookup.suggest(model, slug)))
    for change in changes:
        if change.pk is None and not change.after.get(change.own.name):
            check_owner(change, lookup)


def check_owner(change: EntryChange, lookup: SlugLookup) -> None:
    """Add a problem to parts whose entry does not exist."""
    kind = change.own.model._meta.verbose_name
    problem = f"There is no {kind} “{change.slug[:60]}”. Import it first, or together with this."
    hint = lookup.suggest(change.own.model, change.slug)
    for row in change.rows:
        row.problems.append(RowProblem(row.table.owner, change.slug, problem, hint))


def check_rows(change: EntryChange) -> None:
    """Add problems of malformed citations, and those that the model of each row finds."""
    tables = {row.table.name: row.table for row in change.rows}
    after = {name: rows_by_key(table, change.after) for name, table in tables.items()}
    for row in (row for row in change.rows if not row.problems):
        cells = after[row.table.name][row.key]
        for column in row.table.prose_columns:
            for start in markdown.broken_markers(cells[column]):
                problem = "This is not a citation. Write it as [@slug] or [@slug, p. 4]."
                row.problems.append(RowProblem(column, start, problem))
        row.problems += model_problems(row.table, cells)


# Returns the problem of a missing permission for an act on a row of a model, with its status.
PermissionCheck = Callable[[str, type[models.Model], str | None], str]


def permission_checker(user) -> PermissionCheck:
    """Return a function that checks a user's permissions, each once; None may do everything."""
    if user is None:
        return lambda act, model, status: ""

    @cache
    def permission_problem(act: str, model: Any, status: str | None) -> str:
        row = model() if status is None else model(status=status)
        return checks.permission_problem(user, act, row)

    return permission_problem


def check_entry(change: EntryChange, permission_problem: PermissionCheck) -> None:
    """Check the user's permission, and the rules of publishing for what becomes public."""
    if not change.rows or any(row.problems for row in change.rows) or not change.cells:
        return
    model, first = change.own.model, change.rows[0]
    after = ("change" if change.pk else "add", change.cells)
    before = ("change", cells_before(change))
    for act, cells in (after, before):
        if cells and (problem := permission_problem(act, model, cells.get("status"))):
            first.problems.append(RowProblem("", "", problem))
            return
    if change.cells.get("status") == Status.PUBLISHED and change.own.model is not Page:
        check_citations(change)


def cells_before(change: EntryChange) -> dict[str, str]:
    rows = change.before.get(change.own.name, [])
    return rows[0] if rows else {}


def check_citations(change: EntryChange) -> None:
    """Refuse to publish an entry with a paragraph without a citation, or without a source."""
    by_key = {(row.table.name, row.key): row for row in change.rows}
    for name, rows in change.after.items():
        table = TABLES_BY_NAME[name]
        for cells in rows:
            key = tuple(cells[part] for part in table.key)
            row = by_key.get((name, key), change.rows[0])
            for column in table.prose_columns:
                for paragraph in markdown.uncited_paragraphs(cells[column]):
                    problem = (
                        f"Cannot be published yet: the paragraph “{paragraph.opening}” has no"
                        " source. Cite one as [@slug]."
                    )
                    row.problems.append(RowProblem(column, paragraph.opening, problem))
    if not change.cells["sources"]:
        problem = "Cannot be published yet: no source at all. Add one to the sources."
        change.rows[0].problems.append(RowProblem("sources", "", problem))
