"""The record's files in the hands of pandas, DuckDB and sqlite3: columns of the codebook's types.

DuckDB reads the CSV alone: for workbooks and databases of SQLite it downloads extensions, and no
test asks another server for anything.
"""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from zipfile import ZipFile

import duckdb
import pandas as pd
import pytest
from django.test import Client
from pandas.api import types

from tests import factories as make
from tests.content import record as record

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
# A country's code is NA, which pandas takes for nothing unless it is told.
EMPTY = {"keep_default_na": False, "na_values": [""], "dtype_backend": "numpy_nullable"}
# Without extensions: those that DuckDB lacks it would download.
OFFLINE = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
KINDS_OF_DUCKDB = {
    "BIGINT": "integer",
    "DOUBLE": "number",
    "DATE": "date",
    "TIMESTAMP WITH TIME ZONE": "datetime",
    "VARCHAR": "string",
}
KINDS_OF_SQLITE = {"integer": "integer", "real": "number", "text": "string"}
# What a file has no type for is text: of SQLite dates and times, of a workbook times with a zone.
TEXTS = {
    "csv": {"list"},
    "xlsx": {"list", "datetime"},
    "sqlite": {"list", "date", "datetime"},
}


@pytest.fixture(scope="module")
def folder(record, tmp_path_factory):
    """The files of the record as they are downloaded, and in ``zip`` those of the package."""
    make.make_meeting(
        title="1985",
        place=make.make_place(country="NA"),
        publish_at=datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC),
        sources=[make.make_source(accessed="2026-01-31")],
    )
    path, client = tmp_path_factory.mktemp("files"), Client()

    def take(name):
        (path / name).write_bytes(client.get(f"/data/{name}").getvalue())

    for ending in ("zip", "xlsx", "sqlite"):
        take(f"record.{ending}")
    ZipFile(path / "record.zip").extractall(path / "zip")
    for table in tables(path):
        take(f"{table}.csv")
    return path


def tables(folder):
    """Return the type of each column of each table, as the package describes it."""
    found = json.loads((folder / "zip" / "datapackage.json").read_text())["resources"]
    return {
        table["name"]: {field["name"]: field["type"] for field in table["schema"]["fields"]}
        for table in found
    }


def kind_of_series(column):
    """Return the type of a column of pandas as the package names types."""
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return "datetime"
    kinds = {
        "integer": types.is_integer_dtype,
        "number": types.is_float_dtype,
        "date": types.is_datetime64_dtype,
        "string": types.is_string_dtype,
    }
    return next((name for name, holds in kinds.items() if holds(column)), str(column.dtype))


def kinds_of_frame(frame):
    filled = frame.dropna(axis="columns", how="all")
    return len(frame), {name: kind_of_series(column) for name, column in filled.items()}


def pandas_csv(path, table, columns):
    dates = [name for name, kind in columns.items() if kind in {"date", "datetime"}]
    return kinds_of_frame(pd.read_csv(path / f"{table}.csv", parse_dates=dates, **EMPTY))


@cache
def workbook(path):
    return pd.read_excel(path / "record.xlsx", sheet_name=None, **EMPTY)


def pandas_xlsx(path, table, columns):
    return kinds_of_frame(workbook(path)[table])


def pandas_sqlite(path, table, columns):
    with closing(sqlite3.connect(path / "record.sqlite")) as database:
        query = f'SELECT * FROM "{table}"'
        return kinds_of_frame(pd.read_sql_query(query, database, dtype_backend="numpy_nullable"))


def duckdb_csv(path, table, columns):
    with duckdb.connect(config=OFFLINE) as database:
        database.execute(f"CREATE TABLE found AS FROM read_csv('{path / table}.csv', header=true)")
        kinds = dict(
            database.execute("SELECT name, type FROM pragma_table_info('found')").fetchall()
        )
        counts = ", ".join(f'count("{name}")' for name in kinds)
        ((number, *filled),) = database.execute(f"SELECT count(*), {counts} FROM found").fetchall()
    named = zip(kinds.items(), filled, strict=True)
    return number, {name: KINDS_OF_DUCKDB[kind] for (name, kind), count in named if count}


def sqlite3_sqlite(path, table, columns):
    with closing(sqlite3.connect(path / "record.sqlite")) as database:
        (number,) = database.execute(f'SELECT count(*) FROM "{table}"').fetchone()
        kinds = {}
        for name in columns:
            query = f'SELECT DISTINCT typeof("{name}") FROM "{table}" WHERE "{name}" IS NOT NULL'
            for (kind,) in database.execute(query):
                assert kinds.setdefault(name, KINDS_OF_SQLITE[kind]) == KINDS_OF_SQLITE[kind]
        return number, kinds


@pytest.mark.parametrize(
    ("read", "ending", "inside"),
    [
        pytest.param(pandas_csv, "csv", "zip", id="pandas, the package"),
        pytest.param(pandas_csv, "csv", "", id="pandas, CSV"),
        pytest.param(pandas_xlsx, "xlsx", "", id="pandas, the workbook"),
        pytest.param(pandas_sqlite, "sqlite", "", id="pandas, the database"),
        pytest.param(duckdb_csv, "csv", "zip", id="DuckDB, the package"),
        pytest.param(duckdb_csv, "csv", "", id="DuckDB, CSV"),
        pytest.param(sqlite3_sqlite, "sqlite", "", id="sqlite3, the database"),
    ],
)
def test_columns_have_the_types_of_the_codebook(folder, read, ending, inside):
    filled = set()
    for table, columns in tables(folder).items():
        number, kinds = read(folder / inside, table, columns)
        asked = {n: "string" if k in TEXTS[ending] else k for n, k in columns.items()}

        assert kinds == {name: asked[name] for name in kinds}, table
        assert number == row_count(folder, table)
        filled |= {columns[name] for name in kinds}
    assert filled == {"string", "list", "integer", "number", "date", "datetime"}


def row_count(folder, table):
    return Client().get(f"/data/{table}.json").json()["count"]


def test_codes_that_programs_take_for_nothing_are_kept(folder):
    read = pd.read_csv(folder / "places.csv", **EMPTY)

    assert "NA" in set(read["country"])
