"""Leases of imports. What was being worked on has a lease that has ended, and is begun again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meetings", "0014_revision_without_is_published")]

    operations = [
        migrations.RenameField(model_name="import", old_name="beat_at", new_name="held_until"),
        migrations.AlterField(
            model_name="import",
            name="held_until",
            field=models.DateTimeField(
                blank=True, help_text="When the lease ends unless it is renewed.", null=True
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="held_by",
            field=models.CharField(
                blank=True, default="", help_text="The lease of whoever works on it.", max_length=32
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="import",
            name="attempts",
            field=models.PositiveSmallIntegerField(
                default=0, help_text="How often the work on it was begun."
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="headers",
            field=models.JSONField(
                blank=True,
                help_text="The columns of its tables, once they were looked at.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="import",
            name="state",
            field=models.CharField(
                choices=[
                    ("looking", "Waiting to be opened"),
                    ("chosen", "Chosen"),
                    ("planning", "Being read"),
                    ("ready", "Ready to import"),
                    ("wrong", "With errors"),
                    ("applying", "Being imported"),
                    ("done", "Imported"),
                    ("stopped", "Stopped"),
                    ("expired", "Expired"),
                    ("failed", "Not imported"),
                ],
                default="planning",
                max_length=8,
            ),
        ),
    ]
