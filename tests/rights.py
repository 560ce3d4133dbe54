"""The rights that migrations write: written again once a test has emptied the database."""

from importlib import import_module
from types import SimpleNamespace

from django.apps import apps
from django.db import connection


def write_rights() -> None:
    """Write the group of editors and its permissions, as the migrations do."""
    editor = SimpleNamespace(connection=connection)
    made = import_module("meetings.migrations.0002_editor_group")
    added = import_module("meetings.migrations.0005_editor_imports")
    made.make_group(apps, editor)
    added.let_editors_import(apps, editor)
