"""The record as ``loaddata`` and the step after it leave it, for the modules that read it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, transaction

from meetings.editing import acts
from meetings.editing.revisions import record_loaded
from meetings.tables.registry import refresh_statistics

from .database_sessions import end_sessions
from .factories import make_meeting

WITHDRAWN = "/meetings/entered-twice/"


def load() -> None:
    """Load the content as the first run of the site does."""
    call_command("loaddata", "record", verbosity=0)
    record_loaded()
    refresh_statistics()


def withdraw_one() -> None:
    """Add an entry that was published and then withdrawn; the content has none."""
    meeting = make_meeting(slug="entered-twice", title="Talks entered twice")
    acts.withdraw(entry=meeting, reason="The same talks are at another address.")


class ContentDatabase:
    """The content in a database, loaded once for a worker; the tests' own one stays empty.

    PostgreSQL has it in a database of its own, which the connection changes to. SQLite's database
    is in memory and belongs to its connection: there its pages are copied in and out.
    """

    def __init__(self):
        self.is_file = connection.vendor == "sqlite"
        if self.is_file:
            self.empty = self.pages()
            load()
            self.full = self.pages()
            self.leave()
        else:
            self.own_name = connection.settings_dict["NAME"]
            self.name = connection.creation.get_test_db_clone_settings("content")["NAME"]
            end_sessions()
            connection.creation.clone_test_db("content", verbosity=0)
            self.enter()
            load()
            self.leave()

    def pages(self) -> sqlite3.Connection:
        """Return a copy of the tests' database as it is now."""
        connection.ensure_connection()
        copy = sqlite3.connect(":memory:", check_same_thread=False)
        connection.connection.backup(copy)
        return copy

    def change_to(self, name: str) -> None:
        connection.close()
        connection.settings_dict["NAME"] = name
        ContentType.objects.clear_cache()

    def paste(self, pages: sqlite3.Connection) -> None:
        """Write a copy of a database over the tests' one, and forget what was known of its rows."""
        connection.ensure_connection()
        pages.backup(connection.connection)
        ContentType.objects.clear_cache()

    def enter(self) -> None:
        if self.is_file:
            self.paste(self.full)
        else:
            self.change_to(self.name)

    def leave(self) -> None:
        if self.is_file:
            self.paste(self.empty)
        else:
            self.change_to(self.own_name)

    @contextmanager
    def to_write_to(self) -> Iterator[None]:
        """Have the content, committed, for other threads too; what is written is taken back.

        SQLite's pages are copied in and out anyhow; PostgreSQL has one more database for it.
        """
        self.enter()
        if not self.is_file:
            written = connection.creation.get_test_db_clone_settings("written")["NAME"]
            connection.close()
            end_sessions()
            connection.creation.clone_test_db("written", verbosity=0)
            self.change_to(written)
        try:
            yield
        finally:
            if not self.is_file:
                end_sessions()
                self.change_to(self.name)
                connection.creation.destroy_test_db(verbosity=0, suffix="written")
            self.leave()

    def drop(self) -> None:
        if self.is_file:
            self.empty.close()
            self.full.close()
        else:
            connection.creation.destroy_test_db(verbosity=0, suffix="content")


@pytest.fixture(scope="session")
def content_database(django_db_setup, django_db_blocker):
    """The content's database, made when a module of this worker first asks for it."""
    with django_db_blocker.unblock():
        made = ContentDatabase()
        yield made
        made.drop()


@pytest.fixture(scope="module", autouse=True)
def record(content_database, django_db_blocker):
    """Have the content for the module that imports this; what the module writes is taken back."""
    with django_db_blocker.unblock():
        content_database.enter()
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
        content_database.leave()
