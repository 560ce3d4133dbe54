"""Warnings about rows that are valid but doubtful, and go in only if somebody confirms them.

Letters read in a wrong encoding, words that programs write for an empty cell, texts that a program
cut, more cells emptied than filled, and new rows that look like old ones.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from ...editing.changes import CellProblem
from ...editing.twins import likeness, rows_alike
from ...models import Import, ImportRow
from ...tables.registry import NEW_SLUG, Table
from ...tables.resources import is_text_column
from .changes import PlannedRow
from .duplicates import TABLES_ALIKE, lines_alike

Action = ImportRow.Action
# Letters that a program could not write become question marks.
QUESTION_MARKS = re.compile(r"\?{3,}")
# UTF-8 that was read as Western European (windows-1252) or Russian (windows-1251) becomes runs of
# letters beyond ASCII.
BEYOND_ASCII = re.compile(r"[^\x00-\x7f]{2,}")
CODE_PAGES = ("cp1252", "cp1251")
# What programs write for a value that is missing.
WORDS_FOR_NOTHING = {"nan", "NaN", "NaT", "<NA>", "N/A", "n/a", "#N/A", "NULL", "Null", "null",
                     "None", "nil", "undefined"}  # fmt: skip
NOTHING = "“{}” is what programs write for an empty cell. Empty it, or confirm that it is meant."
# At which spreadsheets and many libraries cut a cell.
CUT_CHARACTERS = 32_767
CUT = (
    f"This text has exactly {CUT_CHARACTERS:,} characters, at which spreadsheets cut it. Look"
    " whether its end is missing, or confirm that it is meant."
)
EMPTIES_MORE = (
    "This file empties {emptied:,} cell{s} and fills {filled:,}. Some programs take words for empty"
    " cells; a column that is left out keeps its values. Confirm that it is meant."
)
LOOKS_LIKE = (
    "“{slug}” has the same {what}. To give it this slug, write “{slug}” in “slug” and this one in"
    " “new_slug”; or confirm that this is another."
)
LOOKS_LIKE_LINE = (
    "Line {line} has the same {what}. Keep one of the two, or confirm that both are meant."
)
# What rows of a table have alike, in words.
LIKENESS = {"reactions": "attribution, day and meeting"}
TITLE_AND_DAY = "title and day"


class WarningFinder:
    """Finds what is doubtful about the rows of a plan, batch by batch, and about all together.

    Without a plan, rows of earlier batches are already those of the record.
    """

    def __init__(self, plan: Import | None = None) -> None:
        self.plan = plan
        self.lines_alike = lines_alike(plan) if plan else {}
        self.emptied = self.filled = 0
        self.first: tuple[PlannedRow, str] | None = None

    def find(self, rows: Sequence[PlannedRow]) -> int:
        """Set the warnings of rows; return their number."""
        new: dict[str, list[PlannedRow]] = defaultdict(list)
        for row in rows:
            row.warnings = cell_warnings(row)
            self.count(row)
            if row.action == Action.NEW and likeness(row.table, row.cells):
                new[row.table.name].append(row)
        for some in new.values():
            self.add_likeness_warnings(some)
        return sum(len(row.warnings) for row in rows)

    def add_likeness_warnings(self, rows: list[PlannedRow]) -> None:
        """Warn of new rows of one table that look like another of the file, or of the record."""
        table = rows[0].table
        what = LIKENESS.get(table.name, TITLE_AND_DAY)
        stored = rows_alike(table, (likeness(table, row.cells) for row in rows))
        in_file = slugs_of_plan(self.plan, table, stored.values()) if self.plan and stored else ()
        for row in rows:
            slug = stored.get(likeness(table, row.cells), "")
            if slug and slug not in in_file:
                row.warnings.append(likeness_warning(row, LOOKS_LIKE.format(slug=slug, what=what)))
            if line := self.lines_alike.get(row.stored.pk):
                text = LOOKS_LIKE_LINE.format(line=line, what=what)
                row.warnings.append(likeness_warning(row, text))

    def count(self, row: PlannedRow) -> None:
        """Count the cells that a row empties, and those that it fills."""
        for column, text in written_cells(row).items():
            if text:
                self.filled += 1
            elif row.action == Action.CHANGED:
                self.emptied += 1
                self.first = self.first or (row, column)

    def of_file(self) -> tuple[PlannedRow, CellProblem] | None:
        """Return the warning about all rows together, with the first row that it is about."""
        if self.first is None or self.emptied <= self.filled:
            return None
        row, column = self.first
        text = EMPTIES_MORE.format(
            emptied=self.emptied, filled=self.filled, s="" if self.emptied == 1 else "s"
        )
        return row, CellProblem(column, "", text)


def written_cells(row: PlannedRow) -> dict[str, str]:
    """Return the cells that a row writes."""
    if row.action == Action.NEW:
        return row.cells
    if row.action != Action.CHANGED:
        return {}
    completed = {"sources": row.completed} if row.completed else {}
    cells = row.cells | completed
    return {name: cells.get(name, "") for name in row.old if name != NEW_SLUG}


def cell_warnings(row: PlannedRow) -> list[CellProblem]:
    """Return the warnings about the cells that a row would write."""
    found = []
    for column, text in written_cells(row).items():
        if text in WORDS_FOR_NOTHING and is_text_column(row.table, column):
            found.append(CellProblem(column, text, NOTHING.format(text)))
        elif len(text) == CUT_CHARACTERS:
            found.append(CellProblem(column, text, CUT))
        broken = broken_letters(text)
        if broken and broken not in row.old.get(column, ""):
            found.append(encoding_warning(column, text, broken))
    return found


def slugs_of_plan(plan: Import, table: Table, slugs: Iterable[str]) -> set[str]:
    """Return those of some slugs that a plan has rows of: a command stores them batch by batch."""
    found = plan.rows.filter(table=table.name, entry__in_array=slugs)
    return {*found.values_list("entry", flat=True)}


def are_some_alike(rows: Iterable[PlannedRow]) -> bool:
    """Return whether rows of a file look like each other."""
    told = [
        (row.table.name, *cells)
        for row in rows
        if row.table in TABLES_ALIKE and (cells := likeness(row.table, row.cells))
    ]
    return len({*told}) < len(told)


def likeness_warning(row: PlannedRow, text: str) -> CellProblem:
    return CellProblem("slug", row.cells["slug"], text)


def encoding_warning(column: str, text: str, broken: str) -> CellProblem:
    """Return the warning of a cell, with the repaired text if that is certain."""
    meant = BEYOND_ASCII.sub(lambda found: repaired(found[0]) or found[0], text)
    problem = (
        f"Letters look broken: “{broken[:40]}”. The file was read in another encoding on its way."
        " Save it as “CSV UTF-8”, or confirm that this is meant."
    )
    return CellProblem(column, text, problem, meant if meant != text else "")


def broken_letters(text: str) -> str:
    """Return the first stretch of a text that was read in the wrong encoding, or nothing.

    That is U+FFFD, three question marks or more, or letters whose bytes are UTF-8 for others.
    """
    if found := QUESTION_MARKS.search(text):
        return found[0]
    if text.isascii():
        return ""
    if "\N{REPLACEMENT CHARACTER}" in text:
        return "\N{REPLACEMENT CHARACTER}"
    return next((run for run in BEYOND_ASCII.findall(text) if repaired(run)), "")


def repaired(run: str) -> str:
    """Return the letters that a run was before it was read in the wrong encoding, or nothing."""
    for page in CODE_PAGES:
        try:
            return run.encode(page).decode("utf-8")
        except UnicodeError:
            continue
    return ""
