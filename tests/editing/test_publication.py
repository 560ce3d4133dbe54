"""Periods in which entries are public: what every act writes, and that they agree with the rows."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from meetings.editing import acts, errors
from meetings.editing.revisions import record_loaded
from meetings.importing import restore, undo
from meetings.models import Meeting, Publication, Revision
from tests import factories as make
from tests.importing.helpers import import_file, write
from tests.periods import differing_entries
from tests.soak import repeats
from tests.writers import changing

from .test_withdrawal import KINDS, MAKE, give_status

pytestmark = pytest.mark.django_db


def later(days=30):
    return timezone.now() + timedelta(days=days)


def periods(entry):
    """Return the numbers of the revisions by which each period of an entry began and ended."""
    rows = Publication.objects.filter(object_id=entry.pk).of_model(type(entry)).order_by("pk")
    return [tuple(row) for row in rows.values_list("began_by__number", "ended_by__number")]


@KINDS
def test_period_lasts_from_the_act_that_publishes_to_the_one_that_withdraws(model):
    entry = MAKE[model](status="draft")
    record_loaded()
    acts.publish(entry=entry, note="Ready.")
    acts.save(entry=entry, after=changing(entry, slug="renamed"), note="Address.")
    acts.withdraw(entry=entry, reason="A forgery.")
    acts.back_to_draft(entry=entry, note="To be written again.")
    acts.publish(entry=entry, note="Right after all.")

    assert periods(entry) == [(2, 4), (6, None)]
    times = dict(Revision.objects.of(entry).values_list("number", "made_at"))
    first = Publication.objects.of_model(model).order_by("pk").first()
    assert (first.since, first.until) == (times[2], times[4])
    assert differing_entries() == []


def test_scheduled_entry_has_a_period_that_begins_at_its_time():
    time = later()
    meeting = make.make_meeting(status="draft", publish_at=time)

    acts.publish(entry=meeting, note="For the anniversary.")

    period = Publication.objects.get()
    assert (period.since, period.until) == (time, None)
    assert not Publication.objects.begun().exists()


def test_changed_schedule_changes_the_period_and_what_is_shown_first():
    meeting = make.make_meeting(status="draft", publish_at=later())
    acts.publish(entry=meeting, note="For the anniversary.")
    sooner = later(10)

    acts.save(entry=meeting, after=changing(meeting, publish_at=sooner), note="Sooner.")

    assert periods(meeting) == [(3, None)]
    assert Publication.objects.get().since == sooner


@pytest.mark.parametrize("act", ["draft", "delete"])
def test_schedule_taken_back_before_its_time_leaves_no_period(act):
    meeting = make.make_meeting(status="draft", publish_at=later())
    acts.publish(entry=meeting, note="For the anniversary.")

    if act == "draft":
        acts.back_to_draft(entry=meeting)
    else:
        acts.delete(entry=meeting)

    assert not Publication.objects.exists()


def test_what_is_put_off_was_public_until_then_and_is_scheduled():
    meeting = make.make_meeting(status="draft")
    acts.publish(entry=meeting, note="Ready.")
    time = later()

    acts.save(entry=meeting, after=changing(meeting, publish_at=time), note="Put off.")

    assert periods(meeting) == [(2, 3), (3, None)]
    assert Publication.objects.last().since == time
    assert differing_entries() == []


def test_entry_that_came_as_withdrawn_was_public_before_and_nobody_knows_since_when():
    meeting = make.make_meeting(status="withdrawn")

    record_loaded()

    period = Publication.objects.get()
    assert (period.since, period.began_by, period.ended_by) == (None, None, None)
    assert period.until == Revision.objects.latest_of(meeting).made_at


def test_loaded_entry_with_a_time_is_public_since_then():
    time = datetime(2020, 1, 2, 3, 4, tzinfo=UTC)
    make.make_meeting(publish_at=time)

    record_loaded()

    assert Publication.objects.get().since == time


def test_earlier_time_of_an_act_is_no_day_of_publication():
    meeting = make.make_meeting(status="draft", publish_at=datetime(2020, 1, 2, tzinfo=UTC))

    revision = acts.publish(entry=meeting, note="Ready.")

    assert Publication.objects.get().since == revision.made_at


def test_row_written_by_no_act_gets_its_period_with_the_next_one():
    meeting = make.make_meeting(status="draft")
    record_loaded()
    Meeting.objects.update(status="published")

    acts.withdraw(entry=Meeting.objects.get(), reason="A forgery.")

    assert periods(meeting) == [(2, 3)]


def test_file_and_its_undo_begin_and_end_periods(tmp_path):
    meeting = make.make_meeting(status="draft")
    record_loaded()

    outcome = give_status(tmp_path, meeting, "published", "By file.")
    after_import = differing_entries()
    undo.undo_import(imported=outcome.imported, note="Too early.")

    assert periods(meeting) == [(2, 3)]
    assert (after_import, differing_entries()) == ([], [])


def test_added_by_file_is_public_since_the_import_and_until_its_undo(tmp_path):
    make.make_source(slug="press")
    path = write(
        tmp_path,
        "themes",
        {"slug": "one", "title": "One", "status": "published", "sources": "press"},
        {"slug": "two", "title": "Two", "status": "draft"},
    )

    outcome = import_file(path)
    began = list(Publication.objects.values_list("since", "until"))
    undo.undo_import(imported=outcome.imported, note="Wrong file.")

    assert began == [(Revision.objects.filter(act="import").first().made_at, None)]
    assert Publication.objects.get().ended_by.note == "Wrong file."
    assert differing_entries() == []


def test_undo_that_deletes_a_scheduled_entry_leaves_no_period(tmp_path):
    make.make_source(slug="press")
    row = {"slug": "one", "title": "One", "status": "published", "sources": "press"}
    outcome = import_file(write(tmp_path, "themes", row | {"publish_at": later().isoformat()}))
    scheduled = Publication.objects.count()

    undo.undo_import(imported=outcome.imported, note="Wrong file.")

    assert (scheduled, Publication.objects.count()) == (1, 0)


def test_restoring_leaves_a_period_as_it_is():
    meeting = make.make_meeting(status="draft", title="One")
    acts.publish(entry=meeting, note="Ready.")
    acts.save(entry=meeting, after=changing(meeting, title="Two"), note="Title.")

    plan = restore.plan_restore(entry=meeting, number=2)
    restore.apply_restore(planned=plan, note="As it was.")

    assert Revision.objects.latest_of(meeting).act == "restore"
    assert periods(meeting) == [(2, None)]


def test_revisions_that_were_shown_are_those_of_the_periods():
    meeting = make.make_meeting(status="draft", title="Draft")
    acts.save(entry=meeting, after=changing(meeting, title="Draft too"))
    acts.publish(entry=meeting, note="Ready.")
    acts.save(entry=meeting, after=changing(meeting, title="Public"), note="Title.")
    acts.withdraw(entry=meeting, reason="A forgery.")
    acts.save(entry=meeting, after=changing(meeting, title="Hidden"), note="Title.")

    own = Revision.objects.of(meeting)
    assert list(own.shown().values_list("number", flat=True)) == [4, 3]
    assert list(own.public().values_list("number", flat=True)) == [5, 4, 3]


def test_scheduled_entry_shows_what_it_held_when_its_time_came(monkeypatch):
    meeting = make.make_meeting(status="draft", title="First", publish_at=later())
    acts.publish(entry=meeting, note="For the anniversary.")
    acts.save(entry=meeting, after=changing(meeting, title="Second"), note="Title.")
    before = Revision.objects.all().shown().count()

    moment = later(40)
    monkeypatch.setattr(timezone, "now", lambda: moment)

    assert before == 0
    assert [each.number for each in Revision.objects.all().shown()] == [3]


class Luck:
    """Random acts on a few entries, by all roads; refused ones change nothing."""

    def __init__(self, seed, folder):
        self.random, self.folder, self.imports = random.Random(seed), folder, []
        self.entries = [make.make_theme(status=status) for status in ("draft", "published")]
        self.entries += [make.make_theme(publish_at=later())]
        record_loaded()

    def act(self):
        entry = self.random.choice(self.entries)
        entry.refresh_from_db()
        act = self.random.choice([
            self.publish, self.withdraw, self.draft, self.save, self.schedule, self.file, self.undo
        ])  # fmt: skip
        try:
            act(entry)
        except errors.Refused:
            return

    def publish(self, entry):
        acts.publish(entry=entry, note="Ready.")

    def withdraw(self, entry):
        acts.withdraw(entry=entry, reason="Wrong.")

    def draft(self, entry):
        acts.back_to_draft(entry=entry, note="Again.")

    def save(self, entry):
        title = f"Title {self.random.random()}"
        acts.save(entry=entry, after=changing(entry, title=title), note="Title.")

    def schedule(self, entry):
        time = self.random.choice([None, later(), later(-30)])
        acts.save(entry=entry, after=changing(entry, publish_at=time), note="Time.")

    def file(self, entry):
        status = self.random.choice(["draft", "published", "withdrawn"])
        outcome = give_status(self.folder, entry, status, "By file.")
        if not outcome.problems:
            self.imports.append(outcome.imported)

    def undo(self, entry):
        if self.imports:
            undo.undo_import(imported=self.imports.pop(), note="Taken back.")


@pytest.mark.parametrize("acts_made", repeats(80, 2_000))
def test_what_is_public_now_has_an_open_period_after_every_act(tmp_path, acts_made):
    luck = Luck(acts_made, tmp_path)

    for _ in range(acts_made):
        luck.act()

        assert differing_entries() == []
