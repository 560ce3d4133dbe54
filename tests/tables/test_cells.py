"""Cells of every column: read strictly, written in one form, and refused with what to do."""

import re
import unicodedata
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django_countries import countries
from hypothesis import given, settings
from hypothesis import strategies as some

from meetings.models.fields import FORBIDDEN_CHARACTER
from meetings.tables import cells
from meetings.tables.registry import BY_NAME, TABLES
from meetings.tables.resources import column_widget

SLUG = some.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,3}", fullmatch=True)
LINE = some.text(some.characters(codec="utf-8"), max_size=30).filter(
    lambda text: not FORBIDDEN_CHARACTER.search(text)
)
ZONES = some.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = some.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=ZONES)
# The values that a column of each kind may have.
VALUES = {
    cells.IntegerWidget: some.none() | some.integers(0, 2_147_483_647),
    cells.CoordinateWidget: some.none() | some.decimals(-180, 180, places=6),
    cells.BooleanWidget: some.booleans(),
    cells.DateWidget: some.none() | some.dates(),
    cells.DateTimeWidget: some.none() | MOMENTS,
    cells.CountryWidget: some.sampled_from(["", "XK", "EU", *countries.countries]),
}
KINDS = {
    type(column_widget(table, name)): (table, name) for table in TABLES for name in table.columns
}
COLUMNS = [(table.name, name) for table in TABLES for name in table.columns]
often = settings(max_examples=100, derandomize=True, deadline=None, database=None)
SAYS_WHAT_TO_DO = re.compile(r"\b(Enter|Use|Remove|Shorten|Name|Choose)\b")


def widget(table: str, column: str):
    return column_widget(BY_NAME[table], column)


def read(table: str, column: str, text: str) -> tuple[str, list[str]]:
    """Return the cell that a text becomes, and what is said if it becomes none."""
    try:
        return widget(table, column).canonical(text), []
    except ValidationError as error:
        return "", error.messages


def refusal(table: str, column: str, text: str) -> tuple[str, str]:
    """Return what is said of a text that a column cannot hold, and the nearest that it can."""
    with pytest.raises(ValidationError) as caught:
        widget(table, column).canonical(text)
    return " ".join(caught.value.messages), getattr(caught.value, "suggestion", "")


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
@often
@given(data=some.data())
def test_value_written_is_read_as_the_same(kind, data):
    found = widget(KINDS[kind][0].name, KINDS[kind][1])
    value = data.draw(VALUES[kind])

    cell = found.render(value)

    assert found.canonical(cell) == cell
    assert found.value(cell) == found.clean(cell) == value


@often
@given(text=LINE)
def test_text_is_stored_as_the_models_store_it(text):
    found = widget("reactions", "summary")

    cell = found.canonical(text)

    assert cell == BY_NAME["reactions"].field("summary").to_python(text)
    assert found.canonical(cell) == cell
    assert cell == unicodedata.normalize("NFC", cell).strip()
    assert "\r" not in cell


@often
@given(slugs=some.lists(SLUG, max_size=5, unique=True), gap=some.sampled_from(["|", " | ", "||"]))
def test_slugs_are_written_in_order_and_once(slugs, gap):
    found = widget("reactions", "issues")

    cell = found.canonical(gap.join(slugs))

    assert cell == "|".join(sorted(slugs))
    assert found.canonical(cell) == cell
    assert found.value(cell) == sorted(slugs)


@pytest.mark.parametrize(("table", "column"), COLUMNS)
@settings(often, max_examples=20)
@given(text=some.text(max_size=40) | SLUG | some.dates().map(str))
def test_any_text_is_read_for_good_or_refused_with_what_to_do(table, column, text):
    cell, messages = read(table, column, text)

    assert all(SAYS_WHAT_TO_DO.search(message) for message in messages)
    assert messages or read(table, column, cell) == (cell, [])


@pytest.mark.parametrize(
    ("table", "column", "text", "suggestion"),
    [
        ("places", "country", "UK", "GB"),
        ("places", "country", "uk", "GB"),
        ("places", "country", "fi", "FI"),
        ("places", "country", "Finland", "FI"),
        ("reactions", "stance", "Critical", "critical"),
        ("reactions", "stance", "suportive", "supportive"),
        ("meetings", "format", "pull-aside", "pull_aside"),
        ("sources", "checked", "yes", "true"),
        ("sources", "checked", "flase", "false"),
        ("meetings", "starts_on", "16 July 2018", "2018-07-16"),
        ("meetings", "starts_on", "2018-7-6", "2018-07-06"),
        ("meetings", "starts_on", "01/02/2018", ""),
        ("reactions", "stance", "x" * 1_000_000, ""),
    ],
)
def test_nearest_right_value_is_suggested(table, column, text, suggestion):
    assert refusal(table, column, text)[1] == suggestion


@pytest.mark.parametrize("char", ["\0", "\x07", "\x7f", "\x85", "\ufdd0", "\uffff", "\ud83d"])
def test_characters_that_no_text_holds_are_named_with_their_place(char):
    message, _ = refusal("reactions", "attribution", f"Sen{char}ator")

    assert message == f"Remove the character U+{ord(char):04X} at position 4."


@pytest.mark.parametrize("text", ["a\u200bb", "\u200bab", "ab\u2060", "a\u00adb", "\ufeffab"])
def test_invisible_characters_are_refused_in_slugs_and_kept_in_text(text):
    assert "small letters" in refusal("places", "slug", text)[0]
    assert widget("places", "venue").canonical(text) == text


@pytest.mark.parametrize("text", ["\u200b", " \u2060\u200d ", "\u00a0", "\ufeff"])
def test_invisible_characters_alone_are_no_text(text):
    assert widget("reactions", "attribution").canonical(text) == ""


def test_coordinates_have_no_zeros_after_them():
    found = widget("places", "latitude")

    assert found.render(Decimal("60.170000")) == "60.17"
    assert found.render(Decimal("100.000000")) == "100"
    assert found.canonical("-0.0") == "0"
