"""Take people and sources out of the search index: ``prepare`` indexes what is missing again.

The documents of people get the other spellings of their names, those of sources lose notes that
are for the desk.
"""

from django.db import migrations


def forget(apps, schema_editor):
    documents = apps.get_model("meetings", "SearchDocument").objects
    documents.using(schema_editor.connection.alias).filter(table__in=["actors", "sources"]).delete()


class Migration(migrations.Migration):
    dependencies = [("meetings", "0019_record_state")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
