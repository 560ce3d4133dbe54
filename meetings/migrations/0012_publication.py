"""Periods in which entries were public, and when references were first shown."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0011_snapshots_in_key_order"),
    ]

    operations = [
        migrations.AddField(
            model_name="actor",
            name="first_public_at",
            field=models.DateTimeField(
                editable=False, help_text="When an entry that is public first showed it.", null=True
            ),
        ),
        migrations.AddField(
            model_name="place",
            name="first_public_at",
            field=models.DateTimeField(
                editable=False, help_text="When an entry that is public first showed it.", null=True
            ),
        ),
        migrations.AddField(
            model_name="source",
            name="first_public_at",
            field=models.DateTimeField(
                editable=False, help_text="When an entry that is public first showed it.", null=True
            ),
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "table",
                    models.CharField(help_text="The model's name: meeting, issue …", max_length=20),
                ),
                ("object_id", models.PositiveBigIntegerField()),
                (
                    "since",
                    models.DateTimeField(help_text="Empty: before the entry came here.", null=True),
                ),
                ("until", models.DateTimeField(help_text="Empty while it lasts.", null=True)),
                (
                    "began_by",
                    models.ForeignKey(
                        db_index=False,
                        help_text="The revision that was the first to be shown; empty if that was not here.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications_begun",
                        to="meetings.revision",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        db_index=False,
                        help_text="The revision that was not shown any more; empty if it ended before it came.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications_ended",
                        to="meetings.revision",
                    ),
                ),
            ],
            options={
                "ordering": ["table", "object_id", "pk"],
                "default_permissions": [],
                "indexes": [
                    models.Index(fields=["object_id"], name="publication_of_entry"),
                    models.Index(fields=["since"], name="publication_by_beginning"),
                    models.Index(
                        condition=models.Q(("until__isnull", False)),
                        fields=["until"],
                        name="publication_by_end",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("table", "object_id"),
                        name="publication_is_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("since", None),
                            ("until", None),
                            ("until__gte", models.F("since")),
                            _connector="OR",
                        ),
                        name="publication_ends_after_it_begins",
                    ),
                ],
            },
        ),
    ]
