"""What holds after every act, whatever was done before: the promises of the record.

A revision holds what the rows hold; every revision can be restored; what was public keeps its
address and its names; no page holds a word of what is not public.
"""

from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction
from django.test import Client
from hypothesis.stateful import invariant

from meetings.editing import errors, proposals, scheduled_proposals
from meetings.editing.revisions import latest_revisions
from meetings.editing.snapshots import named_slugs, snapshot, snapshots, with_present_slugs
from meetings.exporting import package
from meetings.importing import restore
from meetings.models import Proposal, Redirect, Revision
from meetings.tables.registry import TABLES_BY_NAME, VERSIONED_TABLES
from tests.periods import differing_entries

from .small_record import KINDS, WORD, SmallRecord

LISTS = ("/", "/meetings/", "/issues/", "/reactions/", "/people/", "/places/", "/sources/")
DATA = ("/meetings.json", "/issues.json", "/reactions.csv", "/people.json", "/sources.csv")
OTHERS = ("/timeline/", "/issues/by-meeting/", "/sitemap.xml", "/meetings.atom", "/data/")


class Promises(SmallRecord):
    """A small record that is looked at after every act."""

    def __init__(self):
        super().__init__()
        # Every address that was public, with the row that it was of.
        self.shown: dict[tuple[type, str], int] = {}
        self.public_words: set[str] = set()
        # The rows that public revisions name, by the slugs that they then had.
        self.named: dict[int, set[tuple[type, int]]] = {}
        self.deleted: set[tuple[str, str]] = set()
        # The rows into which others were merged, by model and id.
        self.merged: dict[tuple[type, int], int] = {}

    def teardown(self):
        try:
            self.check_restoring()
            self.check_pages()
        finally:
            super().teardown()

    def present(self, model, pk):
        """Return the id of a row, or of the one into which it was merged."""
        while (model, pk) in self.merged and not model.objects.filter(pk=pk).exists():
            pk = self.merged[model, pk]
        return pk

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
