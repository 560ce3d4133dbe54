"""Take out the column that the periods replace; going back, it is written from the snapshots."""

from django.db import migrations
from django.db.models import Q

TABLES = ("meetings", "issues", "reactions", "themes", "milestones", "pages")


def write_is_published(apps, schema_editor):
    """Write again which revisions have the status published."""
    had = Q()
    for table in TABLES:
        had |= Q(**{f"snapshot__{table}__0__status": "published"})
    apps.get_model("meetings", "Revision").objects.filter(had).update(is_published=True)


class Migration(migrations.Migration):
    dependencies = [("meetings", "0013_past_publications")]
    operations = [
        migrations.RunPython(migrations.RunPython.noop, write_is_published, elidable=True),
        migrations.RemoveField(model_name="revision", name="is_published"),
    ]
