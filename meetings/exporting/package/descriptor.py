"""``datapackage.json``: what the files of the record are, as Data Package 2.0 has it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.text import slugify

from ...tables.registry import TABLES_BY_MODEL, Table
from .. import codebook
from .fields import field_descriptor

DESCRIPTOR_NAME = "datapackage.json"
PROFILES = "https://datapackage.org/profiles/2.0"
# Version of the tables and their columns, raised by the rules of Semantic Versioning.
FORMAT_VERSION = "2.0.0"
DIALECT = {
    "$schema": f"{PROFILES}/tabledialect.json",
    "header": True,
    "delimiter": ",",
    "lineTerminator": "\r\n",
    "quoteChar": '"',
    "doubleQuote": True,
    "skipInitialSpace": False,
}


@dataclass(frozen=True)
class PackageFile:
    """The written file of one table, with its size in bytes, its SHA-256 and its rows."""

    table: Table
    size: int
    sha256: str
    rows: int

    @property
    def path(self) -> str:
        return f"{self.table.name}.csv"


def descriptor_json(files: Sequence[PackageFile], *, published: bool) -> bytes:
    """Return the descriptor of files as the bytes of ``datapackage.json``."""
    content = descriptor(files, published=published)
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def descriptor(files: Sequence[PackageFile], *, published: bool) -> dict[str, Any]:
    """Return the descriptor of files as a dict."""
    licence, tables = settings.CONTENT_LICENCE, [file.table for file in files]
    return {
        "$schema": f"{PROFILES}/datapackage.json",
        "name": slugify(settings.SITE_NAME) or "record",
        "title": settings.SITE_NAME,
        "description": description(published),
        "homepage": settings.SITE_URL + reverse("data"),
        "version": version(files),
        "licenses": [{"name": licence, "path": f"https://spdx.org/licenses/{licence}.html"}],
        "resources": [table_resource(file, tables, published=published) for file in files],
    }


def description(published: bool) -> str:
    rows = "The public rows" if published else "All rows, drafts among them,"
    return (
        f"{rows} of the record, a file for each table. Rows name each other by slug; several"
        " slugs in a cell have | between them, and such a column says under “references” which"
        " rows they name. Cells are raw: a spreadsheet may take some for formulas."
    )


def version(files: Sequence[PackageFile]) -> str:
    """Return the version of the format with a digest of the rows.

    The same rows have the same version on every site, and other rows have another.
    """
    return f"{FORMAT_VERSION}+{record_digest(files)[:12]}"


def record_digest(files: Sequence[PackageFile]) -> str:
    """Return the SHA-256 of the names and digests of files, in hexadecimal."""
    listed = "".join(f"{file.path} {file.sha256}\n" for file in files)
    return sha256(listed.encode()).hexdigest()


def table_resource(
    file: PackageFile, tables: Sequence[Table], *, published: bool
) -> dict[str, Any]:
    """Return the descriptor of one file, in a package of the files of ``tables``."""
    table = file.table
    return {
        "$schema": f"{PROFILES}/dataresource.json",
        "name": table.name,
        "type": "table",
        "path": file.path,
        "title": table_title(table),
        "description": codebook.ROW_DESCRIPTIONS[table.name],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "dialect": DIALECT,
        "schema": schema(table, tables, published=published),
    }


def table_title(table: Table) -> str:
    text = str(table.model._meta.verbose_name_plural)
    return text[:1].upper() + text[1:]


def schema(table: Table, tables: Sequence[Table], *, published: bool) -> dict[str, Any]:
    """Return the Table Schema: columns, key, and foreign keys to those of ``tables``."""
    keys = [
        {
            "fields": [column],
            "reference": {"resource": TABLES_BY_MODEL[model].name, "fields": ["slug"]},
        }
        for column, model in table.foreign_keys.items()
        if TABLES_BY_MODEL[model] in tables
    ]
    found = {
        "$schema": f"{PROFILES}/tableschema.json",
        "fields": [field_descriptor(table, name, published=published) for name in table.columns],
        "fieldsMatch": "exact",
        "missingValues": [""],
        "primaryKey": list(table.key),
    }
    return found | ({"foreignKeys": keys} if keys else {})
