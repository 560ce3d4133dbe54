"""Editors may import, and undo imports."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUP = "editor"
PERMISSIONS = ("import_record", "undo_import", "view_import")


def let_editors_import(apps, schema_editor):
    # Permissions are otherwise made after the last migration, which is too late for this one.
    config = installed.get_app_config("meetings")
    create_permissions(config, verbosity=0, using=schema_editor.connection.alias)
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=GROUP)
    permissions = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="meetings", codename__in=PERMISSIONS
    )
    group.permissions.add(*permissions)


class Migration(migrations.Migration):
    dependencies = [("meetings", "0004_imports")]

    operations = [migrations.RunPython(let_editors_import, migrations.RunPython.noop)]
