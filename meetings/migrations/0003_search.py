"""The index of search, in the way of each database.

A later migration that alters ``SearchDocument`` must call ``make_index`` again on SQLite, where
altering a table makes it anew and loses its triggers.
"""

import django.db.models.deletion
from django.db import migrations, models

SQLITE = """
CREATE VIRTUAL TABLE IF NOT EXISTS meetings_searchindex USING fts5(
    title, context, text, content='meetings_searchdocument', content_rowid='id',
    tokenize='ascii', prefix='2 3'
);

INSERT INTO meetings_searchindex (meetings_searchindex, rank) VALUES ('rank', 'bm25(10.0, 4.0, 1.0)');

CREATE TRIGGER meetings_searchdocument_added AFTER INSERT ON meetings_searchdocument BEGIN
    INSERT INTO meetings_searchindex (rowid, title, context, text)
    VALUES (new.id, new.title, new.context, new.text);
END;

CREATE TRIGGER meetings_searchdocument_removed AFTER DELETE ON meetings_searchdocument BEGIN
    INSERT INTO meetings_searchindex (meetings_searchindex, rowid, title, context, text)
    VALUES ('delete', old.id, old.title, old.context, old.text);
END;

CREATE TRIGGER meetings_searchdocument_changed
AFTER UPDATE OF title, context, text ON meetings_searchdocument BEGIN
    INSERT INTO meetings_searchindex (meetings_searchindex, rowid, title, context, text)
    VALUES ('delete', old.id, old.title, old.context, old.text);
    INSERT INTO meetings_searchindex (rowid, title, context, text)
    VALUES (new.id, new.title, new.context, new.text);
END;
"""

POSTGRESQL = """
ALTER TABLE meetings_searchdocument ADD COLUMN vector tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', context), 'B')
    || setweight(to_tsvector('simple', text), 'D')
) STORED;

CREATE INDEX search_document_vector ON meetings_searchdocument USING gin (vector);

CREATE VIEW meetings_searchindex AS
SELECT id AS rowid, vector AS meetings_searchindex, 0.0::float AS rank FROM meetings_searchdocument;
"""


def make_index(apps, schema_editor):
    connection = schema_editor.connection
    statements = SQLITE if connection.vendor == "sqlite" else POSTGRESQL
    with connection.cursor() as cursor:
        for statement in statements.strip().split("\n\n"):
            cursor.execute(statement)


def remove_index(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "sqlite":
            for name in ("added", "removed", "changed"):
                cursor.execute(f"DROP TRIGGER meetings_searchdocument_{name}")
            cursor.execute("DROP TABLE meetings_searchindex")
        else:
            cursor.execute("DROP VIEW meetings_searchindex")
            cursor.execute("ALTER TABLE meetings_searchdocument DROP COLUMN vector")



class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0002_editor_group'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.CharField(max_length=20)),
                ('object_id', models.PositiveBigIntegerField()),
                ('entry_id', models.PositiveBigIntegerField()),
                ('day', models.DateField(null=True)),
                ('words', models.TextField()),
                ('title', models.TextField()),
                ('context', models.TextField()),
                ('text', models.TextField()),
            ],
            options={
                'default_permissions': [],
            },
        ),
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=100, unique=True)),
                ('written', models.CharField(max_length=200)),
            ],
            options={
                'default_permissions': [],
            },
        ),
        migrations.CreateModel(
            name='SearchIndex',
            fields=[
                ('document', models.OneToOneField(db_column='rowid', db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='index', serialize=False, to='meetings.searchdocument')),
                ('words', models.TextField(db_column='meetings_searchindex')),
                ('rank', models.FloatField()),
            ],
            options={
                'db_table': 'meetings_searchindex',
                'managed': False,
                'default_permissions': [],
            },
        ),
        migrations.AddIndex(
            model_name='searchdocument',
            index=models.Index(fields=['table', 'entry_id'], name='search_document_of_entry'),
        ),
        migrations.AddConstraint(
            model_name='searchdocument',
            constraint=models.UniqueConstraint(fields=('table', 'object_id'), name='search_document_once'),
        ),
        migrations.RunPython(make_index, remove_index),
    ]
