"""Preview of a plan: what each row does, cell by cell, with the differences in texts."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from ...editing.changes import CellProblem
from ...importing.summaries import Places
from ...models import ImportRow
from ...tables.registry import TABLES_BY_NAME
from ...text.differences import Piece, differences

Action = ImportRow.Action
ACTION_SIGNS = {
    Action.NEW: "+",
    Action.CHANGED: "~",
    Action.UNCHANGED: "=",
    Action.WRONG: "!",
    Action.GONE: "−",
}
LONGEST_CONTEXT_CHARACTERS = 80
LONGEST_TEXT_CHARACTERS = 2_000


@dataclass
class Cell:
    """One cell of a row, with its old and its new text."""

    column: str
    pieces: list[Piece]
    is_changed: bool = False
    is_cleared: bool = False
    faults: list[CellProblem] = field(default_factory=list)
    warnings: list[CellProblem] = field(default_factory=list)
    place: str = ""
    corrected: str | None = None


@dataclass
class PreviewRow:
    """One row of a plan; ``faults`` are those of the row as a whole.

    ``place`` is the row in its sheet as spreadsheets name it, and of a cell the cell: “Sheet1!C5”.
    ``corrected`` is what the file has where a suggestion was taken.
    """

    row: ImportRow
    cells: list[Cell]
    faults: list[CellProblem]
    place: str = ""

    @property
    def sign(self) -> str:
        return ACTION_SIGNS[Action(self.row.action)]

    @property
    def key(self) -> str:
        return self.row.key.replace("|", " · ")


def preview_rows(rows: Iterable[ImportRow], places: Places | None = None) -> list[PreviewRow]:
    """Return the preview of rows of a plan, their cells in the order of the table's columns.

    ``places`` are those of the sheets of its workbooks.
    """
    found = [preview_row(row) for row in rows]
    if places is None:
        return found
    for line in found:
        # Of a row that could not be read, the cells with something wrong.
        names = [fault.column for fault in line.faults] or [""]
        cells = dict.fromkeys(places.cell(line.row.file, line.row.line, name) for name in names)
        line.place = ", ".join(cells)
        for cell in line.cells:
            cell.place = places.cell(line.row.file, line.row.line, cell.column)
    return found


def preview_row(row: ImportRow) -> PreviewRow:
    faults = [CellProblem.from_list(problem) for problem in row.problems]
    warnings = [CellProblem.from_list(warning) for warning in row.warnings]
    columns = TABLES_BY_NAME[row.table].file_columns if row.table else ()
    columns_with_faults = {fault.column for fault in faults}
    given = {*row.cells, *row.old, *columns_with_faults, *(["sources"] if row.completed else [])}
    shown = [name for name in columns if name in given]
    cells = [preview_cell(row, name, [f for f in faults if f.column == name]) for name in shown]
    for cell in cells:
        cell.corrected = row.corrected.get(cell.column)
        cell.warnings = [fault for fault in warnings if fault.column == cell.column]
    cells = [cell for cell in cells if cell.pieces or cell.faults or cell.is_changed]
    return PreviewRow(row, cells, [fault for fault in faults if fault.column not in shown])


def preview_cell(row: ImportRow, column: str, faults: list[CellProblem]) -> Cell:
    """Return the preview of one cell; of a cell with an error, its value in the file."""
    new = (row.old or row.cells if row.action == Action.GONE else row.cells).get(column, "")
    if column == "sources" and row.completed:
        new = row.completed
    if faults:
        pieces = unchanged_pieces(faults[0].value or new, LONGEST_TEXT_CHARACTERS)
        return Cell(column, pieces, faults=faults)
    if row.action == Action.GONE:
        return Cell(column, [Piece(new, "removed")] * bool(new), is_changed=bool(new))
    if row.action == Action.CHANGED and column in row.old:
        pieces = differences(row.old[column], new)
        return Cell(column, pieces, is_changed=True, is_cleared=not new)
    is_new = row.action == Action.NEW
    longest = LONGEST_TEXT_CHARACTERS if is_new else LONGEST_CONTEXT_CHARACTERS
    return Cell(column, unchanged_pieces(new, longest))


def unchanged_pieces(text: str, most: int) -> list[Piece]:
    """Return a text as one unchanged piece, shortened to ``most`` characters."""
    if len(text) > most:
        text = f"{text[:most]}… ({len(text):,} characters)"
    return [Piece(text)] if text else []
