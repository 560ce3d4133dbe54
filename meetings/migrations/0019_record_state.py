"""The state of the record, by which what was made of it is known to be of today."""

import secrets

from django.db import migrations, models

SLOTS = 8


def make_slots(apps, schema_editor):
    state = apps.get_model("meetings", "RecordState")
    slots = [state(pk=pk, mark=secrets.token_hex(8)) for pk in range(1, SLOTS + 1)]
    state.objects.using(schema_editor.connection.alias).bulk_create(slots)


class Migration(migrations.Migration):
    dependencies = [("meetings", "0018_without_old_columns")]

    operations = [
        migrations.CreateModel(
            name="RecordState",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "mark",
                    models.CharField(
                        help_text="Replaced by every change to the record.", max_length=16
                    ),
                ),
                (
                    "withdrawal",
                    models.CharField(
                        blank=True,
                        help_text="Replaced by a change that takes something out.",
                        max_length=16,
                    ),
                ),
            ],
            options={"default_permissions": []},
        ),
        migrations.RunPython(make_slots, migrations.RunPython.noop, elidable=True),
    ]
