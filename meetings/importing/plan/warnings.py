"""Warnings about cells that are valid but look broken: letters read in a wrong encoding.

Rows with warnings are imported only if somebody confirms them.
"""

import re

from ...editing.changes import CellProblem
from ...models import ImportRow
from .changes import PlannedRow

Action = ImportRow.Action
# Letters that a program could not write become question marks.
QUESTION_MARKS = re.compile(r"\?{3,}")
# UTF-8 that was read as Western European (windows-1252) or Russian (windows-1251) becomes runs of
# letters beyond ASCII.
BEYOND_ASCII = re.compile(r"[^\x00-\x7f]{2,}")
CODE_PAGES = ("cp1252", "cp1251")


def find_warnings(row: PlannedRow) -> list[CellProblem]:
    """Return the warnings about the cells that a row would write."""
    if row.action not in {Action.NEW, Action.CHANGED}:
        return []
    written = row.cells if row.action == Action.NEW else {n: row.cells.get(n, "") for n in row.old}
    found = []
    for column, text in written.items():
        broken = broken_letters(text)
        if broken and broken not in row.old.get(column, ""):
            found.append(encoding_warning(column, text, broken))
    return found


def encoding_warning(column: str, text: str, broken: str) -> CellProblem:
    """Return the warning of a cell, with the repaired text if that is certain."""
    meant = repaired(broken)
    problem = (
        f"Letters look broken: “{broken[:40]}”. The file was read in another encoding on its way."
        " Save it as “CSV UTF-8”, or confirm that this is meant."
    )
    return CellProblem(column, text, problem, text.replace(broken, meant) if meant else "")


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
