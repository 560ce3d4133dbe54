"""The sections of the codebook, one for each table, from its columns and their fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...editing import redirects
from ...models import Redirect
from ...models.fields import ProseField, SlugField, TextField, validate_address, validate_language
from ...tables.registry import TABLES, TABLES_BY_MODEL, Table
from ...tables.resources import RESOURCES
from ..downloads import public_rows
from .descriptions import (
    COLUMN_DESCRIPTIONS,
    EMPTY_CELL_DESCRIPTIONS,
    ROW_DESCRIPTIONS,
    VALUE_DESCRIPTIONS,
)

EXAMPLE_ROWS = 20
LONGEST_EXAMPLE_CHARACTERS = 120
# By kind of field: what its cells hold, and an example where the record has none.
CELL_TYPES = {
    "DateField": ("date, as YYYY-MM-DD", "2018-07-16"),
    "DateTimeField": ("time in UTC, as YYYY-MM-DDTHH:MM:SSZ", "2018-07-16T09:00:00Z"),
    "DecimalField": ("decimal number", "60.1699"),
    "PositiveIntegerField": ("whole number", "10"),
}
COUNTRY_TYPE = ("country, a code of ISO 3166-1 alpha-2, or XK or EU", "FI")
LANGUAGE_TYPE = ("language, a tag of BCP 47", "en")
ADDRESS_TYPE = ("address on the web", "https://press.example/1")


@dataclass(frozen=True)
class Meaning:
    """The definitions of a column, of its values and of an empty cell of it."""

    definition: str
    values: tuple[tuple[str, str], ...]
    empty: str
    is_required: bool


@dataclass(frozen=True)
class Column:
    """One column as the codebook shows it."""

    name: str
    type: str
    definition: str
    values: tuple[tuple[str, str], ...]
    example: str
    empty: str
    is_key: bool
    is_required: bool

    def as_dict(self) -> dict[str, Any]:
        """Return the column for JSON; ``empty`` is None where no cell may be empty."""
        return {
            "name": self.name,
            "type": self.type,
            "definition": self.definition,
            "values": [{"value": v, "definition": d} for v, d in self.values],
            "example": self.example or None,
            "empty": self.empty or None,
            "key": self.is_key,
            "required": self.is_required,
        }


@dataclass(frozen=True)
class Section:
    """One table: what its rows are, and its columns in their order."""

    table: Table
    definition: str
    columns: tuple[Column, ...]

    @property
    def key(self) -> str:
        return " and ".join(self.table.key)

    @property
    def owner(self) -> str:
        """Name of the table of which the rows are parts; empty where they are not parts."""
        return (
            TABLES_BY_MODEL[self.table.foreign_keys[self.table.owner]].name
            if self.table.owner
            else ""
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "table": self.table.name,
            "definition": self.definition,
            "key": list(self.table.key),
            "part_of": self.owner or None,
            "columns": [column.as_dict() for column in self.columns],
        }


def sections() -> list[Section]:
    """Return the sections of all tables, with examples from the public rows; a query a table."""
    examples = {table.name: example_cells(table) for table in TABLES}
    return [
        Section(
            table,
            ROW_DESCRIPTIONS[table.name],
            tuple(describe_column(table, name, examples) for name in table.columns),
        )
        for table in TABLES
    ]


def describe_column(table: Table, name: str, examples: dict[str, dict[str, str]]) -> Column:
    type_name, default_example = cell_type(table, name)
    found = column_meaning(table, name)
    choices = [value for value, _ in found.values]
    return Column(
        name=name,
        type=type_name,
        definition=found.definition,
        values=found.values,
        example=example_cell(table, name, examples) or (choices or [default_example])[0],
        empty=found.empty,
        is_key=name in table.key,
        is_required=found.is_required,
    )


def column_meaning(table: Table, name: str) -> Meaning:
    """Return what a column means, which does not depend on the rows."""
    field: Any = table.field(name)
    default = "None, or none that is public." if field.many_to_many else "Nothing is recorded."
    # The 250 countries are not listed: the column's type says what its codes are.
    choices = [] if hasattr(field, "countries") else [value for value, _ in field.flatchoices]
    values = description_of(VALUE_DESCRIPTIONS, table, name, default={})
    empty = description_of(EMPTY_CELL_DESCRIPTIONS, table, name, default=default)
    in_public = getattr(table.model, "PUBLIC_COLUMNS", ())
    is_optional = (field.blank or field.has_default()) and name not in in_public
    return Meaning(
        definition=description_of(COLUMN_DESCRIPTIONS, table, name, default=""),
        values=tuple((value, values[value]) for value in choices),
        empty=empty if field.blank and name not in in_public else "",
        is_required=name in table.key or not is_optional,
    )


def description_of(
    descriptions: Mapping[str, Any], table: Table, name: str, *, default: Any
) -> Any:
    """Return the description of a column: the table's own before one shared by all tables."""
    return descriptions.get(f"{table.name}.{name}", descriptions.get(name, default))


def cell_type(table: Table, name: str) -> tuple[str, str]:
    """Return what a column's cells hold, in words, and an example for a record without one."""
    field: Any = table.field(name)
    if name in table.many_to_many:
        return f"slugs of {TABLES_BY_MODEL[table.many_to_many[name]].name}, with | between them", ""
    if name in table.foreign_keys:
        return f"slug of {TABLES_BY_MODEL[table.foreign_keys[name]].name}", ""
    if isinstance(field, SlugField):
        return "slug: small letters, digits and single hyphens", ""
    if field.flatchoices and not hasattr(field, "countries"):
        return "one of the values listed", ""
    if hasattr(field, "countries"):
        return COUNTRY_TYPE
    if validate_language in field.validators:
        return LANGUAGE_TYPE
    if validate_address in field.validators:
        return ADDRESS_TYPE
    if isinstance(field, TextField):
        return "Markdown with citations" if isinstance(field, ProseField) else "text", ""
    kind = field.get_internal_type()
    return CELL_TYPES.get(kind, (f"line of text, at most {field.max_length} characters", ""))


def example_cells(table: Table) -> dict[str, str]:
    """Return the shortest cell of each column, but for those of slugs, in some public rows."""
    rows = list(public_rows(table).order_by("pk")[:EXAMPLE_ROWS])
    if table.model is Redirect:
        known = redirects.visible_paths(row.new_path for row in rows)
        rows = [row for row in rows if row.new_path in known]
    fields = RESOURCES[table.name].fields
    own = [c for c in table.columns if c not in table.foreign_keys and c not in table.many_to_many]
    cells = {name: [fields[name].export(row) for row in rows] for name in own}
    return {name: min(filter(None, found), key=len, default="") for name, found in cells.items()}


def example_cell(table: Table, name: str, examples: dict[str, dict[str, str]]) -> str:
    """Return an example of a column, shortened; of a column of slugs one of their own table."""
    related = table.foreign_keys | table.many_to_many
    if name in related:
        cell = examples[TABLES_BY_MODEL[related[name]].name]["slug"]
    else:
        cell = examples[table.name][name]
    if len(cell) <= LONGEST_EXAMPLE_CHARACTERS:
        return cell
    return f"{cell[: LONGEST_EXAMPLE_CHARACTERS - 1].rstrip()}…"
