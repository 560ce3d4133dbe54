"""Write the values of the new columns by rule: in the tables, in snapshots and in open plans."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

BATCH_ROWS = 500
GROUP = "editor"
# The columns of the tables that change, in their new order.
COLUMNS = {
    "actors": "slug name sort_name other_names kind country description wikidata",
    "sources": "slug title authors publisher published url archived_url kind accessed language"
    " title_is date_is origin ownership read check_note note",
    "participations": "meeting actor government role presence order",
    "outcomes": "meeting order state text",
    "discussions": "meeting issue basis agreement summary outcome",
    "accounts": "meeting issue government finding text quotation quotation_language"
    " quotation_source translation",
}
# The columns that others replace, with the values by those of the old one.
REPLACED = {
    ("sources", "checked"): ("read", {"false": "not_opened", "true": "excerpt", "": ""}),
    ("sources", "state_media"): ("ownership", {"false": "", "true": "state", "": ""}),
}
VALUES = {("outcomes", "state"): {"none": "no_outcome"}}
TABLES_OF_MODELS = ("actor", "meeting", "source")


def new_cells(table, cells):
    """Return the cells of some columns of a row with their new columns and values."""
    found = {}
    for column, cell in cells.items():
        if (table, column) in REPLACED:
            column, values = REPLACED[table, column]
            cell = values.get(cell, "")
        found[column] = VALUES.get((table, column), {}).get(cell, cell)
    return found


def whole_row(table, cells):
    """Return the new cells of a row that has all columns."""
    found = new_cells(table, cells)
    if table not in COLUMNS:
        return found
    return {column: found.get(column, "") for column in COLUMNS[table].split()}


def new_snapshot(snapshot):
    return {table: [whole_row(table, row) for row in rows] for table, rows in snapshot.items()}


def rewrite(rows, columns, change):
    """Change rows in batches, and write those columns of the ones that differ."""
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH_ROWS):
        changed = [row for row in rows.filter(pk__in=ids[start : start + BATCH_ROWS]) if change(row)]
        rows.model.objects.bulk_update(changed, columns)


def change_revision(revision):
    """Give a revision its new snapshot; return whether it differs."""
    old, revision.snapshot = revision.snapshot, new_snapshot(revision.snapshot)
    # The order of the columns does not matter: both databases keep JSON by name.
    return revision.snapshot != old


def change_plan_row(row):
    """Give a row of a plan its new cells; return whether they differ."""
    before = (row.cells, row.old, row.problems, row.warnings)
    # A plan to restore has whole rows; a file may have some columns only.
    cells = whole_row if row.plan.act == "restore" and row.cells else new_cells
    row.cells, row.old = cells(row.table, row.cells), new_cells(row.table, row.old)
    row.problems, row.warnings = (
        [[REPLACED.get((row.table, column), (column,))[0], *more] for column, *more in found]
        for found in (row.problems, row.warnings)
    )
    return before != (row.cells, row.old, row.problems, row.warnings)


def write_values(apps, schema_editor):
    """Write the values of the tables, then rewrite the snapshots and the rows of plans."""
    models = {name: apps.get_model("meetings", name) for name in ("Source", "Outcome")}
    sources = models["Source"].objects
    sources.filter(checked=True).update(read="excerpt")
    sources.filter(checked=False).update(read="not_opened")
    sources.filter(state_media=True).update(ownership="state")
    models["Outcome"].objects.filter(state="none").update(state="no_outcome")
    revisions = apps.get_model("meetings", "Revision").objects
    rewrite(revisions.filter(table__in=TABLES_OF_MODELS), ["snapshot"], change_revision)
    rows = apps.get_model("meetings", "ImportRow").objects.select_related("plan")
    rewrite(
        rows.filter(table__in=COLUMNS), ["cells", "old", "problems", "warnings"], change_plan_row
    )


def let_editors_write_claims(apps, schema_editor):
    # Permissions are otherwise made after the last migration, which is too late for this one.
    config = installed.get_app_config("meetings")
    create_permissions(config, verbosity=0, using=schema_editor.connection.alias)
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=GROUP)
    permissions = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="meetings", codename__endswith="_claim"
    )
    group.permissions.add(*permissions)


class Migration(migrations.Migration):
    dependencies = [("meetings", "0016_evidence_columns")]

    operations = [
        migrations.RunPython(write_values, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(let_editors_write_claims, migrations.RunPython.noop),
    ]
