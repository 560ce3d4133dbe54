"""An export is of one moment, whatever is written meanwhile."""

import threading

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from meetings.exporting import package
from meetings.exporting.package import writing
from meetings.models import Meeting
from tests import factories as make


def test_export_is_of_one_moment_and_keeps_nobody_from_writing(committed_db, tmp_path, monkeypatch):
    """What somebody else writes between two tables is in neither.

    The tests' SQLite is in memory and lets nobody write meanwhile: there, that the transaction is
    one that would.
    """
    make.make_meeting(slug="before", sources=[])
    rows = writing.table_cells

    def writing_meanwhile(table, published):
        if table.name == "meetings" and connection.vendor == "postgresql":
            other = threading.Thread(target=add)
            other.start()
            other.join()
        return rows(table, published)

    def add():
        make.make_meeting(slug="meanwhile", sources=[make.make_source(slug="meanwhile")])
        connection.close()

    monkeypatch.setattr(writing, "table_cells", writing_meanwhile)
    with CaptureQueriesContext(connection) as asked:
        package.write(tmp_path / "export")
    with CaptureQueriesContext(connection) as afterwards, transaction.atomic():
        Meeting.objects.exists()

    words = "".join(file.read_text() for file in (tmp_path / "export").glob("*.csv"))
    assert "before" in words
    assert "meanwhile" not in words
    if connection.vendor == "sqlite":
        assert asked[0]["sql"] == "BEGIN DEFERRED"
        assert afterwards[0]["sql"] == "BEGIN IMMEDIATE"
    else:
        assert Meeting.objects.filter(slug="meanwhile").exists()
