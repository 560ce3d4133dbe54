"""What publication asks of an entry: what its page shows, a source, and one for each paragraph.

An account that rests on nothing opened is published only with a reason in the public note.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ..models import Meeting, Page, Publishable, Revision, Source
from ..models.evidence import Evidence, evidence_of_texts
from ..tables.registry import TABLES_BY_NAME, Table
from ..text import markdown
from .changes import Attribution, CellProblem, EntryChange, place_of
from .errors import Refused
from .snapshots import Key, Row, Snapshot

Status = Publishable.Status
NOT_YET = "Cannot be published yet:"
# The word by which the note of an act says that it speaks of this.
REASON_WORD = "unread"
NEEDS_REASON = (
    "rests on nothing that was opened. Read one of its sources at least in an excerpt and say so"
    f" on it, or say in the change note why it stays {REASON_WORD}, with that word."
)
MOST_NAMED = 5
ACCOUNTS = TABLES_BY_NAME["accounts"]


def check_complete(change: EntryChange) -> None:
    """Refuse an entry that is not a draft without what its public page shows."""
    if change.status in {"", Status.DRAFT, Status.REVIEW}:
        return
    told = {problem.column for problem in change.problems}
    for (name, _), columns in change.unreadable.items():
        told |= columns if name == change.own.name else set()
    refuse(change, [gap for gap in empty_cells(change.own, change.after) if gap.column not in told])


def check_citations(change: EntryChange) -> None:
    """Refuse to publish an entry with a paragraph without a citation, or without a source."""
    if change.status == Status.PUBLISHED and change.is_sound:
        paragraphs = uncited_paragraphs(change.own, change.after)
        refuse(change, [*paragraphs, *no_source(change.own, change.after)])


def refuse(change: EntryChange, gaps: Sequence[CellProblem]) -> None:
    """Add to a change what it lacks to be published."""
    change.problems += [replace(gap, problem=f"{NOT_YET} {gap.problem}") for gap in gaps]


def empty_cells(own: Table, state: Snapshot) -> Iterator[CellProblem]:
    """Yield the cells that an entry lacks to have a page."""
    (cells,) = state[own.name]
    key = tuple(cells[name] for name in own.key)
    for column, label in missing_cells(own, cells).items():
        yield CellProblem(column, "", f"the {label} is missing.", "", own.name, key)


def uncited_paragraphs(own: Table, state: Snapshot) -> Iterator[CellProblem]:
    """Yield the paragraphs of an entry without a source, its parts' too; a Page needs none."""
    for name, rows in state.items() if own.model is not Page else ():
        table = TABLES_BY_NAME[name]
        for cells in rows:
            for column in table.prose_columns:
                for paragraph in markdown.uncited_paragraphs(cells[column]):
                    opening = paragraph.opening
                    problem = f"the paragraph “{opening}” has no source. Cite one as [@slug]."
                    key = tuple(cells[part] for part in table.key)
                    yield CellProblem(column, opening, problem, "", name, key)


def no_source(own: Table, state: Snapshot) -> Iterator[CellProblem]:
    """Yield that an entry has no source at all; a Page needs none."""
    (cells,) = state[own.name]
    if own.model is not Page and not cells["sources"]:
        problem = "no source at all. Add one, or cite one in the text."
        key = tuple(cells[name] for name in own.key)
        yield CellProblem("sources", "", problem, "", own.name, key)


def missing_cells(table: Table, cells: Row) -> dict[str, str]:
    """Return what the cells of an entry lack to have a page: the columns, and how they are called.

    Only a draft may lack it.
    """
    empty = (name for name in public_columns(table) if not cells[name])
    return {name: str(table.field(name).verbose_name) for name in empty}


def words_of(missing: dict[str, str]) -> str:
    """Return what is missing in words: first day, format and event status."""
    *others, last = missing.values()
    return f"{', '.join(others)} and {last}" if others else last


def public_columns(table: Table) -> tuple[str, ...]:
    """Return the columns, beside the title, that only a draft may lack."""
    return getattr(table.model, "PUBLIC_COLUMNS", ())


def require_reason(changes: Sequence[EntryChange], attribution: Attribution) -> None:
    """Raise Refused if an account becomes public unread and the act's note does not say why.

    Asked when the sources of the act are written. What was public like that before is not asked
    again, nor is an undo.
    """
    if attribution.act == Revision.Act.UNDO or REASON_WORD in attribution.note.lower():
        return
    asked = [
        (change.slug, change.after)
        for change in changes
        if change.own.model is Meeting and change.status == Status.PUBLISHED
    ]
    known = [
        (change.slug, change.before)
        for change in changes
        if change.own.model is Meeting and change.former_status == Status.PUBLISHED
    ]
    if new := sorted(unread_accounts(asked) - unread_accounts(known)):
        places = ", ".join(place_of(ACCOUNTS, key, "") for _, key in new[:MOST_NAMED])
        more = f" and {len(new) - MOST_NAMED} more" if len(new) > MOST_NAMED else ""
        raise Refused([f"{NOT_YET} {places}{more} {NEEDS_REASON}"])


def unread_accounts(
    states: Sequence[tuple[str, Snapshot]], sources: Mapping[str, Source] | None = None
) -> set[tuple[str, Key]]:
    """Return the accounts in snapshots whose sources were not opened, by slug of entry and key.

    ``sources`` are those that the accounts cite, by slug; without them one query finds them.
    """
    texts = [
        ((slug, tuple(row[name] for name in ACCOUNTS.key)), row["text"], row["quotation_source"])
        for slug, state in states
        for row in state.get("accounts", [])
        if row["text"] or row["quotation"]
    ]
    evidence = evidence_of_texts(texts, sources) if texts else {}
    return {key for key, word in evidence.items() if word == Evidence.UNREAD}
