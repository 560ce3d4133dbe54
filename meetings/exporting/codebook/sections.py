"""The sections of the codebook, one for each table, from its columns and their fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...editing import redirects
from ...models import Redirect
from ...models.fields import ProseField, SlugField, TextField, validate_address, validate_language
from ...tables.registry import BY_MODEL, TABLES, Table
from ...tables.resources import RESOURCES
from ..downloads import public
from .descriptions import COLUMNS, EMPTY, ROWS, VALUES

SEEN = 20  # Rows that examples are taken from.
SHOWN = 120  # Characters of an example.
# By the kind of field: what its cells hold, and a cell to show where the record has none.
TYPES = {
    "BooleanField": ("true or false", "true"),
    "DateField": ("date, as YYYY-MM-DD", "2018-07-16"),
    "DateTimeField": ("time in UTC, as YYYY-MM-DDTHH:MM:SSZ", "2018-07-16T09:00:00Z"),
    "DecimalField": ("decimal number", "60.1699"),
    "PositiveIntegerField": ("whole number", "10"),
}
COUNTRY = ("country, a code of ISO 3166-1 alpha-2, or XK or EU", "FI")
LANGUAGE = ("language, a tag of BCP 47", "en")
ADDRESS = ("address on the web", "https://press.example/1")


@dataclass(frozen=True)
class Meaning:
    """What a column, its values and an empty cell of it mean, whatever the rows are."""

    definition: str
    values: tuple[tuple[str, str], ...]
    empty: str
    is_required: bool


@dataclass(frozen=True)
class Column:
    """One column: what its cells hold and mean."""

    name: str
    type: str
    definition: str
    values: tuple[tuple[str, str], ...]
    example: str
    empty: str
    is_key: bool
    is_required: bool

    def summary(self) -> dict[str, Any]:
        """Return the column as values; ``empty`` is None where no cell is."""
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
        """The table of the entries that the rows are parts of, if they are."""
        return BY_MODEL[self.table.foreign_keys[self.table.owner]].name if self.table.owner else ""

    def summary(self) -> dict[str, Any]:
        return {
            "table": self.table.name,
            "definition": self.definition,
            "key": list(self.table.key),
            "part_of": self.owner or None,
            "columns": [column.summary() for column in self.columns],
        }


def sections() -> list[Section]:
    """Return the sections of all tables, with examples from the public rows; a query a table."""
    seen = {table.name: cells_seen(table) for table in TABLES}
    return [
        Section(table, ROWS[table.name], tuple(column(table, n, seen) for n in table.columns))
        for table in TABLES
    ]


def column(table: Table, name: str, seen: dict[str, dict[str, str]]) -> Column:
    words, spare = type_of(table, name)
    found = meaning(table, name)
    choices = [value for value, _ in found.values]
    return Column(
        name=name,
        type=words,
        definition=found.definition,
        values=found.values,
        example=example(table, name, seen) or (choices or [spare])[0],
        empty=found.empty,
        is_key=name in table.key,
        is_required=found.is_required,
    )


def meaning(table: Table, name: str) -> Meaning:
    """Return what is said of a column whatever the rows are."""
    field: Any = table.field(name)
    otherwise = "None, or none that is public." if field.many_to_many else "Nothing is recorded."
    # What a country of 250 may be is said by its type.
    choices = [] if hasattr(field, "countries") else [value for value, _ in field.flatchoices]
    return Meaning(
        definition=find(COLUMNS, table, name, ""),
        values=tuple((value, find(VALUES, table, name, {})[value]) for value in choices),
        empty=find(EMPTY, table, name, otherwise) if field.blank else "",
        is_required=name in table.key or not (field.blank or field.has_default()),
    )


def find(words: Mapping[str, Any], table: Table, name: str, otherwise: Any) -> Any:
    """Return the words on a column: the table's own before those that all tables share."""
    return words.get(f"{table.name}.{name}", words.get(name, otherwise))


def type_of(table: Table, name: str) -> tuple[str, str]:
    """Return what a column's cells hold, in words, and a cell to show if there is no other."""
    field: Any = table.field(name)
    if name in table.many_to_many:
        return f"slugs of {BY_MODEL[table.many_to_many[name]].name}, with | between them", ""
    if name in table.foreign_keys:
        return f"slug of {BY_MODEL[table.foreign_keys[name]].name}", ""
    if isinstance(field, SlugField):
        return "slug: small letters, digits and single hyphens", ""
    if field.flatchoices and not hasattr(field, "countries"):
        return "one of the values listed", ""
    if hasattr(field, "countries"):
        return COUNTRY
    for validator, words in ((validate_language, LANGUAGE), (validate_address, ADDRESS)):
        if validator in field.validators:
            return words
    if isinstance(field, TextField):
        return "Markdown with citations" if isinstance(field, ProseField) else "text", ""
    kind = field.get_internal_type()
    return TYPES.get(kind, (f"line of text, at most {field.max_length} characters", ""))


def cells_seen(table: Table) -> dict[str, str]:
    """Return for each column of a table's own the shortest cell of some public rows."""
    rows = list(public(table).order_by("pk")[:SEEN])
    if table.model is Redirect:
        known = redirects.visible_paths(row.new_path for row in rows)
        rows = [row for row in rows if row.new_path in known]
    fields = RESOURCES[table.name].fields
    own = [c for c in table.columns if c not in table.foreign_keys and c not in table.many_to_many]
    cells = {name: [fields[name].export(row) for row in rows] for name in own}
    return {name: min(filter(None, found), key=len, default="") for name, found in cells.items()}


def example(table: Table, name: str, seen: dict[str, dict[str, str]]) -> str:
    """Return a cell of the column; a column of slugs shows that of the row's own table."""
    named = table.foreign_keys | table.many_to_many
    cell = seen[BY_MODEL[named[name]].name]["slug"] if name in named else seen[table.name][name]
    return cell if len(cell) <= SHOWN else f"{cell[: SHOWN - 1].rstrip()}…"
