"""The rules of the record on changes of entries: each stands here once, for every way of writing.

They add problems to changes and write nothing. What publication asks is in ``publication_checks``
and what deletion asks in ``deletion_checks``; ``constraints`` evaluates those of the models, and
``addresses`` holds those on addresses. ``permissions`` answers who may.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from typing import Any

from django.db import models

from ..models import Account, Publishable, Reaction, Revision, Source
from ..tables.cells import SEPARATOR
from ..tables.registry import Table
from ..text import markdown
from .addresses import check_addresses
from .changes import Attribution, CellProblem, EntryChange, RowChange, sound
from .constraints import model_problems
from .deletion_checks import check_removals
from .errors import Refused
from .links import check_links
from .permissions import (
    PermissionCheck,
    check_permissions,
    check_public_addresses,
    may_change_public,
    permission_problem,
    public_changes,
)
from .public_history import were_public
from .publication_checks import check_citations, check_complete, public_columns
from .slug_lookup import SlugLookup
from .snapshots import Snapshot, reference_columns

Status = Publishable.Status
# Columns that can never be empty in the tables that have them, besides the key.
REQUIRED_COLUMNS = {
    "title",
    "name",
    "starts_on",
    "reacted_on",
    "occurred_on",
    "format",
    "event_status",
    "meeting",
    "attribution",
    "capacity",
    "stance",
    "kind",
    "new_path",
}
CANNOT_BE_EMPTIED = "This column cannot be emptied. Write its value, or leave the column out."
NOT_PUBLIC_YET = "It is not public yet. Take it back to draft instead."
NEEDS_NOTE = "Write a change note: one line, public, on what changed and why."
NEEDS_WRONG = "Say what was wrong: a correction names it in public."
# Acts on many entries, or back to what was: their note says what was wrong, too.
SAID_IN_NOTE = {Revision.Act.IMPORT, Revision.Act.UNDO, Revision.Act.RESTORE, Revision.Act.MERGE}
NOT_OPENED = "This source was not opened, so it cannot be quoted. Say on it how far it was read."
IS_QUOTED = "The record quotes from this source. It was opened, at least in an excerpt."


def check_changes(
    changes: Sequence[EntryChange],
    lookup: SlugLookup,
    user,
    *,
    is_undo: bool = False,
    is_file: bool = False,
) -> None:
    """Add to the changes of entries of one table what speaks against them.

    An undo may give an entry a status that it had, though no act leads there. A file gives each
    new row what its page needs; a draft that is written at the desk may lack that.
    """
    if not changes:
        return
    find_permission_problem: PermissionCheck = cache(partial(permission_problem, user))
    active = [change for change in changes if change.is_changed]
    kept = [change for change in active if change.after]
    may_publish = may_change_public(user, changes[0].own.model)
    public = set() if may_publish else public_changes(active)
    for change in kept:
        check_required(change, is_file=is_file)
        check_complete(change)
    check_references(kept, lookup)
    check_links(kept, lookup)
    for change in kept:
        check_rows(change)
        check_accounts(change)
        check_agreements(change)
        if not is_undo:
            check_status(change)
        check_permissions(change, find_permission_problem, id(change) in public)
        check_citations(change)
    check_quotations(kept, lookup)
    if not is_undo:
        check_unopened_sources(kept)
    check_withdrawals(sound(kept))
    check_addresses(sound(kept), lookup)
    if not may_publish:
        check_public_addresses(sound(kept))
    if removed := [change for change in active if not change.after]:
        check_removals(removed, find_permission_problem, public)


def check_required(change: EntryChange, *, is_file: bool) -> None:
    """Refuse new rows without what every row needs, and to empty it, or the status, in others."""
    may_lack = () if is_file and not change.is_exported_draft else public_columns(change.own)
    for name, rows in change.row_changes.items():
        for row in rows:
            if row.new is None:
                continue
            unreadable = change.unreadable.get((name, row.key), ())
            for column in required_columns(row.table):
                if row.table is change.own and column in may_lack:
                    continue
                if row.new[column] or column in unreadable:
                    continue
                if row.old is None:
                    article = "an" if column[0] in "aeiou" else "a"
                    change.refuse(f"A new row needs {article} {column}. Write it.", row, column)
                elif row.old[column]:
                    change.refuse(CANNOT_BE_EMPTIED, row, column)
            is_asked = row.old and row.old.get("status") and "status" not in unreadable
            if is_asked and not row.new["status"]:
                change.refuse(CANNOT_BE_EMPTIED, row, "status")


@cache
def required_columns(table: Table) -> list[str]:
    """Return the columns of a table, besides its key, that can never be empty."""
    return [name for name in table.columns if name in REQUIRED_COLUMNS and name not in table.key]


def references(row: RowChange) -> Iterable[tuple[str, type[models.Model], str]]:
    """Yield column, model and slug of each reference in a row's new cells, and of all citations."""
    cells, old = row.new or {}, row.old or {}
    for column, model in reference_columns(row.table).items():
        cell = cells.get(column)
        if not cell or cell == old.get(column):
            continue
        for slug in cell.split(SEPARATOR) if column in row.table.many_to_many else [cell]:
            yield column, model, slug
    for column in row.table.prose_columns:
        for slug in markdown.cited_slugs(cells.get(column, "")):
            yield column, Source, slug


def check_references(changes: list[EntryChange], lookup: SlugLookup) -> None:
    """Refuse references to rows that do not exist, with one query a model."""
    asked: dict[type[models.Model], set[str]] = defaultdict(set)
    uses = []
    for change in changes:
        for rows in change.row_changes.values():
            for row in rows:
                if row.new is not None:
                    uses += [(change, row, *use) for use in references(row)]
    for _, _, _, model, slug in uses:
        asked[model].add(slug)
    unknown = {model: lookup.missing(model, slugs) for model, slugs in asked.items()}
    wrong = [use for use in uses if use[4] in unknown[use[3]]] if any(unknown.values()) else []
    # The list of sources is completed from the texts: what they cite is refused there.
    elsewhere = {
        (id(change), slug)
        for change, _, column, model, slug in wrong
        if model is Source and column != "sources"
    }
    for change, row, column, model, slug in wrong:
        if column != "sources" or (id(change), slug) not in elsewhere:
            problem = f"There is no {model._meta.verbose_name} “{slug[:60]}”."
            change.refuse(problem, row, column, slug, lookup.suggest(model, slug))
    for change in changes:
        if not change.cells:
            check_owner(change, lookup)


def check_owner(change: EntryChange, lookup: SlugLookup) -> None:
    """Refuse parts whose entry does not exist."""
    kind = change.own.model._meta.verbose_name
    problem = f"There is no {kind} “{change.slug[:60]}”. Import it first, or together with this."
    hint = lookup.suggest(change.own.model, change.slug)
    for rows in change.row_changes.values():
        for row in rows:
            change.refuse(problem, row, row.table.owner, change.slug, hint)


def check_rows(change: EntryChange) -> None:
    """Refuse malformed citations, and what the model of each row refuses."""
    wrong = {*change.unreadable, *((problem.table, problem.key) for problem in change.problems)}
    for name, rows in change.row_changes.items():
        for row in rows:
            if row.new is None or (name, row.key) in wrong:
                continue
            for column in row.table.prose_columns:
                for start in markdown.broken_markers(row.new[column]):
                    problem = f"“{start}” is not a citation. Write it as [@slug] or [@slug, p. 4]."
                    change.refuse(problem, row, column, start)
            for column, value, problem in model_problems(row.table, row.new):
                change.refuse(problem, row, column, value)


def check_accounts(change: EntryChange) -> None:
    """Refuse an account without a discussion of its issue: no page would show it."""
    if not change.row_changes.keys() & {"accounts", "discussions"}:
        return
    known = {key[1:] for key in undiscussed_accounts(change.before)}
    for key in undiscussed_accounts(change.after):
        if key[1:] not in known:
            problem = f"“{key[1]}” was not discussed at this meeting. Bring its discussion, too."
            change.problems.append(CellProblem("issue", key[1], problem, "", "accounts", key))


def undiscussed_accounts(state: Snapshot) -> set[tuple[str, str, str]]:
    """Return the keys of the accounts in a snapshot whose discussion is not in it."""
    discussed = {(row["meeting"], row["issue"]) for row in state.get("discussions", [])}
    return {
        (row["meeting"], row["issue"], row["government"])
        for row in state.get("accounts", [])
        if (row["meeting"], row["issue"]) not in discussed
    }


def check_agreements(change: EntryChange) -> None:
    """Refuse to compare accounts of an issue of which fewer than two state something."""
    if not change.row_changes.keys() & {"accounts", "discussions"}:
        return
    known = set(incomparable_discussions(change.before))
    for key, agreement in incomparable_discussions(change.after):
        if (key, agreement) not in known:
            problem = (
                "Fewer than two accounts state something on this issue, so that they cannot be"
                " compared. Leave this empty."
            )
            change.problems.append(
                CellProblem("agreement", agreement, problem, "", "discussions", key)
            )


def incomparable_discussions(state: Snapshot) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield key and agreement of the discussions with one, but fewer than two stated accounts."""
    stated: dict[tuple[str, str], int] = defaultdict(int)
    for row in state.get("accounts", []):
        is_stated = row["finding"] == "stated" or (row["text"] and not row["finding"])
        stated[row["meeting"], row["issue"]] += bool(is_stated)
    for row in state.get("discussions", []):
        key = (row["meeting"], row["issue"])
        if row["agreement"] and stated[key] < 2:
            yield key, row["agreement"]


def check_quotations(changes: list[EntryChange], lookup: SlugLookup) -> None:
    """Refuse new quotations from sources that were not opened."""
    asked = [
        (change, row, row.new["quotation_source"])
        for change in changes
        for rows in change.row_changes.values()
        for row in rows
        if row.new
        and row.new.get("quotation_source")
        and {"quotation", "quotation_source"} & {*row.changed_columns}
    ]
    if not asked:
        return
    slugs = sorted({slug for _, _, slug in asked})
    stored = Source.objects.filter(slug__in_array=slugs).values_list("slug", "read")
    reading = dict(stored) | lookup.planned_reading(slugs)
    for change, row, slug in asked:
        if reading.get(slug) == Source.Read.NOT_OPENED:
            change.refuse(NOT_OPENED, row, "quotation_source", slug)


def check_unopened_sources(changes: list[EntryChange]) -> None:
    """Refuse to call a source not opened while the record quotes from it."""
    asked = {
        change.slug: change
        for change in changes
        if change.own.model is Source
        and change.cells.get("read") == Source.Read.NOT_OPENED
        and change.cells_before.get("read") != Source.Read.NOT_OPENED
    }
    if not asked:
        return
    quoting: Any = (Reaction, Account)
    for model in quoting:
        found = model.objects.filter(quotation_source__slug__in_array=[*asked])
        for slug in set(found.order_by().values_list("quotation_source__slug", flat=True)):
            asked[slug].refuse_cell("read", IS_QUOTED)


def check_status(change: EntryChange) -> None:
    """Refuse impossible changes of status."""
    old, new = change.former_status, change.status
    if old and new != old and (problem := transition_problem(old, new)):
        change.refuse_cell("status", problem)


def transition_problem(old: str, new: str) -> str:
    """Return why no entry of one status can be given another, or nothing."""
    if new == Status.REVIEW and old != Status.DRAFT:
        return "Only a draft can be sent to review."
    if new == Status.WITHDRAWN and old != Status.PUBLISHED:
        return "Only a published entry can be withdrawn."
    return ""


def status_problem(entry: Any, status: str) -> str:
    """Return why a stored entry cannot be given a status now, or nothing.

    What is scheduled and was never public cannot be withdrawn: it has no public address yet.
    """
    if problem := transition_problem(entry.status, status):
        return problem
    if status == Status.WITHDRAWN and not were_public(type(entry), [entry.pk]):
        return NOT_PUBLIC_YET
    return ""


def check_withdrawals(changes: list[EntryChange]) -> None:
    """Refuse to withdraw entries of one table that were never public."""
    asked = {
        change.pk: change
        for change in changes
        if change.pk and change.status == Status.WITHDRAWN != change.former_status
    }
    public = were_public(changes[0].own.model, asked) if asked else set()
    for pk in asked.keys() - public:
        asked[pk].refuse_cell("status", NOT_PUBLIC_YET)


def require_note(change: EntryChange, attribution: Attribution) -> None:
    """Raise Refused unless a change of the public record says why, and a correction what was wrong.

    The operator of the machine may leave out both.
    """
    by = attribution
    if by.user is None or not public_changes([change]):
        return
    if not by.note.strip():
        raise Refused([NEEDS_NOTE])
    if by.kind == Revision.Kind.CORRECTION and not by.was_wrong and by.act not in SAID_IN_NOTE:
        raise Refused([NEEDS_WRONG])
