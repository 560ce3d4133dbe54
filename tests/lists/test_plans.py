"""How the database reads a list of reactions: from indexes, in their order, and few times."""

import pytest
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from meetings.models import Account, Discussion, Meeting, Reaction

from .. import factories as make

pytestmark = pytest.mark.django_db
only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's plans are told.")
BY_VALUES = ("country", "capacity", "affiliation", "stance")


@only_sqlite
@pytest.mark.parametrize(
    ("index", "rows"),
    [
        ("reaction_public", lambda rows: rows.order_by("reacted_on", "slug").values("pk")[:25]),
        ("reaction_by_values", lambda rows: rows.values(*BY_VALUES).annotate(Count("pk"))),
        ("reaction_by_stance", lambda rows: rows.values("meeting").annotate(Count("pk"))),
    ],
)
def test_list_is_read_from_an_index_alone_and_in_its_order(index, rows):
    plan = rows(Reaction.objects.published().order_by()).explain()

    assert f"SEARCH meetings_reaction USING COVERING INDEX {index} (status=?)" in plan
    assert "TEMP B-TREE" not in plan


@only_sqlite
def test_meetings_of_the_same_title_are_found_by_an_index():
    plan = Meeting.objects.filter(title="Telephone call").explain()

    assert "USING INDEX meeting_namesakes (title=?)" in plan


@only_sqlite
@pytest.mark.parametrize("model", [Account, Discussion, Reaction])
def test_hidden_meetings_are_looked_up_and_not_those_in_public(model):
    plan = model.objects.published().order_by().explain()

    assert "SCAN U0 USING COVERING INDEX meeting_public" in plan


@pytest.mark.parametrize(("query", "times"), [("", 1), ("?stance=mixed", 2), ("?sort=name", 1)])
def test_columns_are_counted_in_one_query(client, query, times):
    """A column that filters the list is counted by itself, without its filter."""
    make.make_reaction(stance="mixed")

    with CaptureQueriesContext(connection) as asked:
        client.get(f"/reactions/{query}")

    begins = tuple(f'SELECT "meetings_reaction"."{column}" AS ' for column in BY_VALUES)
    assert len([each for each in asked if each["sql"].startswith(begins)]) == times
