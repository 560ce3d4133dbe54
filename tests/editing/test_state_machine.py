"""Random acts in random order, by every road: the promises of the record hold after each.

A revision holds what the rows hold; every revision can be restored; what was public keeps its
address and its names; no page holds a word of what is not public.
"""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from meetings.editing import (
    acts,
    errors,
    joins,
    merges,
    proposals,
    recovery,
    scheduled_proposals,
)
from meetings.editing.revisions import latest_revisions
from meetings.editing.snapshots import (
    in_key_order,
    named_slugs,
    snapshot,
    snapshots,
    with_present_slugs,
)
from meetings.exporting import package
from meetings.importing import imports, restore, undo
from meetings.models import Import, Proposal, Publishable, Redirect, Revision
from meetings.tables.registry import TABLES_BY_MODEL, TABLES_BY_NAME, VERSIONED_TABLES
from tests.importing.helpers import write
from tests.periods import differing_entries

pytestmark = pytest.mark.django_db

# Few addresses, so that rows ask for those of others.
SLUGS = tuple("abc")
KINDS = ("meetings", "issues", "reactions", "milestones", "actors", "sources", "places")
MERGED = ("actors", "sources", "places", "issues")
REQUIRED = {
    "meetings": {"starts_on": "2018-07-16", "format": "summit", "event_status": "held"},
    "reactions": {"meeting": "a", "capacity": "executive", "stance": "mixed"},
    "milestones": {"occurred_on": "2018-07-17", "kind": "call"},
    "actors": {"kind": "person"},
    "sources": {"kind": "news"},
}
DEFAULTS = {"status": "draft"}
NAMES = {"reactions": "attribution", "actors": "name", "places": "city"}
TEXTS = {"meetings": "body", "issues": "body", "reactions": "summary", "milestones": "summary"}
ORDERS = ("5", "10", "20")
WORD = re.compile(r"word\d+x")
LISTS = ("/", "/meetings/", "/issues/", "/reactions/", "/people/", "/places/", "/sources/")
DATA = ("/meetings.json", "/issues.json", "/reactions.csv", "/people.json", "/sources.csv")
OTHERS = ("/timeline/", "/issues/by-meeting/", "/sitemap.xml", "/meetings.atom", "/data/")

numbers = st.integers(0, 60)
roads = st.sampled_from(["act", "file", "stale form"])


class Acts(RuleBasedStateMachine):
    """A small record on which editors act at random; what they may not do is refused."""

    def __init__(self):
        super().__init__()
        for cache in caches.all():
            cache.clear()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now, self.real_now = datetime(2026, 1, 1, tzinfo=UTC), timezone.now
        timezone.now = lambda: self.now
        self.words = 0
        # Every address that was public, with the row that it was of.
        self.shown: dict[tuple[type, str], int] = {}
        self.public_words: set[str] = set()
        # The rows that public revisions name, by the slugs that they then had.
        self.named: dict[int, set[tuple[type, int]]] = {}
        self.deleted: set[tuple[str, str]] = set()
        # The rows into which others were merged, by model and id.
        self.merged: dict[tuple[type, int], int] = {}
        for name in ("sources", "actors", "issues", "meetings"):
            self.add(name, 0)
        self.change_meeting(0, 10, "act")
        self.publish(self.index_of("meetings"), 0)

    def teardown(self):
        try:
            self.check_restoring()
            self.check_pages()
        finally:
            timezone.now = self.real_now
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)
            super().teardown()

    # Choosing

    def word(self):
        self.words += 1
        return f"word{self.words}x"

    def rows(self, name):
        return list(TABLES_BY_NAME[name].model._default_manager.order_by("pk"))

    def row(self, number):
        """Return one of all rows, or None."""
        rows = [row for name in KINDS for row in self.rows(name)]
        return rows[number % len(rows)] if rows else None

    def index_of(self, name):
        """Return the number by which ``row`` gives the first row of a table."""
        return sum(len(self.rows(other)) for other in KINDS[: KINDS.index(name)])

    def slug(self, name, number):
        slugs = [row.slug for row in self.rows(name)]
        return slugs[number % len(slugs)] if slugs else ""

    def text(self, number):
        """Return a paragraph that cites a source, if there is one."""
        source = self.slug("sources", number)
        return f"{self.word()} [@{source}]." if source else ""

    def changed(self, state, name, number):
        """Return another state of a row: other words, and some of its parts otherwise."""
        table = TABLES_BY_NAME[name]
        own = dict(state[name][0])
        own[NAMES.get(name, "title")] = self.word()
        if name in TEXTS and number % 2:
            own[TEXTS[name]] = self.text(number)
        if name == "sources" and number % 3 == 0:
            own["note"] = self.text(number // 3)
        if name == "meetings" and number % 4 == 0:
            own["place"] = self.slug("places", number)
        if name == "reactions" and number % 4 == 0:
            own["actors"] = self.slug("actors", number)
        if name == "milestones" and number % 4 == 0:
            own["meetings"] = self.slug("meetings", number)
        new = state | {name: [own]}
        if name == "meetings":
            new |= self.changed_parts(new, own["slug"], number)
        return in_key_order({key: rows for key, rows in new.items() if rows} | {table.name: [own]})

    def changed_parts(self, state, slug, number):
        outcomes = {row["order"]: row for row in state.get("outcomes", [])}
        order = ORDERS[number % 3]
        row = {"meeting": slug, "order": order, "state": "", "text": self.text(number)}
        if outcomes.pop(order, None) is None or number % 2:
            outcomes[order] = row
        parts = {"outcomes": list(outcomes.values())}
        if number % 5 == 0 and (actor := self.slug("actors", number)):
            parts["participations"] = [
                {
                    "meeting": slug,
                    "actor": actor,
                    "government": "FI",
                    "role": self.word(),
                    "presence": "",
                    "order": "",
                }
            ]
        if number % 5 == 1 and (issue := self.slug("issues", number)):
            key = {"meeting": slug, "issue": issue}
            parts["discussions"] = [
                key | dict.fromkeys(("basis", "agreement", "summary", "outcome"), "")
            ]
            account = {"government": "FI", "finding": "stated", "text": self.text(number)}
            quoted = ("quotation", "quotation_language", "quotation_source", "translation")
            parts["accounts"] = [key | account | dict.fromkeys(quoted, "")]
        return parts

    # Acts

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
            with acting(), TemporaryDirectory() as folder:
                for name, rows in after.items():
                    write(Path(folder), name, *rows)
                imports.import_path(path=Path(folder), note="Brought in.", accepts_warnings=True)
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
            self.delete(rows[number % len(rows)])

    @rule(number=numbers, slug=st.sampled_from(SLUGS))
    def rename(self, number, slug):
        if row := self.row(number):
            name = TABLES_BY_MODEL[type(row)].name
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

    @rule(number=numbers)
    def delete(self, number):
        if row := self.row(number):
            name, slug = TABLES_BY_MODEL[type(row)].name, row.slug
            with acting():
                acts.delete(entry=row)
                self.deleted.add((name, slug))

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

    def present(self, model, pk):
        """Return the id of a row, or of the one into which it was merged."""
        while (model, pk) in self.merged and not model.objects.filter(pk=pk).exists():
            pk = self.merged[model, pk]
        return pk

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

    # Promises

    @invariant()
    def time_goes_on(self):
        self.now += timedelta(seconds=1)

    @invariant()
    def revisions_hold_what_rows_hold(self):
        for table in VERSIONED_TABLES:
            numbers = dict(table.model._default_manager.values_list("pk", "revision"))
            last = latest_revisions(table, list(numbers))
            assert numbers == {pk: number for pk, (number, _) in last.items()}
            stored = dict(zip(last, with_present_slugs(s for _, s in last.values()), strict=True))
            now = snapshots(table.model, numbers)
            assert stored == now

    @invariant()
    def proposals_are_of_rows_that_are_there(self):
        for proposal in Proposal.objects.all():
            entry = scheduled_proposals.entry_of(proposal)
            with suppress(errors.Refused), transaction.atomic():
                proposals.plan_proposal(entry=entry)

    @invariant()
    def what_is_public_now_is_in_a_period(self):
        assert differing_entries() == []

    @invariant()
    def what_was_public_keeps_its_address(self):
        for name in KINDS:
            model = TABLES_BY_NAME[name].model
            for row in model.objects.published():
                state = snapshot(row)
                self.public_words |= set(WORD.findall(str(state)))
                assert self.shown.setdefault((model, row.slug), row.pk) == row.pk
                self.name(row, state)
        for (model, slug), pk in self.shown.items():
            address = model(slug=slug).get_absolute_url()
            row = model.objects.filter(slug=slug).first()
            if row is None:
                target = Redirect.objects.get(old_path=address).new_path
                row = next(
                    each for each in model.objects.all() if each.get_absolute_url() == target
                )
            assert row.pk == self.present(model, pk), address

    def name(self, row, state):
        """Remember which public rows a public state names; a draft that it names may be deleted."""
        revision = Revision.objects.latest_of(row).pk
        if revision in self.named:
            return
        self.named[revision] = {
            (model, pk)
            for model, slugs in named_slugs([state]).items()
            for pk in model.objects.published().filter(slug__in=slugs).values_list("pk", flat=True)
        }

    @invariant()
    def what_was_public_names_the_same_rows_for_ever(self):
        past = dict(Revision.objects.filter(pk__in=self.named).values_list("pk", "snapshot"))
        ids = {
            (table.model, slug): pk
            for table in VERSIONED_TABLES
            for slug, pk in table.model._default_manager.values_list("slug", "pk")
        }
        present = with_present_slugs(past.values())
        for revision, state in zip(past, present, strict=True):
            names = named_slugs([state]).items()
            found = {(model, ids.get((model, slug))) for model, slugs in names for slug in slugs}
            named = {(model, self.present(model, pk)) for model, pk in self.named[revision]}
            assert named <= found

    def check_restoring(self):
        """Every revision can be restored, but for what was deleted and what the gate asks for."""
        gone = {slug for _, slug in self.deleted}
        for table in VERSIONED_TABLES:
            for row in self.rows(table.name):
                for number in {1, row.revision // 2, row.revision - 1} - {0, row.revision}:
                    with transaction.atomic():
                        self.check_plan(row, number, gone)
                        transaction.set_rollback(True)

    def check_plan(self, row, number, gone):
        with suppress(errors.Refused):
            plan = restore.plan_restore(entry=row, number=number)
            for line in plan.rows.all():
                for _, value, problem, _ in line.problems:
                    is_gone = problem.startswith("There is no ") and value in gone
                    assert is_gone or problem.startswith("Cannot be published yet"), problem

    def check_pages(self):
        client = Client()
        pages = [*LISTS, *DATA, *OTHERS]
        pages += [model(slug=slug).get_absolute_url() for model, slug in self.shown]
        for page in pages:
            response = client.get(page)
            assert response.status_code in {200, 301, 410}, page
            self.check_words(page, b"".join(response))
        with TemporaryDirectory() as folder:
            package.write(Path(folder) / "public", published=True)
            for file in (Path(folder) / "public").iterdir():
                self.check_words(file.name, file.read_bytes())
        for number in range(1, self.words + 1, 7):
            word = f"word{number}x"
            if word not in self.public_words:
                text = client.get("/search/", {"q": word}).content.decode()
                assert f"{word}</mark>" not in text

    def check_words(self, page, content):
        hidden = set(WORD.findall(content.decode("utf-8", "replace"))) - self.public_words
        assert not hidden, (page, hidden)


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
