"""Migrations run forward and back."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from meetings import models
from meetings.editing import acts
from meetings.editing.rebuild import rebuild
from meetings.editing.revisions import record_loaded
from meetings.editing.snapshots import snapshot
from meetings.importing import restore
from meetings.models import Account, Actor, Place, Publication, Revision, Source
from meetings.tables.registry import TABLES, TABLES_BY_NAME

from . import factories as make
from .writers import changing, written


def test_migrations_run_back_to_nothing_and_forward_again(committed_db):
    tables = {table.model._meta.db_table for table in TABLES}

    call_command("migrate", "meetings", "zero", verbosity=0)
    left = tables & set(connection.introspection.table_names())
    groups = Group.objects.filter(name="editor").count()
    call_command("migrate", verbosity=0)

    assert (left, groups) == (set(), 0)
    assert tables <= set(connection.introspection.table_names())
    assert Group.objects.get(name="editor").permissions.filter(codename="publish_meeting").exists()


def test_id_of_a_deleted_row_is_given_to_none_after_a_migration(committed_db):
    newest = make.make_account().pk
    Account.objects.all().delete()

    # The second makes the table of accounts again on SQLite.
    call_command("migrate", "meetings", "0015", verbosity=0)
    call_command("migrate", verbosity=0)

    assert make.make_account().pk > newest


@pytest.mark.django_db
def test_rows_of_stored_snapshots_are_put_in_order():
    discussion = make.make_discussion()
    meeting = discussion.meeting
    for order in (100, 5, 20):
        make.make_outcome(meeting=meeting, order=order)
    for government in ("US", "RU"):
        make.make_account(meeting=meeting, issue=discussion.issue, government=government)
    for slug in ("zoe", "anna"):
        make.make_participation(meeting=meeting, actor=make.make_actor(slug=slug))
    record_loaded()
    turned = {name: rows[::-1] for name, rows in snapshot(meeting).items()}
    Revision.objects.of(meeting).update(snapshot=turned)

    migration = import_module("meetings.migrations.0011_snapshots_in_key_order")
    migration.sort_snapshots(apps, None)

    assert turned != snapshot(meeting)
    assert Revision.objects.of(meeting).get().snapshot == snapshot(meeting)


def period_rows():
    """Return all periods and marks, as they are to be after the migration too."""
    columns = ("table", "object_id", "since", "until", "began_by", "ended_by")
    marks = [
        list(model.objects.order_by("pk").values_list("slug", "first_public_at"))
        for model in (Actor, Place, Source)
    ]
    return sorted(map(repr, Publication.objects.values_list(*columns))), marks


def make_past():
    """Make entries that were public, are, will be or never were, with what they showed."""
    cited = make.make_source(slug="cited")
    noted = make.make_source(slug="noted", note="See [@cited].")
    make.make_source(slug="unused")
    place, actor = make.make_place(slug="old-place"), make.make_actor(slug="anna")
    meeting = make.make_meeting(place=place)
    make.make_participation(meeting=meeting, actor=actor)
    make.make_theme(status="withdrawn")
    make.make_issue(status="draft", sources=[make.make_source(slug="draft-only")])
    later = timezone.now() + timedelta(days=30)
    make.make_milestone(publish_at=later, sources=[make.make_source(slug="scheduled")])
    taken_back = make.make_theme(publish_at=later)
    reaction = make.make_reaction(publish_at=datetime(2020, 1, 1, tzinfo=UTC))
    record_loaded()
    acts.save(entry=place, after=changing(place, slug="place"))
    acts.back_to_draft(entry=taken_back)
    acts.save(
        entry=reaction, after=written(reaction, lambda: reaction.sources.add(noted)), note="Source."
    )
    acts.save(entry=noted, after=changing(noted, note=""))
    acts.withdraw(entry=meeting, reason="A forgery.")
    acts.back_to_draft(entry=meeting, note="Again.")
    acts.publish(entry=meeting, note="Right after all.")
    acts.save(entry=meeting, after=changing(meeting, publish_at=later), note="Put off.")
    assert cited.slug in Source.objects.exclude(first_public_at=None).values_list("slug", flat=True)


@pytest.mark.django_db
def test_periods_and_marks_of_the_past_are_written_from_the_revisions():
    make_past()
    kept = period_rows()
    Publication.objects.all().delete()
    for model in (Actor, Place, Source):
        model.objects.update(first_public_at=None)

    import_module("meetings.migrations.0013_past_publications").write_past(apps, None)

    assert period_rows() == kept


def test_record_goes_back_to_before_the_periods_and_forward_again(committed_db):
    make_past()
    kept = period_rows()
    shown = Revision.objects.filter(snapshot__meetings__0__status="published").count()

    call_command("migrate", "meetings", "0011", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT count(*) FROM meetings_revision WHERE is_published AND "table" = %s',
            ["meeting"],
        )
        (published,) = cursor.fetchone()
    call_command("migrate", verbosity=0)

    assert published == shown
    assert period_rows() == kept


def before_evidence():
    """Return the models as they were before the columns of evidence, in a database like that."""
    call_command("migrate", "meetings", "0015", verbosity=0)
    return (
        MigrationExecutor(connection).loader.project_state(("meetings", "0015_import_lease")).apps
    )


OLD_SOURCE = {
    "slug": "paper",
    "title": "Report",
    "kind": "news",
    "checked": "true",
    "state_media": "true",
    "check_note": "Seen.",
}
OLD_MEETING = {
    "meetings": [{"slug": "talks", "title": "Talks", "sources": "paper"}],
    "outcomes": [{"meeting": "talks", "order": "10", "state": "none", "text": ""}],
    "accounts": [
        {"meeting": "talks", "issue": "i", "government": "RU", "finding": "stated", "text": "T"}
    ],
}


def test_columns_of_evidence_get_their_values_in_rows_snapshots_and_plans(committed_db):
    old = before_evidence()
    Source, Revision = old.get_model("meetings", "Source"), old.get_model("meetings", "Revision")
    for slug, is_checked, is_state in (("paper", True, True), ("other", False, False)):
        Source.objects.create(
            slug=slug, title="Report", kind="news", checked=is_checked, state_media=is_state
        )
    now = timezone.now()
    for table, state in (("source", {"sources": [OLD_SOURCE]}), ("meeting", OLD_MEETING)):
        Revision.objects.create(
            table=table, object_id=1, slug="x", number=1, made_at=now, act="save", snapshot=state
        )
    plans, lines = old.get_model("meetings", "Import"), old.get_model("meetings", "ImportRow")
    for number, act in enumerate(("import", "restore")):
        plan = plans.objects.create(act=act, state="ready")
        lines.objects.create(
            plan=plan,
            number=number,
            table="sources",
            cells={"slug": "paper", "checked": "false"},
            old={"checked": "true"},
            problems=[["checked", "x", "Wrong.", ""]],
        )

    call_command("migrate", verbosity=0)

    rows = dict(models.Source.objects.values_list("slug", "read"))
    assert rows == {"paper": "excerpt", "other": "not_opened"}
    assert models.Source.objects.get(slug="paper").ownership == "state"
    states = dict(models.Revision.objects.values_list("table", "snapshot"))
    (source,) = states["source"]["sources"]
    assert set(source) == set(TABLES_BY_NAME["sources"].columns)
    assert (source["read"], source["ownership"]) == ("excerpt", "state")
    assert states["meeting"]["outcomes"][0]["state"] == "no_outcome"
    assert set(states["meeting"]["accounts"][0]) == set(TABLES_BY_NAME["accounts"].columns)
    of_file, of_restore = models.ImportRow.objects.order_by("number")
    assert of_file.cells == {"slug": "paper", "read": "not_opened"}
    assert of_file.old == of_restore.old == {"read": "excerpt"}
    assert of_file.problems == [["read", "x", "Wrong.", ""]]
    assert set(of_restore.cells) == set(TABLES_BY_NAME["sources"].columns)
    assert Group.objects.get(name="editor").permissions.filter(codename="view_claim").exists()


@pytest.mark.django_db
def test_revision_from_before_the_columns_of_evidence_is_shown_and_restored(client):
    meeting = make.make_meeting(slug="talks")
    make.make_outcome(meeting=meeting, order=10, state="agreed")
    record_loaded()
    columns = TABLES_BY_NAME["outcomes"].columns
    past = dict(zip(columns, ("talks", "10", "none", ""), strict=True))
    state = snapshot(meeting) | {"outcomes": [past]}
    migration = import_module("meetings.migrations.0017_evidence_values")
    Revision.objects.of(meeting).update(snapshot=migration.new_snapshot(state))
    acts.save(entry=meeting, after=changing(meeting, title="Talks at last"), note="Title.")

    shown = rebuild(meeting, Revision.objects.of(meeting).get(number=1).snapshot)
    planned = restore.plan_restore(entry=meeting, number=1)
    restore.apply_restore(planned=planned, note="Back.")

    assert [outcome.get_state_display() for outcome in shown.outcomes.all()] == ["No outcome"]
    assert snapshot(meeting)["outcomes"] == [past | {"state": "no_outcome"}]
