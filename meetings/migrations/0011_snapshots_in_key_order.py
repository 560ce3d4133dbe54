"""Put the rows of stored snapshots in the order of their keys, as they are compared since."""

from django.db import migrations

BATCH_ROWS = 500
# The columns by which the rows of an entry's parts are sorted; an order is a whole number.
KEYS = {
    "participations": ("actor",),
    "readouts": ("government",),
    "outcomes": ("order",),
    "positions": ("government",),
    "discussions": ("issue",),
    "accounts": ("issue", "government"),
}


def in_order(snapshot):
    """Return a snapshot with the rows of its parts in order."""
    return {
        name: sorted(rows, key=lambda row, name=name: sort_key(row, KEYS[name]))
        if name in KEYS
        else rows
        for name, rows in snapshot.items()
    }


def sort_key(row, columns):
    return [int(row[name]) if name == "order" else row[name] for name in columns]


def sort_snapshots(apps, schema_editor):
    """Write those snapshots again whose rows stand in another order."""
    Revision = apps.get_model("meetings", "Revision")
    found = Revision.objects.filter(table__in=("meeting", "issue")).order_by("pk")
    ids = list(found.values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH_ROWS):
        changed = []
        for revision in Revision.objects.filter(pk__in=ids[start : start + BATCH_ROWS]):
            ordered = in_order(revision.snapshot)
            if ordered != revision.snapshot:
                revision.snapshot = ordered
                changed.append(revision)
        Revision.objects.bulk_update(changed, ["snapshot"])


class Migration(migrations.Migration):
    dependencies = [("meetings", "0010_import_warnings")]
    operations = [migrations.RunPython(sort_snapshots, migrations.RunPython.noop, elidable=True)]
