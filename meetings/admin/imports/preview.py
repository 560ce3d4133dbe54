"""The rows of a plan as an editor reads them: what each does, cell by cell."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from ...importing.plan.changes import RowProblem
from ...models import ImportRow
from ...tables.registry import BY_NAME

Action = ImportRow.Action
SIGNS = {
    Action.NEW: "+",
    Action.CHANGED: "~",
    Action.UNCHANGED: "=",
    Action.WRONG: "!",
    Action.GONE: "−",
}
SHORT = 80
LONG = 2_000
# Texts of more words are shown whole, old and new.
MOST_WORDS = 2_000
# So much that did not change is shown around what did.
AROUND = 12


@dataclass(frozen=True)
class Piece:
    """A stretch of a cell: as it was (``removed``), as it is to be (``added``), or both."""

    text: str
    kind: str = ""


@dataclass
class Cell:
    """One cell of a row, as it was and as it is to be."""

    column: str
    pieces: list[Piece]
    is_changed: bool = False
    is_cleared: bool = False
    faults: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)


@dataclass
class Line:
    """One row of a plan; ``faults`` are those of the row as a whole."""

    row: ImportRow
    cells: list[Cell]
    faults: list[RowProblem]

    @property
    def sign(self) -> str:
        return SIGNS[Action(self.row.action)]

    @property
    def key(self) -> str:
        return self.row.key.replace("|", " · ")


def lines_of(rows: Iterable[ImportRow]) -> list[Line]:
    """Return rows of a plan with their cells in the order of their tables."""
    return [line_of(row) for row in rows]


def line_of(row: ImportRow) -> Line:
    faults = [RowProblem(*problem) for problem in row.problems]
    warnings = [RowProblem(*warning) for warning in row.warnings]
    columns = BY_NAME[row.table].columns if row.table else ()
    told = {fault.column for fault in faults}
    given = {*row.cells, *row.old, *told, *(["sources"] if row.completed else [])}
    shown = [name for name in columns if name in given]
    cells = [cell_of(row, name, [f for f in faults if f.column == name]) for name in shown]
    for cell in cells:
        cell.warnings = [fault for fault in warnings if fault.column == cell.column]
    cells = [cell for cell in cells if cell.pieces or cell.faults or cell.is_changed]
    return Line(row, cells, [fault for fault in faults if fault.column not in shown])


def cell_of(row: ImportRow, column: str, faults: list[RowProblem]) -> Cell:
    """Return one cell: with its own value in the file where that is wrong."""
    new = row.cells.get(column, "")
    if column == "sources" and row.completed:
        new = row.completed
    if faults:
        return Cell(column, plain(faults[0].value or new, LONG), faults=faults)
    if row.action == Action.GONE:
        return Cell(column, [Piece(new, "removed")] * bool(new), is_changed=bool(new))
    if row.action == Action.CHANGED and column in row.old:
        pieces = differences(row.old[column], new)
        return Cell(column, pieces, is_changed=True, is_cleared=not new)
    return Cell(column, plain(new, LONG if row.action == Action.NEW else SHORT))


def plain(text: str, most: int) -> list[Piece]:
    """Return a text that is as it is, shortened."""
    if len(text) > most:
        text = f"{text[:most]}… ({len(text):,} characters)"
    return [Piece(text)] if text else []


def differences(old: str, new: str) -> list[Piece]:
    """Return what was taken out of a text and put into it, word by word where much is the same."""
    before, after = (re.findall(r"\s+|\S+", text) for text in (old, new))
    whole = [Piece(old, "removed")] * bool(old) + [Piece(new, "added")] * bool(new)
    if not old or not new or max(len(before), len(after)) > MOST_WORDS:
        return whole
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < 0.5:
        return whole
    pieces = []
    for name, start, end, new_start, new_end in matcher.get_opcodes():
        if name == "equal":
            pieces.append(Piece(elided(before[start:end])))
            continue
        removed, added = "".join(before[start:end]), "".join(after[new_start:new_end])
        pieces += [Piece(removed, "removed")] * bool(removed)
        pieces += [Piece(added, "added")] * bool(added)
    return pieces


def elided(words: list[str]) -> str:
    """Return words without those in the middle of very many."""
    if len(words) <= 3 * AROUND:
        return "".join(words)
    return "".join([*words[:AROUND], " … ", *words[-AROUND:]])
