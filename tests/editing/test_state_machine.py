"""Random acts in random order, by every road: the promises of the record hold after each."""

from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from meetings.editing import (
    acts,
    errors,
    joins,
    merges,
    proposals,
    recovery,
    scheduled_proposals,
)
from meetings.editing.snapshots import snapshot, with_present_slugs
from meetings.importing import restore, undo
from meetings.models import Import, Proposal, Publishable, Revision
from meetings.tables.registry import TABLES_BY_MODEL, TABLES_BY_NAME, VERSIONED_TABLES
from tests.importing.helpers import import_file, write

from .promises import Promises
from .small_record import KINDS, REQUIRED, SLUGS

pytestmark = pytest.mark.django_db

MERGED = ("actors", "sources", "places", "issues")
DEFAULTS = {"status": "draft"}
numbers = st.integers(0, 60)
roads = st.sampled_from(["act", "file", "stale form"])


class Acts(Promises):
    """A small record on which editors act at random; what they may not do is refused."""

    def __init__(self):
        super().__init__()
        for name in ("sources", "actors", "issues", "meetings"):
            self.add(name, 0)
        self.change_meeting(0, 10, "act")
        self.publish(self.index_of("meetings"), 0)

    def bring(self, tables):
        """Import a folder of tables; return whether it went in."""
        with acting(), TemporaryDirectory() as folder:
            for name, rows in tables.items():
                write(Path(folder), name, *rows)
            return not import_file(Path(folder), accepts_warnings=True).problems
        return False

    @rule(name=st.sampled_from(KINDS), number=numbers)
    def add(self, name, number):
        table = TABLES_BY_NAME[name]
        slug = SLUGS[number % len(SLUGS)]
        cells = dict.fromkeys(table.columns, "") | REQUIRED.get(name, {}) | {"slug": slug}
        cells |= {column: value for column, value in DEFAULTS.items() if column in cells}
        if name == "reactions":
            cells["meeting"] = self.slug("meetings", number)
        if table.model.objects.filter(slug=slug).exists() or not all(
            cells[column] for column in REQUIRED.get(name, {})
        ):
            return
        with acting():
            acts.save(
                entry=table.model(slug=slug), after=self.changed({name: [cells]}, name, number)
            )

    @rule(number=numbers, change=numbers, road=roads)
    def change_meeting(self, number, change, road):
        """Change a meeting, which has the most parts."""
        if meetings := self.rows("meetings"):
            self.change(self.index_of("meetings") + number % len(meetings), change, road)

    @rule(number=numbers, change=numbers, road=roads)
    def change(self, number, change, road):
        if (row := self.row(number)) is None:
            return
        table = TABLES_BY_MODEL[type(row)]
        if road == "act":
            with acting():
                after = self.changed(snapshot(row), table.name, change)
                acts.save(entry=row, after=after, seen=row.revision, note="Changed.")
        elif road == "file":
            after = self.changed(snapshot(row), table.name, change)
            self.bring(after)
        else:
            past = Revision.objects.of(row).last()
            (state,) = with_present_slugs([past.snapshot])
            state = state | {table.name: [state[table.name][0] | {"slug": row.slug}]}
            with acting():
                after = self.changed(state, table.name, change)
                acts.save(entry=row, after=after, seen=past.number, note="Changed.")

    @rule(number=numbers, source=numbers)
    def empty(self, number, source):
        """Take all parts and texts out of a meeting; it rests on one source then."""
        if meetings := self.rows("meetings"):
            row = meetings[number % len(meetings)]
            own = snapshot(row)["meetings"][0]
            own |= {"body": "", "place": "", "sources": self.slug("sources", source)}
            with acting():
                acts.save(entry=row, after={"meetings": [own]}, note="Emptied.")

    @rule(number=numbers)
    def delete_reference(self, number):
        """Delete a row that entries share, if nothing public ever showed it."""
        names = ("actors", "sources", "places")
        if rows := [self.index_of(name) + n for name in names for n in range(len(self.rows(name)))]:
            self.delete(rows[number % len(rows)], by_file=bool(number % 2))

    @rule(number=numbers, slug=st.sampled_from(SLUGS), by_file=st.booleans())
    def rename(self, number, slug, by_file):
        if row := self.row(number):
            name = TABLES_BY_MODEL[type(row)].name
            if by_file:
                self.bring({name: [{"slug": row.slug, "new_slug": slug}]})
                return
            with acting():
                state = snapshot(row)
                after = {
                    table: [
                        cells | {column: slug}
                        for cells in rows
                        for column in [TABLES_BY_NAME[table].owner or "slug"]
                    ]
                    for table, rows in state.items()
                }
                assert after[name][0]["slug"] == slug
                acts.save(entry=row, after=after, note="Renamed.")

    @rule(number=numbers, days=st.sampled_from([0, 0, 10]))
    def publish(self, number, days):
        row = self.row(number)
        if isinstance(row, Publishable):
            with acting():
                state = snapshot(row)
                (name,) = [table for table, rows in state.items() if "status" in rows[0]]
                due = f"{self.now + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}" if days else ""
                after = state | {name: [state[name][0] | {"publish_at": due}]}
                acts.publish(entry=row, after=after, note="Ready.")

    @rule(number=numbers)
    def withdraw(self, number):
        if isinstance(row := self.row(number), Publishable):
            with acting():
                acts.withdraw(entry=row, reason="Wrong.")

    @rule(number=numbers, is_review=st.booleans())
    def take_back(self, number, is_review):
        if isinstance(row := self.row(number), Publishable):
            with acting():
                if is_review:
                    acts.submit(entry=row)
                else:
                    acts.back_to_draft(entry=row, note="Not ready.")

    @rule(number=numbers, by_file=st.booleans())
    def delete(self, number, by_file):
        if row := self.row(number):
            name, slug = TABLES_BY_MODEL[type(row)].name, row.slug
            with acting():
                if not by_file:
                    acts.delete(entry=row)
                elif not self.bring({name: [{"slug": slug, "remove": "true"}]}):
                    return
                self.deleted.add((name, slug))

    @rule(number=numbers, other=numbers)
    def remove_part(self, number, other):
        """Take a part out of a meeting by a file."""
        if meetings := self.rows("meetings"):
            state = snapshot(meetings[number % len(meetings)])
            parts = [(name, row) for name, rows in state.items() for row in rows][1:]
            if parts:
                name, cells = parts[other % len(parts)]
                key = {column: cells[column] for column in TABLES_BY_NAME[name].key}
                self.bring({name: [key | {"remove": "true"}]})

    @rule(number=numbers)
    def undo(self, number):
        done = list(Import.objects.filter(state="done").exclude(act="restore").order_by("pk"))
        if done:
            before = {
                (table.name, row.slug)
                for table in VERSIONED_TABLES
                for row in self.rows(table.name)
            }
            with acting():
                undo.undo_import(imported=done[number % len(done)], note="Taken back.")
            after = {
                (table.name, row.slug)
                for table in VERSIONED_TABLES
                for row in self.rows(table.name)
            }
            self.deleted |= before - after

    @rule(name=st.sampled_from(MERGED), number=numbers, other=numbers)
    def merge(self, name, number, other):
        """Merge two rows of a kind; ``undo`` takes it back as it does imports."""
        for slug in range(len(SLUGS)):
            if len(self.rows(name)) < 2:
                self.add(name, slug)
        rows = self.rows(name)
        if len(rows) < 2:
            return
        kept = rows.pop(number % len(rows))
        gone = rows[other % len(rows)]
        with acting():
            seen = merges.plan_merge(kept=kept, gone=gone).digest
            merges.apply_merge(kept=kept, gone=gone, seen=seen, note="One.")
            self.merged[type(gone), gone.pk] = kept.pk

    @rule(number=numbers, back=st.integers(1, 8))
    def restore(self, number, back):
        if row := self.row(number):
            with acting():
                plan = restore.plan_restore(entry=row, number=max(row.revision - back, 1))
                restore.apply_restore(planned=plan, note="Restored.")

    @rule(number=numbers)
    def recover(self, number):
        """Add again what was deleted."""
        deleted = [
            (table, revision)
            for table in VERSIONED_TABLES
            for revision in recovery.deleted_revisions(table.model)
        ]
        if deleted:
            table, revision = deleted[number % len(deleted)]
            with acting():
                recovery.recover(revision=revision, model=table.model)

    @rule(number=numbers, change=numbers)
    def propose(self, number, change):
        """Prepare a change beside what is public, or change the one that is prepared."""
        if row := self.row(number):
            stored = proposals.proposal_of(row)
            after = self.changed(snapshot(row), TABLES_BY_MODEL[type(row)].name, change)
            with acting():
                proposals.save_proposal(
                    entry=row,
                    after=after,
                    seen=stored.number if stored else 0,
                    seen_revision=row.revision,
                )

    @rule(number=numbers, days=st.sampled_from([0, 0, 1]))
    def publish_proposal(self, number, days):
        """Publish a proposal, or give it a time; of what both changed take one or the other."""
        found = list(Proposal.objects.order_by("pk"))
        if not found:
            return
        proposal = found[number % len(found)]
        entry = scheduled_proposals.entry_of(proposal)
        details = {
            "entry": entry,
            "seen": proposal.number,
            "seen_revision": entry.revision,
            "note": "Prepared.",
        }
        act = proposals.publish_proposal
        if days:
            details["publish_at"] = self.now + timedelta(days=days)
            act = scheduled_proposals.schedule_proposal
        with acting():
            try:
                act(**details)
            except errors.Stale as asked:
                taken = joins.YOURS if number % 2 else joins.THEIRS
                choices = {each.name: joins.answer(each, taken) for each in asked.conflicts}
                act(**details, choices=choices)

    @rule(number=numbers)
    def discard_proposal(self, number):
        found = list(Proposal.objects.order_by("pk"))
        if found:
            proposal = found[number % len(found)]
            with acting():
                proposals.discard_proposal(
                    entry=scheduled_proposals.entry_of(proposal), seen=proposal.number
                )

    @rule(days=st.sampled_from([1, 12]))
    def let_time_pass(self, days):
        self.now += timedelta(days=days)
        while scheduled_proposals.publish_next_due():
            pass


class acting(suppress):
    """Act in a savepoint; what is refused leaves nothing behind."""

    def __init__(self):
        super().__init__(errors.Refused)
        self.savepoint = transaction.atomic()

    def __enter__(self):
        self.savepoint.__enter__()

    def __exit__(self, *raised):
        self.savepoint.__exit__(*raised)
        return super().__exit__(*raised)


SOAK_SEEDS = [pytest.param(seed, marks=pytest.mark.soak) for seed in range(1, 11)]


@pytest.mark.parametrize("number", [0, *SOAK_SEEDS])
def test_promises_hold_after_every_act(number):
    """In the gate always the same few acts; in the soak ten seeds of many more."""
    is_soak = number > 0
    run_state_machine_as_test(
        seed(number)(Acts),
        settings=settings(
            max_examples=30 if is_soak else 12 if connection.vendor == "sqlite" else 4,
            stateful_step_count=40 if is_soak else 18,
            deadline=None,
            database=None,
            # A failure is made smaller in the soak only: that takes minutes.
            phases=(Phase.generate, Phase.shrink) if is_soak else (Phase.generate,),
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
