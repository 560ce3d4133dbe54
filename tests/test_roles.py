"""The groups that migrations make: what each role may do with the record and with accounts."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.db import connection

pytestmark = pytest.mark.django_db

ROLES = ("writer", "editor", "administrator")
ENTRIES = {"meeting", "issue", "reaction", "theme", "milestone", "page"}
REFERENCES = {"actor", "place", "source"}


def rights(role):
    found = Group.objects.get(name=role).permissions
    names = found.values_list("content_type__app_label", "codename")
    return {f"{app}.{name}" for app, name in names}


def each(verb, kinds):
    return {f"meetings.{verb}_{kind}" for kind in kinds}


def test_each_role_may_what_the_one_before_it_may_and_more():
    writer, editor, administrator = map(rights, ROLES)

    assert {name for name in writer if "view_" not in name} == {
        f"meetings.{verb}_{kind}"
        for verb in ("add", "change", "delete")
        for kind in ENTRIES | REFERENCES
    }
    assert editor - writer == each("publish", ENTRIES | REFERENCES) | {
        "meetings.import_record",
        "meetings.undo_import",
        "meetings.view_import",
    }
    assert administrator - editor == {
        f"{name}{model}"
        for names, models in (
            (("meetings.add_", "meetings.change_", "meetings.delete_"), ["redirect"]),
            (("meetings.manage_",), ["import"]),
            (("meetings.hide_",), ["revision"]),
            (("meetings.make_",), ["release"]),
            (("auth.view_", "auth.add_", "auth.change_", "auth.delete_"), ["user", "group"]),
        )
        for name in names
        for model in models
    }
    assert writer < editor < administrator


def test_groups_of_an_older_database_are_corrected_and_keep_their_members_and_other_rights():
    everything = Permission.objects.filter(content_type__app_label="meetings")
    new = {role: rights(role) for role in ROLES}
    ana = User.objects.create_user("ana")
    editor = Group.objects.get(name="editor")
    editor.permissions.set(everything.exclude(codename__startswith="publish_source"))
    editor.permissions.add(Permission.objects.get(codename="view_logentry"))
    Group.objects.get(name="administrator").delete()
    Group.objects.get(name="writer").permissions.set(everything)
    ana.groups.add(editor)

    roles = import_module("meetings.migrations.0021_roles")
    roles.make_roles(apps, SimpleNamespace(connection=connection))

    # Those on releases are given by a later migration.
    later = {"meetings.view_release", "meetings.make_release"}
    assert rights("writer") == new["writer"] - later
    assert rights("editor") == (new["editor"] | {"admin.view_logentry"}) - later
    assert rights("administrator") == new["administrator"] - later
    assert list(ana.groups.values_list("name", flat=True)) == ["editor"]
