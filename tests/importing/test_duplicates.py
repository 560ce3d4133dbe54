"""Doubled keys and addresses in one file: each row but the first is wrong, of any number."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meetings.importing.plan import duplicates
from meetings.models import Import, ImportRow

pytestmark = pytest.mark.django_db
KINDS = pytest.mark.parametrize("kind", ["keys", "sources"])
REFUSE = {
    "keys": duplicates.refuse_duplicate_keys,
    "sources": duplicates.refuse_duplicate_sources,
}


def make_rows(kind: str, number: int) -> Import:
    """Return a plan of sources, each of which has the key, or the address, of one other."""
    plan = Import.objects.create(name="sources.csv")
    rows = []
    for n in range(number):
        own, doubled = f"a{n}", f"a{n % (number // 2)}"
        key, url = (doubled, own) if kind == "keys" else (own, doubled)
        cells = {"slug": key, "url": f"https://example.org/{url}"}
        rows.append(
            ImportRow(plan=plan, number=n + 1, table="sources", line=n + 2, key=key, entry=key,
                      cells=cells)
        )  # fmt: skip
    ImportRow.objects.bulk_create(rows, batch_size=2_000)
    return plan


@KINDS
def test_each_row_but_the_first_is_wrong_and_names_the_first(kind):
    plan = make_rows(kind, 6)
    plan.rows.filter(number=6).update(problems=[["title", "", "Write it.", ""]], action="wrong")

    REFUSE[kind](plan)

    found = list(plan.rows.order_by("number").values_list("action", "problems"))
    text = {
        "keys": "This key stands in line {} too. Keep one of the two.",
        "sources": "Line {} has this address too. Keep one of the two.",
    }[kind]
    column, value = ("slug", "a{}") if kind == "keys" else ("url", "https://example.org/a{}")
    assert found[:3] == [("", [])] * 3
    assert found[3] == ("wrong", [[column, value.format(0), text.format(2), ""]])
    assert found[5] == (
        "wrong",
        [["title", "", "Write it.", ""], [column, value.format(2), text.format(4), ""]],
    )


@KINDS
def test_a_long_step_tells_how_it_goes(kind):
    told = []

    REFUSE[kind](make_rows(kind, 5_000), lambda: told.append(kind))

    assert len(told) == 3


@KINDS
def test_rows_of_other_plans_and_tables_are_not_compared(kind):
    plan = make_rows(kind, 2)
    plan.rows.filter(number=2).update(table="places")
    make_rows(kind, 4)

    REFUSE[kind](plan)

    assert not plan.rows.exclude(problems=[]).exists()


@KINDS
def test_few_statements_for_many_doubled_rows(kind):
    """Of the 400 that are wrong SQLite takes some sixty in a statement."""
    plan = make_rows(kind, 800)

    with CaptureQueriesContext(connection) as asked:
        REFUSE[kind](plan)

    assert len(asked) <= 12
    assert plan.rows.filter(action="wrong").count() == 400


@pytest.mark.soak
@KINDS
def test_time_grows_with_the_rows_and_not_with_their_square(kind):
    times = []
    for number in (50_000, 100_000):
        plan = make_rows(kind, number)
        began = time.process_time(), time.monotonic()
        REFUSE[kind](plan)
        times.append(time.monotonic() - began[1])
        print(kind, number, time.process_time() - began[0], times[-1])

    assert times[1] <= 2.5 * times[0]
    assert plan.rows.filter(action="wrong").count() == 50_000
