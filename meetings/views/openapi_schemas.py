"""Schemas of the rows of data (JSON Schema 2020-12), from the registry and the codebook."""

from typing import Any

from ..exporting import codebook
from ..exporting.downloads import COUNTS
from ..exporting.package.fields import description as column_description
from ..exporting.package.fields import is_never_empty
from ..models.evidence import STATEMENT_COLUMNS
from ..models.fields import SLUG_PATTERN
from ..tables.registry import ADDED_COLUMNS, TABLES, Table
from .accounts import LINE_COLUMNS

Json = dict[str, Any]
TYPES: dict[str, Json] = {
    "DateField": {"type": "string", "format": "date"},
    "DateTimeField": {"type": "string", "format": "date-time"},
    "DecimalField": {"type": "number"},
    "PositiveIntegerField": {"type": "integer", "minimum": 0},
}
TEXT: Json = {"type": "string"}
ADDED: Json = dict(
    zip(
        ADDED_COLUMNS,
        (
            {"type": "string", "format": "uri", "description": "The page of the row."},
            {"type": ["integer", "null"], "description": "The number of its newest revision."},
            {"type": ["string", "null"], "format": "date-time", "description": "Its last change."},
        ),
        strict=True,
    )
)
NUMBERS = ("revision",)


def schemas() -> Json:
    """Return the schemas by name: of a table's row, of it as a part, in a list, and alone."""
    found: Json = {}
    for table in TABLES:
        columns = {name: column_schema(table, name) for name in table.columns}
        found[table.name] = closed(columns)
        evidence = (
            {"evidence": {"type": ["string", "null"]}} if table.model in STATEMENT_COLUMNS else {}
        )
        if table.owner:
            found[f"{table.name}_part"] = closed(columns | evidence)
            continue
        parts = {
            part.name: {
                "type": "array",
                "items": {"$ref": f"#/components/schemas/{part.name}_part"},
            }
            for part in table.parts
        }
        counts = {name: {"type": "integer", "minimum": 0} for name in COUNTS.get(table.name, {})}
        entry = columns | parts | evidence | ({"counts": closed(counts)} if counts else {}) | ADDED
        found[f"{table.name}_entry"] = closed(entry)
        found[f"{table.name}_one"] = closed(entry | {"names": {"type": "object"}})
    lines = {
        name: {"type": ["integer" if name in NUMBERS else "string", "null"]}
        for name in LINE_COLUMNS
    }
    return found | {
        "accounts_compared": closed(lines),
        "row": {"type": "object"},
        "left": left_schema(),
        **release_schemas(),
        "error": {
            "type": "object",
            "properties": {"error": TEXT},
            "required": ["error"],
        },
    }


def column_schema(table: Table, name: str) -> Json:
    """Return the schema of a column's values."""
    words = {"description": column_description(table, name)}
    if name in table.many_to_many:
        return {"type": "array", "items": {"type": "string", "pattern": SLUG_PATTERN}} | words
    found = TYPES.get(table.field(name).get_internal_type(), TEXT)
    if name in table.foreign_keys:
        found = {"type": "string", "pattern": SLUG_PATTERN}
    elif codes := [value for value, _ in codebook.column_meaning(table, name).values]:
        found = {"enum": codes}
    if name in table.key or is_never_empty(table, name, published=True):
        return found | words
    if "enum" in found:
        return {"enum": [*found["enum"], None]} | words
    return found | {"type": [found["type"], "null"]} | words


def closed(properties: Json) -> Json:
    """Return the schema of an object that has all of these properties, and no other."""
    return {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


def release_schemas() -> Json:
    """Return the schemas of a release: in the list, alone, and of one that was withdrawn."""
    day: Json = {"type": "string", "format": "date"}
    address: Json = {"type": "string", "format": "uri"}
    number: Json = {"type": "integer", "minimum": 0}
    named = {"version": TEXT, "address": address, "made_on": day}
    file = {"digest": TEXT, "zip": address, "size": number, "sha256": TEXT}
    stands = named | {"note": TEXT, "rows": number} | file
    counts = dict.fromkeys(("added", "changed", "removed"), number)
    optional = {"type": ["string", "null"]}
    ended = {"kind": TEXT, "slug": TEXT, "address": address, "what": TEXT}
    ended |= {"title": optional, "ended_on": optional, "reason": optional}
    more = {
        "changes": {"type": "object", "additionalProperties": closed(counts)},
        "ended_since": {"type": "array", "items": closed(ended)},
    }
    gone = closed(named | {"withdrawn_on": day, "reason": TEXT})
    return {
        "release": {"anyOf": [closed(stands), gone]},
        "release_one": closed(stands | more),
        "release_gone": gone,
    }


def left_schema() -> Json:
    """Return the schema of what left a list."""
    optional = {"type": ["string", "null"]}
    return closed(
        {
            "slug": TEXT,
            "address": TEXT,
            "what": {"enum": ["withdrawn", "taken back", "renamed", "merged", "unused", "purged"]},
            "changed": optional,
            "title": optional,
            "reason": optional,
            "to": optional,
        }
    )
