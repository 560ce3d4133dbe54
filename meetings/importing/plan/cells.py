"""Cells of a file's rows: in canonical form, with their problems and with suggestions taken."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify

from ...editing.changes import CellProblem
from ...editing.snapshots import reference_columns
from ...tables.cells import SEPARATOR, Suggestion, TextWidget
from ...tables.registry import NEW_SLUG, REMOVE, Table
from ...tables.resources import column_widget
from ...tables.xlsx import LEFT_OUT

# Parsed cells of a column that are cached, if they are short.
CACHED_CELLS = 5_000
SHORT_CELL_CHARACTERS = 200
# Titles that are looked up for one plan.
MOST_TITLES = 1_000
SEPARATORS = re.compile(r"[|;,\n]")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
TITLE_COLUMNS = ("title", "name", "venue")
CellParser = Callable[[str], str]


@cache
def cell_parsers(table: Table) -> dict[str, CellParser]:
    """Return the functions that bring the cells of each column into canonical form."""
    found = {name: cell_parser(column_widget(table, name)) for name in table.columns}
    acts = {NEW_SLUG: found.get("slug", str), REMOVE: parse_removal}
    return found | {name: parse for name, parse in acts.items() if name in table.file_columns}


def cell_parser(widget) -> CellParser:
    """Return the parser of a cell; short cells that come again, such as days, are cached."""
    if type(widget) is TextWidget:
        return widget.canonical
    cached = lru_cache(maxsize=CACHED_CELLS)(widget.canonical)

    def parse(text: str) -> str:
        return cached(text) if len(text) <= SHORT_CELL_CHARACTERS else widget.canonical(text)

    return parse


def parse_removal(text: str) -> str:
    """Return ``true`` if a row is to be taken out, or nothing; raises Suggestion."""
    word = text.strip().casefold()
    if word not in {"", "true", "false"}:
        likely = {"1": "true", "yes": "true", "x": "true", "0": "false", "no": "false"}
        raise Suggestion("Enter true to take the row out, or false.", likely.get(word, ""))
    return "true" if word == "true" else ""


@dataclass
class CellReader:
    """Reads the cells of a plan's rows.

    With ``takes_suggestions`` a cell of which nothing but a suggestion can be meant is read as
    that. ``certain_count`` counts such cells, taken or not.
    """

    takes_suggestions: bool = False
    certain_count: int = 0
    slugs: dict[tuple[type[models.Model], str], str] = field(default_factory=dict)

    def read(self, table: Table, columns: list[str], texts: list[str]):
        """Return the cells of a row, its problems, and what stands in the file by column where a
        suggestion was taken.
        """
        cells, problems, corrected = {}, [], {}
        parsers, references = cell_parsers(table), reference_columns(table)
        for column, text in zip(columns, texts, strict=True):
            if text == LEFT_OUT and column in table.columns:
                # Filled in by what the record has (fill_in).
                cells[column] = text
                continue
            try:
                cell = cells[column] = parsers[column](text)
                if column not in references or cell == cell.lower():
                    continue
                found = self.title_problems(table, column, cell)
            except ValidationError as error:
                found = self.problems_of(table, column, text, error)
            if not found:
                continue
            certain = found[0].suggestion if found[0].is_certain else ""
            self.certain_count += bool(certain)
            if certain and self.takes_suggestions:
                cells[column], corrected[column] = parsers[column](certain), text[:1_000]
                continue
            problems += found
            cells[column] = ""
        wrong = {problem.column for problem in problems}
        for name in table.key:
            if not cells.get(name) and name not in wrong:
                problems.append(CellProblem(name, "", f"Every row needs its {name}. Write it."))
        return cells, problems, corrected

    def problems_of(
        self, table: Table, column: str, text: str, error: ValidationError
    ) -> list[CellProblem]:
        """Return the problems of a cell that is not valid."""
        hint = getattr(error, "suggestion", "")
        is_certain = getattr(error, "is_certain", False)
        if not hint and column in reference_columns(table):
            hint = self.slugs_of_titles(table, column, text)
            is_certain = bool(hint)
        elif not hint and column in {"slug", NEW_SLUG} and len(text) <= SHORT_CELL_CHARACTERS:
            hint = slugify(text)[:100]
        return [
            CellProblem(column, text, message, hint, is_certain=is_certain)
            for message in error.messages
        ]

    def title_problems(self, table: Table, column: str, cell: str) -> list[CellProblem]:
        """Return the problem of a cell that names a row by its title, which looks like a slug."""
        if not (hint := self.slugs_of_titles(table, column, cell)):
            return []
        text = f"“{cell[:60]}” is a title. Write the slug in its place."
        return [CellProblem(column, cell, text, hint, is_certain=True)]

    def slugs_of_titles(self, table: Table, column: str, text: str) -> str:
        """Return the slugs of rows that a cell names by their titles, or nothing."""
        if model := table.foreign_keys.get(column):
            return self.slug_of_title(model, text.strip())
        model = table.many_to_many[column]
        parts = [part.strip() for part in SEPARATORS.split(text) if part.strip()]
        if all(map(SLUG.fullmatch, parts)):
            return ""
        found = [
            part if SLUG.fullmatch(part) else self.slug_of_title(model, part) for part in parts
        ]
        return SEPARATOR.join(dict.fromkeys(found)) if found and all(found) else ""

    def slug_of_title(self, model: Any, title: str) -> str:
        """Return the slug of the only row of a model with a title, or nothing."""
        asked = (model, title)
        if asked not in self.slugs and len(self.slugs) < MOST_TITLES:
            names = {each.name for each in model._meta.get_fields()}
            column = next((name for name in TITLE_COLUMNS if name in names), "slug")
            rows = model._default_manager.filter(**{f"{column}__iexact": title})
            found = list(rows.values_list("slug", flat=True)[:2])
            self.slugs[asked] = found[0] if len(found) == 1 else ""
        return self.slugs.get(asked, "")
