"""The columns that lists add to their rows, brought back with them: they are not read."""

import pytest
from openpyxl import Workbook

from meetings.models import Place
from meetings.tables.registry import ADDED_COLUMNS, TABLES

from .helpers import import_file, problem_texts, write

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
ADDED = {"address": "https://x.example/places/oulu/", "revision": "soon", "changed": "=1+1"}


@pytest.mark.parametrize("columns", [("slug", "city", *ADDED), (*ADDED, "slug", "city")])
def test_added_columns_are_accepted_and_not_read(tmp_path, columns):
    row = {"slug": "oulu", "city": "Oulu"} | ADDED

    outcome = import_file(write(tmp_path, "places", row, columns=columns))

    assert problem_texts(outcome) == []
    assert Place.objects.get(slug="oulu").city == "Oulu"


def test_a_formula_in_an_added_column_of_a_workbook_is_not_read_either(tmp_path):
    book = Workbook()
    book.active.append(["slug", "city", *ADDED])
    book.active.append(["oulu", "Oulu", *ADDED.values()])
    book.save(tmp_path / "places.xlsx")

    outcome = import_file(tmp_path / "places.xlsx")

    assert problem_texts(outcome) == []
    assert Place.objects.get(slug="oulu").city == "Oulu"


def test_no_table_has_a_column_of_their_name():
    assert [t.name for t in TABLES if set(ADDED_COLUMNS) & set(t.columns)] == []
