"""Cells of every column: parsed strictly, formatted in one way, refused with advice."""

import re
import unicodedata
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django_countries import countries
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.models.fields import FORBIDDEN_CHARACTER
from meetings.tables import cells
from meetings.tables.registry import TABLES, TABLES_BY_NAME
from meetings.tables.resources import column_widget

SLUGS = st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,3}", fullmatch=True)
LINES = st.text(st.characters(codec="utf-8"), max_size=30).filter(
    lambda text: not FORBIDDEN_CHARACTER.search(text)
)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
DATETIMES = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=ZONES)
# The values that the columns of each widget may have.
VALUES_BY_WIDGET = {
    cells.IntegerWidget: st.none() | st.integers(0, 2_147_483_647),
    cells.CoordinateWidget: st.none() | st.decimals(-180, 180, places=6),
    cells.DateWidget: st.none() | st.dates(),
    cells.DateTimeWidget: st.none() | DATETIMES,
    cells.CountryWidget: st.sampled_from(["", "XK", "EU", *countries.countries]),
}
COLUMN_BY_WIDGET = {
    type(column_widget(table, name)): (table, name) for table in TABLES for name in table.columns
}
COLUMNS = [(table.name, name) for table in TABLES for name in table.columns]
MANY_EXAMPLES = settings(max_examples=100, derandomize=True, deadline=None, database=None)
ADVICE = re.compile(r"\b(Enter|Use|Remove|Shorten|Name|Choose)\b")


def widget(table: str, column: str):
    return column_widget(TABLES_BY_NAME[table], column)


def read(table: str, column: str, text: str) -> tuple[str, list[str]]:
    """Return the canonical cell of a text, and the error messages."""
    try:
        return widget(table, column).canonical(text), []
    except ValidationError as error:
        return "", error.messages


def refusal(table: str, column: str, text: str) -> tuple[str, str]:
    """Return the error message for a text, and the suggestion."""
    with pytest.raises(ValidationError) as caught:
        widget(table, column).canonical(text)
    return " ".join(caught.value.messages), getattr(caught.value, "suggestion", "")


@pytest.mark.parametrize("kind", VALUES_BY_WIDGET, ids=lambda kind: kind.__name__)
@MANY_EXAMPLES
@given(data=st.data())
def test_value_written_is_read_as_the_same(kind, data):
    found = widget(COLUMN_BY_WIDGET[kind][0].name, COLUMN_BY_WIDGET[kind][1])
    value = data.draw(VALUES_BY_WIDGET[kind])

    cell = found.render(value)

    assert found.canonical(cell) == cell
    assert found.value(cell) == found.clean(cell) == value


@MANY_EXAMPLES
@given(text=LINES)
def test_text_is_stored_as_the_models_store_it(text):
    found = widget("reactions", "summary")

    cell = found.canonical(text)

    assert cell == TABLES_BY_NAME["reactions"].field("summary").to_python(text)
    assert found.canonical(cell) == cell
    assert cell == unicodedata.normalize("NFC", cell).strip()
    assert "\r" not in cell


@MANY_EXAMPLES
@given(slugs=st.lists(SLUGS, max_size=5, unique=True), gap=st.sampled_from(["|", " | ", "||"]))
def test_slugs_are_written_in_order_and_once(slugs, gap):
    found = widget("reactions", "issues")

    cell = found.canonical(gap.join(slugs))

    assert cell == "|".join(sorted(slugs))
    assert found.canonical(cell) == cell
    assert found.value(cell) == sorted(slugs)


@pytest.mark.parametrize(("table", "column"), COLUMNS)
@settings(MANY_EXAMPLES, max_examples=20)
@given(text=st.text(max_size=40) | SLUGS | st.dates().map(str))
def test_any_text_is_read_for_good_or_refused_with_what_to_do(table, column, text):
    cell, messages = read(table, column, text)

    assert all(ADVICE.search(message) for message in messages)
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
        ("sources", "read", "exerpt", "excerpt"),
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
