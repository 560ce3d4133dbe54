"""Cells of a plan that are right by every rule, and yet hardly what somebody meant to write.

They are imported only once somebody who saw them confirms it.
"""

import re

from ...models import ImportRow
from .changes import PlannedRow, RowProblem

Action = ImportRow.Action
# What a text without letters beyond ASCII can hold: letters that a program could not write.
QUESTION_MARKS = re.compile(r"\?{3,}")
# The letters and signs that the bytes of UTF-8 become, read as the code page of Western Europe
# (windows-1252) or of Russian (windows-1251): runs of what both have beyond ASCII.
BEYOND_ASCII = re.compile(r"[^\x00-\x7f]{2,}")
CODE_PAGES = ("cp1252", "cp1251")


def find_warnings(row: PlannedRow) -> list[RowProblem]:
    """Return what is doubtful about the cells that a row would write."""
    if row.action not in {Action.NEW, Action.CHANGED}:
        return []
    written = row.cells if row.action == Action.NEW else {n: row.cells.get(n, "") for n in row.old}
    found = []
    for column, text in written.items():
        broken = broken_letters(text)
        if broken and broken not in row.old.get(column, ""):
            found.append(warning_of(column, text, broken))
    return found


def warning_of(column: str, text: str, broken: str) -> RowProblem:
    """Return the warning of a cell, with the text as it was meant where that is certain."""
    meant = repaired(broken)
    problem = (
        f"Letters look broken: “{broken[:40]}”. The file was read in another encoding on its way."
        " Save it as “CSV UTF-8”, or confirm that this is meant."
    )
    return RowProblem(column, text, problem, text.replace(broken, meant) if meant else "")


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
