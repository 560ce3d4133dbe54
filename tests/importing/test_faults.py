"""Whatever breaks on the way, the record is as it was before, or as it is after."""

from unittest.mock import patch

import pytest
from django.db import connection

from meetings.editing.revisions import record_loaded
from meetings.importing import imports, undo
from meetings.models import Import, ImportRow, Revision, SearchDocument
from meetings.tables import bulk_insert
from meetings.tables.registry import TABLES
from tests import factories as make

from .helpers import bring, reaction, write

pytestmark = pytest.mark.django_db
insert = bulk_insert.insert
WRITES = ("INSERT", "UPDATE", "DELETE")


class Broken(Exception):
    """What a write meets when the test wants it to fail."""


class FailingAt:
    """Fails at one of the statements that write, and counts them."""

    def __init__(self, number=None):
        self.number, self.count = number, 0

    def __call__(self, execute, sql, params, many, context):
        if sql.lstrip().upper().startswith(WRITES):
            self.write()
        return execute(sql, params, bulk_insert, context)

    def write(self):
        self.count += 1
        if self.count == self.number:
            raise Broken

    def insert(self, *args):
        """Insert many rows; PostgreSQL copies them, which is no statement that Django sees."""
        if connection.vendor == "postgresql":
            self.write()
        insert(*args)


def state():
    """Return every row of the record, of its revisions, its index and its imports."""
    models = [table.model for table in TABLES]
    models += [t.relation(name).remote_field.through for t in TABLES for name in t.many_to_many]
    models += [Import, ImportRow, Revision, SearchDocument]
    return {model: list(model._default_manager.order_by("pk").values_list()) for model in models}


@pytest.fixture
def files(tmp_path):
    make.make_source(slug="press")
    make.make_meeting(slug="geneva", body="Held [@press].")
    make.make_issue(slug="syria", body="A war [@press].")
    record_loaded()
    bring(write(tmp_path, "reactions", *(reaction(slug=f"r-{n}") for n in range(4))))
    write(tmp_path, "actors", {"slug": "kallas", "name": "Kaja Kallas", "kind": "person"})
    write(
        tmp_path,
        "reactions",
        *(
            reaction(slug=f"r-{n}", stance="mixed", issues="syria", actors="kallas")
            for n in range(8)
        ),
    )
    write(tmp_path, "outcomes", {"meeting": "geneva", "order": "10", "text": "Agreed [@press]."})
    return tmp_path


def fails_whole(act):
    """Let every write of an act fail once; the record stays as it was each time."""
    before = state()
    number = 0
    while True:
        number += 1
        failing = FailingAt(number)
        try:
            with (
                connection.execute_wrapper(failing),
                patch.object(bulk_insert, "insert", failing.insert),
            ):
                act()
        except Broken:
            assert state() == before, f"write {number}"
            continue
        break
    assert number > 10
    assert state() != before


def test_import_that_breaks_at_any_write_leaves_nothing(files):
    fails_whole(lambda: bring(files))


def test_import_of_one_file_that_breaks_at_any_write_leaves_nothing(files):
    """It is carried out while it is read, without a plan."""
    bring(files / "actors.csv")

    fails_whole(lambda: bring(files / "reactions.csv"))


def test_undo_that_breaks_at_any_write_leaves_nothing(files):
    outcome = bring(files)

    fails_whole(lambda: undo.undo_import(imported=outcome.imported, note="Wrong file."))


def test_confirm_that_breaks_at_any_write_leaves_the_plan_to_be_confirmed(files):
    plan = Import.objects.create(name="files")
    imports.plan_sheets(
        imported=plan, sheets=imports.open_sheets(files, name="files", problems=[]), problems=[]
    )

    fails_whole(lambda: imports.apply_plan(imported=plan, user=None, note="Brought in."))

    plan.refresh_from_db()
    assert plan.state == "done"
