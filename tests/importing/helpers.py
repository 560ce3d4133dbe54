"""Files, imports and plans for the tests of imports."""

import csv
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from meetings.importing import imports
from meetings.importing.problems import Problem
from meetings.importing.readers import open_sheets
from meetings.models import Import, ImportRow
from meetings.tables.registry import TABLES_BY_NAME


@contextmanager
def rolled_back():
    """Undo all writes to the database at the end of a block."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def write(folder: Path, table: str, *rows: dict[str, str], columns=None, name="") -> Path:
    """Write rows as the file of a table; the columns are those of the rows."""
    columns = columns or list(dict.fromkeys(key for row in rows for key in row))
    path = folder / (name or f"{table}.csv")
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def import_file(path: Path, **options) -> imports.ImportResult:
    """Import a file or a folder at once."""
    return imports.import_path(path=path, **{"note": "Brought in."} | options)


def problem_texts(outcome) -> list[str]:
    """Return the problems as the terminal prints them."""
    return [str(problem) for problem in outcome.problems]


def reaction(slug="kallas-geneva", **cells) -> dict[str, str]:
    """Return the cells of a reaction that could be published; each slug has its own speaker."""
    return {
        "slug": slug,
        "meeting": "geneva",
        "attribution": f"Speaker of {slug}",
        "capacity": "executive",
        "stance": "mixed",
        "reacted_on": "2018-07-17",
        "summary": "Said so [@press].",
        "status": "published",
    } | cells


def columns_of(table: str) -> list[str]:
    return list(TABLES_BY_NAME[table].columns)


@dataclass
class PlanResult:
    """Result of planning: the import, its rows and all problems."""

    imported: Import
    rows: list[ImportRow]
    problems: list[Problem]


def plan_file(path, user=None, *, table="", limits=None) -> PlanResult:
    """Return the plan of a file, a folder or a zip."""
    problems: list[Problem] = []
    imported = Import.objects.create(name=path.name, made_by=user)
    sheets = open_sheets(path, name=path.name, table=table, limits=limits, problems=problems)
    imports.plan_sheets(imported=imported, sheets=sheets, problems=problems)
    found = list(imports.problems_of(imported))
    return PlanResult(imported, list(imported.rows.order_by("number")), found)
