"""The groups *writer*, *editor* and *administrator*: each may do what the one before it may.

What they may do with the record is set here as listed, in databases that have such groups, too.
What an operator gives them of other apps stays.
"""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

ENTRIES = ("meeting", "issue", "reaction", "theme", "milestone", "page")
REFERENCES = ("actor", "place", "source")
PARTS = ("participation", "readout", "outcome", "discussion", "account", "position", "claim")
WRITE = ("view", "add", "change", "delete")


def permissions(verbs, models):
    return {f"{verb}_{model}" for verb in verbs for model in models}


# Parts are written with the entry that owns them, by the rights for it.
WRITER = permissions(WRITE, ENTRIES + REFERENCES) | permissions(
    ("view",), (*PARTS, "redirect", "revision")
)
EDITOR = (
    WRITER
    | permissions(("publish",), ENTRIES + REFERENCES)
    | {"import_record", "undo_import", "view_import"}
)
ADMINISTRATOR = (
    EDITOR | permissions(WRITE, ("redirect",)) | {"manage_import", "hide_revision"}
)
ROLES = {"writer": WRITER, "editor": EDITOR, "administrator": ADMINISTRATOR}
ACCOUNTS = permissions(WRITE, ("user", "group"))


def make_roles(apps, schema_editor):
    # Permissions are otherwise made after the last migration, which is too late for this one.
    for label in ("auth", "meetings"):
        config = installed.get_app_config(label)
        create_permissions(config, verbosity=0, using=schema_editor.connection.alias)
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    of_record = Permission.objects.filter(content_type__app_label="meetings")
    for name, codenames in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.remove(*of_record.exclude(codename__in=codenames))
        group.permissions.add(*of_record.filter(codename__in=codenames))
    accounts = Permission.objects.filter(content_type__app_label="auth", codename__in=ACCOUNTS)
    Group.objects.get(name="administrator").permissions.add(*accounts)


def leave_editors_alone(apps, schema_editor):
    """Go back to the one group, which may again do everything with the record."""
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    Group.objects.filter(name__in=("writer", "administrator")).delete()
    of_record = Permission.objects.filter(content_type__app_label="meetings")
    for group in Group.objects.filter(name="editor"):
        group.permissions.add(*of_record)


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0020_names_to_index_again"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="actor",
            options={
                "ordering": ["sort_name", "name", "slug"],
                "permissions": [("publish_actor", "Can change actors that are public")],
            },
        ),
        migrations.AlterModelOptions(
            name="place",
            options={
                "ordering": ["city", "venue", "slug"],
                "permissions": [("publish_place", "Can change places that are public")],
            },
        ),
        migrations.AlterModelOptions(
            name="source",
            options={
                "ordering": ["publisher", "published", "title", "slug"],
                "permissions": [("publish_source", "Can change sources that are public")],
            },
        ),
        migrations.AlterModelOptions(
            name="import",
            options={
                "default_permissions": ["view"],
                "ordering": ["-made_at", "-pk"],
                "permissions": [
                    ("import_record", "Can import rows"),
                    ("undo_import", "Can undo imports"),
                    ("manage_import", "Can see and stop imports of others"),
                ],
            },
        ),
        migrations.RunPython(make_roles, leave_editors_alone),
    ]
