"""Migrations run forward and back."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from meetings.editing import acts
from meetings.editing.revisions import record_loaded
from meetings.editing.snapshots import snapshot
from meetings.models import Actor, Place, Publication, Revision, Source
from meetings.tables.registry import TABLES

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
