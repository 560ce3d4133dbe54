"""Migrations run forward and back."""

from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection

from meetings.tables.registry import TABLES


def test_migrations_run_back_to_nothing_and_forward_again(committed_db):
    tables = {table.model._meta.db_table for table in TABLES}

    call_command("migrate", "meetings", "zero", verbosity=0)
    left = tables & set(connection.introspection.table_names())
    groups = Group.objects.filter(name="editor").count()
    call_command("migrate", verbosity=0)

    assert (left, groups) == (set(), 0)
    assert tables <= set(connection.introspection.table_names())
    assert Group.objects.get(name="editor").permissions.filter(codename="publish_meeting").exists()
