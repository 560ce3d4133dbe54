"""Field descriptors of Table Schema (Data Package 2.0): type, format, constraints, description."""

from typing import Any

from django.core.validators import RegexValidator
from django.db.models import CheckConstraint, Field
from django.db.models.lookups import Regex

from ...models.fields import SLUG_PATTERN, validate_address
from ...tables.cells import MAX_CELL_CHARACTERS, MAX_INTEGER, SEPARATOR
from ...tables.registry import TABLES_BY_MODEL, Table
from .. import codebook

SLUG_CONSTRAINTS = {"pattern": SLUG_PATTERN.strip("^$"), "maxLength": 100}
TYPES: dict[str, dict[str, Any]] = {
    "DateField": {"type": "date", "format": "default"},
    "DateTimeField": {"type": "datetime", "format": "default"},
    "DecimalField": {"type": "number", "decimalChar": ".", "bareNumber": True},
    "PositiveIntegerField": {"type": "integer", "bareNumber": True},
}
TEXT: dict[str, Any] = {"type": "string", "format": "default"}
# Minimum and maximum of the columns of numbers.
BOUNDS = {
    "latitude": (-90, 90),
    "longitude": (-180, 180),
    "duration_minutes": (1, MAX_INTEGER),
    "order": (0, MAX_INTEGER),
}


def field_descriptor(table: Table, name: str, *, published: bool) -> dict[str, Any]:
    """Return the field descriptor of one column."""
    column = table.field(name)
    kind = field_type(table, name)
    found = {"name": name, "title": title(column), **kind, "description": description(table, name)}
    if constraints := constraints_of(table, name, published=published):
        found["constraints"] = constraints
    if name in table.many_to_many:
        # A foreign key has one value in a cell. Of several, this names the rows, as a key would.
        found["references"] = {
            "resource": TABLES_BY_MODEL[table.many_to_many[name]].name,
            "fields": ["slug"],
        }
    return found


def title(column: Field) -> str:
    text = str(column.verbose_name)
    return text[:1].upper() + text[1:]


def description(table: Table, name: str) -> str:
    """Return the codebook's definitions of a column and of its empty cells."""
    meaning = codebook.column_meaning(table, name)
    return f"{meaning.definition} Empty: {meaning.empty}" if meaning.empty else meaning.definition


def field_type(table: Table, name: str) -> dict[str, Any]:
    """Return a column's type and format."""
    if name in table.many_to_many:
        return {"type": "list", "delimiter": SEPARATOR, "itemType": "string"}
    if name in table.foreign_keys:
        return TEXT
    values = codebook.column_meaning(table, name).values
    kind = TYPES.get(table.field(name).get_internal_type(), TEXT)
    if not values:
        return kind
    return {**kind, "categories": [{"value": value, "label": label} for value, label in values]}


def constraints_of(table: Table, name: str, *, published: bool) -> dict[str, Any]:
    """Return the constraints that every cell of a column meets, or those of the public rows."""
    column: Any = table.field(name)
    found: dict[str, Any] = {}
    if is_never_empty(table, name, published=published):
        found["required"] = True
    if (name,) == table.key:
        found["unique"] = True
    if name in table.many_to_many:
        return found
    if name in table.foreign_keys:
        return found | SLUG_CONSTRAINTS
    if values := codebook.column_meaning(table, name).values:
        return found | {"enum": [value for value, _ in values]}
    kind = TYPES.get(column.get_internal_type(), TEXT)["type"]
    if kind == "string":
        found |= {"maxLength": column.max_length or MAX_CELL_CHARACTERS}
    if pattern := pattern_of(table, name):
        found["pattern"] = pattern
    if name in BOUNDS:
        found["minimum"], found["maximum"] = BOUNDS[name]
    return found


def is_never_empty(table: Table, name: str, *, published: bool) -> bool:
    """Return whether a column has no empty cell: it is required, or has a default."""
    if not published and name in getattr(table.model, "PUBLIC_COLUMNS", ()):
        return False
    column: Any = table.field(name)
    has_own = column.has_default() and not column.blank
    return has_own or codebook.column_meaning(table, name).is_required


def pattern_of(table: Table, name: str) -> str:
    """Return the regular expression that a column's cells match as a whole; empty for none."""
    for constraint in table.model._meta.constraints:
        condition = constraint.condition if isinstance(constraint, CheckConstraint) else None
        if isinstance(condition, Regex) and constraint.name.endswith(f"_{name}_is_well_formed"):
            return str(condition.rhs).removeprefix("^").removesuffix("$")
    column: Any = table.field(name)
    for validator in column.validators:
        if validator is validate_address:
            return r"https?://\S+"
        if isinstance(validator, RegexValidator):
            regex: Any = validator.regex
            return regex.pattern.removeprefix("^").removesuffix("$")
    return ""
