"""Write the periods of the past and the marks of references, as the revisions show them."""

from collections import defaultdict
from datetime import UTC, datetime
from itertools import groupby, pairwise
from operator import attrgetter, itemgetter

from django.db import migrations
from django.db.models.fields.json import KT
from django.utils import timezone

from meetings.text.markdown import cited_slugs

BATCH_ROWS = 500
# The models of entries, and their tables in snapshots.
ENTRIES = {
    "Meeting": "meetings",
    "Issue": "issues",
    "Reaction": "reactions",
    "Theme": "themes",
    "Milestone": "milestones",
    "Page": "pages",
}
# The columns of snapshots that name references; several slugs are separated by "|".
REFERENCES = {
    "meetings": {"place": "Place", "sources": "Source"},
    "participations": {"actor": "Actor"},
    "reactions": {"actors": "Actor", "quotation_source": "Source", "sources": "Source"},
} | {name: {"sources": "Source"} for name in ("issues", "themes", "milestones", "pages")}
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


class PastRevision:
    """What one revision says of an entry's publication."""

    def __init__(self, pk, number, made_at, act, status, publish_at):
        self.pk, self.made_at = pk, made_at
        is_first = number == 1
        due = datetime.fromisoformat(publish_at) if publish_at else None
        self.starts_at = None
        if status == "published" and act != "delete":
            is_due_time = due and (due > made_at or (is_first and act == "load"))
            self.starts_at = due if is_due_time else made_at
        self.came_withdrawn = is_first and status == "withdrawn" and (not due or due <= made_at)


def periods_of(revisions):
    """Return the periods of an entry from its revisions.

    A schedule that was changed before its time leaves no period.
    """
    found, running = [], None
    for each in revisions:
        starts_at = each.starts_at
        if running and running["since"] <= each.made_at:
            if starts_at and starts_at <= each.made_at:
                continue
            running |= {"until": each.made_at, "ended_by_id": each.pk}
        elif running:
            found.pop()
        elif each.came_withdrawn:
            found.append({"since": None, "until": each.made_at})
        running = None
        if starts_at:
            running = {"since": starts_at, "until": None, "began_by_id": each.pk}
            found.append(running)
    return found


def write_periods(apps):
    Revision = apps.get_model("meetings", "Revision")
    Publication = apps.get_model("meetings", "Publication")
    for model, table in ENTRIES.items():
        past = Revision.objects.filter(table=model.lower()).order_by("object_id", "number")
        had, due = (KT(f"snapshot__{table}__0__{column}") for column in ("status", "publish_at"))
        rows = past.annotate(had=had, due=due).values_list(
            "object_id", "pk", "number", "made_at", "act", "had", "due"
        )
        new = []
        for pk, own in groupby(rows.iterator(), itemgetter(0)):
            periods = periods_of(PastRevision(*values) for _, *values in own)
            new += [Publication(table=model.lower(), object_id=pk, **each) for each in periods]
            if len(new) >= BATCH_ROWS:
                Publication.objects.bulk_create(new)
                new = []
        Publication.objects.bulk_create(new)


class Marks:
    """The earliest times at which references were shown, by model and id."""

    def __init__(self, apps):
        self.models = {
            name: apps.get_model("meetings", name)
            for name in ("Actor", "Place", "Source", "Revision", "Publication")
        }
        self.revisions = self.models["Revision"].objects
        self.now = timezone.now()
        self.times = {"Actor": {}, "Place": {}, "Source": {}}
        self.ids = {model: self.ids_by_slug(model) for model in self.times}

    def ids_by_slug(self, model):
        """Return the ids of a model's rows by the slugs they have, or had last of all rows."""
        past = self.revisions.filter(table=model.lower()).order_by("made_at", "pk")
        present = self.models[model].objects.values_list("slug", "pk")
        return dict(past.values_list("slug", "object_id")) | dict(present)

    def add_entries(self, table):
        """Add what the revisions of entries showed in their periods."""
        periods = defaultdict(list)
        begun = self.models["Publication"].objects.filter(table=table, since__lte=self.now)
        for period in begun.exclude(began_by=None):
            periods[period.object_id].append(period)
        past = self.revisions.filter(table=table).order_by("pk")
        ids = list(past.values_list("pk", flat=True))
        for start in range(0, len(ids), BATCH_ROWS):
            for each in past.filter(pk__in=ids[start : start + BATCH_ROWS]):
                for period in periods[each.object_id]:
                    if is_shown(each.pk, period):
                        is_first = period.began_by_id == each.pk
                        self.add(each.snapshot, period.since if is_first else each.made_at)

    def add(self, snapshot, at):
        """Add what a snapshot names in its cells, and cites in its texts."""
        for table, rows in snapshot.items():
            for row in rows:
                for column, model in REFERENCES.get(table, {}).items():
                    for slug in filter(None, row[column].split("|")):
                        self.add_one(model, slug, at)
                for text in row.values():
                    for slug in cited(text):
                        self.add_one("Source", slug, at)

    def add_one(self, model, slug, at):
        """Keep the time of a reference if it is its earliest; return whether it is."""
        pk, times = self.ids[model].get(slug), self.times[model]
        if pk is None or (pk in times and times[pk] <= at):
            return False
        times[pk] = at
        return True

    def add_notes(self):
        """Add what the notes of these sources cited, and the notes of those, and so on."""
        notes = list(self.notes())
        while any([self.add_note(*note) for note in notes]):
            pass

    def add_note(self, pk, since, until, slugs):
        """Add what a note cited from ``since`` to ``until``; return whether a time changed."""
        if pk not in self.times["Source"]:
            return False
        at = max(since, self.times["Source"][pk])
        return at < until and any([self.add_one("Source", slug, at) for slug in slugs])

    def notes(self):
        """Yield each note with citations: the source's id, since when, until when, the slugs."""
        past = self.revisions.filter(table="source").order_by("object_id", "number")
        rows = past.annotate(text=KT("snapshot__sources__0__note")).defer("snapshot")
        for pk, own in groupby(rows.iterator(), attrgetter("object_id")):
            for each, following in pairwise([*own, None]):
                if slugs := cited(each.text or ""):
                    yield pk, each.made_at, following.made_at if following else self.now, slugs
        unrecorded = self.models["Source"].objects.filter(note__contains="[@", revision=0)
        for pk, note in unrecorded.values_list("pk", "note"):
            yield pk, LONG_AGO, self.now, cited(note)

    def write(self):
        for model, times in self.times.items():
            rows, ids = self.models[model].objects, sorted(times)
            for start in range(0, len(ids), BATCH_ROWS):
                found = list(rows.filter(pk__in=ids[start : start + BATCH_ROWS]))
                for row in found:
                    row.first_public_at = times[row.pk]
                rows.bulk_update(found, ["first_public_at"])


def is_shown(revision, period):
    """Return whether an entry's revision was the newest in a period."""
    return period.began_by_id <= revision < (period.ended_by_id or revision + 1)


def cited(text):
    """Return the slugs that a text cites."""
    return set(cited_slugs(text)) if "[@" in text else set()


def write_past(apps, schema_editor):
    write_periods(apps)
    marks = Marks(apps)
    for model in ENTRIES:
        marks.add_entries(model.lower())
    marks.add_notes()
    marks.write()


class Migration(migrations.Migration):
    dependencies = [("meetings", "0012_publication")]
    operations = [migrations.RunPython(write_past, migrations.RunPython.noop, elidable=True)]
