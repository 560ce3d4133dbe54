"""Migrations run forward and back."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection

from meetings.editing.revisions import record_loaded
from meetings.editing.snapshots import snapshot
from meetings.models import Revision
from meetings.tables.registry import TABLES

from . import factories as make


def test_migrations_run_back_to_nothing_and_forward_again(committed_db):
    tables = {table.model._meta.db_table for table in TABLES}

    call_command("migrate", "meetings", "zero", verbosity=0)
    left = tables & set(connection.introspection.table_names())
    groups = Group.objects.filter(name="editor").count()
    call_command("migrate", verbosity=0)

    assert (left, groups) == (set(), 0)
    assert tables <= set(connection.introspection.table_names())
    assert Group.objects.get(name="editor").permissions.filter(codename="publish_meeting").exists()


@pytest.mark.django_db
def test_rows_of_stored_snapshots_are_put_in_order():
    discussion = make.make_discussion()
    meeting = discussion.meeting
    for order in (100, 5, 20):
        make.make_outcome(meeting=meeting, order=order)
    for government in ("US", "RU"):
        make.make_account(meeting=meeting, issue=discussion.issue, government=government)
    for slug in ("zoe", "anna"):
        make.make_participation(meeting=meeting, actor=make.make_actor(slug=slug))
    record_loaded()
    turned = {name: rows[::-1] for name, rows in snapshot(meeting).items()}
    Revision.objects.of(meeting).update(snapshot=turned)

    migration = import_module("meetings.migrations.0011_snapshots_in_key_order")
    migration.sort_snapshots(apps, None)

    assert turned != snapshot(meeting)
    assert Revision.objects.of(meeting).get().snapshot == snapshot(meeting)
