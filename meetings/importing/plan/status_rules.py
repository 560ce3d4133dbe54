"""Rules of a plan on the status of entries, and on accounts of issues that were discussed."""

from ...editing import checks
from ...editing.public_history import were_public
from ...models import Publishable
from .changes import EntryChange, RowProblem


def check_status_and_accounts(change: EntryChange) -> None:
    """Refuse impossible changes of status, and accounts without a discussion."""
    for row in change.rows:
        if row.table is change.own and "status" in row.old:
            status = change.cells["status"]
            if problem := checks.transition_problem(row.old["status"], status):
                row.problems.append(RowProblem("status", status, problem))
    check_accounts(change)


def check_withdrawals(changes: list[EntryChange]) -> None:
    """Refuse to withdraw entries of one table that were never public."""
    asked = {
        change.pk: row
        for change in changes
        for row in change.rows
        if change.pk and row.table is change.own and "status" in row.old and not row.problems
        if change.cells["status"] == Publishable.Status.WITHDRAWN
    }
    public = were_public(changes[0].own.model, asked) if asked else set()
    for pk in asked.keys() - public:
        asked[pk].problems.append(
            RowProblem("status", Publishable.Status.WITHDRAWN, checks.NOT_PUBLIC_YET)
        )


def check_accounts(change: EntryChange) -> None:
    """Refuse an account without a discussion of its issue: no page would show it."""
    known = undiscussed_accounts(change.before)
    by_key = {(row.table.name, row.key): row for row in change.rows}
    for key in undiscussed_accounts(change.after) - known:
        row = by_key.get(("accounts", key), change.rows[0])
        _, issue, _ = key
        problem = f"“{issue}” was not discussed at this meeting. Bring its discussion, too."
        row.problems.append(RowProblem("issue", issue, problem))


def undiscussed_accounts(state) -> set[tuple[str, str, str]]:
    """Return the keys of the accounts in a snapshot whose discussion is not in it."""
    discussed = {(row["meeting"], row["issue"]) for row in state.get("discussions", [])}
    return {
        (row["meeting"], row["issue"], row["government"])
        for row in state.get("accounts", [])
        if (row["meeting"], row["issue"]) not in discussed
    }
