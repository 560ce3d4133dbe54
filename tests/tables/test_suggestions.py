"""What is suggested for a cell that is not valid, and whether nothing else can be meant."""

import pytest
from django.core.exceptions import ValidationError

from meetings.tables.registry import TABLES_BY_NAME
from meetings.tables.resources import column_widget

CERTAIN = [
    ("meetings", "duration_minutes", "46.0", "46"),
    ("meetings", "duration_minutes", "46,00", "46"),
    ("meetings", "starts_on", "2018-07-17 00:00:00", "2018-07-17"),
    ("meetings", "starts_on", "2018-07-17T00:00:00.000", "2018-07-17"),
    ("meetings", "starts_on", "20180717", "2018-07-17"),
    ("meetings", "starts_on", "17 July 2018", "2018-07-17"),
    ("meetings", "publish_at", "2026-12-01 09:30:00+00", "2026-12-01T09:30:00+00:00"),
    ("meetings", "publish_at", "2026-12-01 09:30Z", "2026-12-01T09:30Z"),
    ("meetings", "publish_at", "2026-12-01 09:30 +0300", "2026-12-01T09:30+03:00"),
    ("places", "latitude", "60.1699123", "60.169912"),
    ("places", "latitude", "60.16990000000001", "60.1699"),
    ("places", "latitude", "-60,1699", "-60.1699"),
    ("places", "country", "United States", "US"),
    ("places", "country", "us", "US"),
    ("places", "country", "USA", "US"),
    ("reactions", "capacity", "Former official", "former_official"),
    ("reactions", "issues", "syria, ukraine", "syria|ukraine"),
    ("reactions", "issues", "syria;ukraine;", "syria|ukraine"),
]
UNCERTAIN = [
    ("meetings", "starts_on", "43298", "2018-07-17"),
    ("reactions", "capacity", "former oficial", "former_official"),
]
NONE = [
    ("meetings", "duration_minutes", "46.5"),
    ("meetings", "duration_minutes", "1,234"),
    ("meetings", "starts_on", "2018-07-17 13:00:00"),
    ("meetings", "starts_on", "2018-07-16T20:00Z"),
    ("meetings", "starts_on", "7/8/2018"),
    ("meetings", "starts_on", "20181340"),
    ("meetings", "publish_at", "2026-12-01 09:30"),
    ("places", "latitude", "60°10′N"),
    ("places", "latitude", "1,234.5"),
    ("reactions", "issues", "Syria, the war"),
]
PARTIAL = ["2018", "2018-07", "2018-07-XX", "2018-07-00", "2018-XX-XX", "July 2018", "2018~"]


def refusal(table, column, text):
    with pytest.raises(ValidationError) as error:
        column_widget(TABLES_BY_NAME[table], column).canonical(text)
    return error.value


def suggestion(table, column, text):
    found = refusal(table, column, text)
    return getattr(found, "suggestion", ""), getattr(found, "is_certain", False)


@pytest.mark.parametrize(("table", "column", "text", "meant"), CERTAIN)
def test_value_that_alone_can_be_meant_is_suggested_and_valid(table, column, text, meant):
    assert suggestion(table, column, text) == (meant, True)
    assert column_widget(TABLES_BY_NAME[table], column).canonical(meant)


@pytest.mark.parametrize(("table", "column", "text", "meant"), UNCERTAIN)
def test_value_that_is_likely_is_suggested_and_not_certain(table, column, text, meant):
    assert suggestion(table, column, text) == (meant, False)


@pytest.mark.parametrize(("table", "column", "text"), NONE)
def test_nothing_is_suggested_where_more_can_be_meant(table, column, text):
    assert suggestion(table, column, text) == ("", False)


@pytest.mark.parametrize("text", PARTIAL)
def test_date_known_in_part_leads_to_the_column_that_says_so(text):
    assert "“date_note”" in refusal("meetings", "starts_on", text).message
    assert "“date_is”" in refusal("sources", "published", text).message
    assert "“" not in refusal("reactions", "reacted_on", text).message
