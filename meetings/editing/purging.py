"""Purging: for good away with what an undone import had published by mistake.

The one exception to the rule that what was public stays in the record. A tombstone reserves the
key of each row; of its text, its revisions and its files nothing is left but in backups. What a
release holds is kept until that was withdrawn, and with it goes the file of the release.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from functools import partial
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from ..models import (
    DeskNote,
    Import,
    ImportRow,
    Proposal,
    Publication,
    RecordState,
    Redirect,
    Release,
    Revision,
    Tombstone,
    VersionedModel,
)
from ..search import index
from ..tables.registry import TABLES_BY_MODEL, VERSIONED_TABLES, Table
from ..tables.rows import id_batches
from . import redirects
from .changes import TABLES_IN_ORDER
from .conflicts import refuse_on_conflict
from .errors import Refused
from .public_history import were_public
from .snapshots import Snapshot, named_slugs, slugs_in_notes

GRACE = timedelta(days=1)
STATES_AT_ONCE = 1_000
TOO_LATE = (
    "It was imported more than a day ago: readers and other sites may have cited what it published."
    " To purge it all the same, add --force."
)
IS_PUBLIC = "It is public."
TOUCHED = "Somebody changed it, besides the import and its undo."
HAS_PROPOSAL = "A change of it is being prepared."
HAS_NOTES = "Somebody left a note on it at the desk."
HAS_RESTORE = "Somebody planned to restore a revision of it."
HAS_REDIRECT = "Another address leads to it."
IS_RELEASED = "Release {version} holds it. Withdraw that first: withdraw_release {version}"
IS_NAMED = "What stays in the record names it, or did."
# A row: its model and id.
Name = tuple[type[VersionedModel], int]


@dataclass
class PurgeResult:
    """What a purge takes away, and what of the import's public rows it keeps and why, by slug."""

    purged: dict[Name, str] = field(default_factory=dict)
    kept: dict[Name, str] = field(default_factory=dict)
    slugs: dict[Name, str] = field(default_factory=dict)

    def keep(self, names: Iterable[Name], reason: str) -> list[Name]:
        """Keep rows for a reason; return those that were to be purged until now."""
        found = [name for name in names if name in self.purged]
        for name in found:
            self.slugs[name] = self.purged.pop(name)
            self.kept[name] = reason
        return found

    @property
    def kept_lines(self) -> list[str]:
        """The rows that are kept, each with the reason, in words."""
        return [
            f"{TABLES_BY_MODEL[model].name} {self.slugs[model, pk]}: {reason}"
            for (model, pk), reason in self.kept.items()
        ]


@transaction.atomic
def purge(
    *, imported: Import, note: str = "", is_forced: bool = False, is_dry: bool = False
) -> PurgeResult:
    """Take away for good what an undone import had added in public and nobody else touched.

    The reason is ``note``, or that of the undo. For the operator of the machine alone. Raises
    Refused, with nothing written.
    """
    current = Import.objects.select_for_update().defer("content").get(pk=imported.pk)
    refuse_purge(current, is_forced)
    chain = import_and_undos(current)
    result = PurgeResult(dict(public_rows_added(current)))
    keep_touched(result, chain)
    for release, names in releases_with(result.purged, Release.objects.standing()):
        result.keep(names, IS_RELEASED.format(version=release.version))
    keep_named(result)
    if not is_dry and result.purged:
        reason = note.strip() or last_undo(current).note
        with refuse_on_conflict("Try again."):
            take_away(result.purged, chain, reason)
    return result


def refuse_purge(imported: Import, is_forced: bool) -> None:
    """Raise Refused unless an import was undone, and is of today or ``is_forced``."""
    if imported.act != Import.Act.IMPORT or imported.state != Import.State.DONE:
        raise Refused(["Only an import can be purged."])
    if not imported.is_undone:
        raise Refused(["Undo the import first: what can go back then has gone back."])
    if not is_forced and timezone.now() - (imported.finished_at or imported.made_at) > GRACE:
        raise Refused([TOO_LATE])
    for table in VERSIONED_TABLES:
        if table.model._default_manager.filter(revision=0).exists():
            raise Refused([f"Some {table.name} have no revision yet. Run record_loaded first."])


def last_undo(imported: Import) -> Import:
    """Return the finished undo of an import that was made last."""
    done = imported.undoings.filter(state=Import.State.DONE)
    return done.latest("pk")


def import_and_undos(imported: Import) -> set[int]:
    """Return the ids of an import, its undos, theirs, and so on."""
    found, new = set(), {imported.pk}
    while new:
        found |= new
        new = {*Import.objects.filter(undoes__in=new).values_list("pk", flat=True)} - found
    return found


def public_rows_added(imported: Import) -> Iterator[tuple[Name, str]]:
    """Yield the rows that an import added and that were public at some time, with their slugs."""
    first = Revision.objects.filter(from_import=imported, number=1).order_by("object_id")
    for table in VERSIONED_TABLES:
        model: Any = table.model
        made = first.filter(table=model._meta.model_name)
        for batch in id_batches(made.values_list("object_id", flat=True)):
            public = were_public(model, batch)
            rows = model._default_manager.filter(pk__in_array=public).order_by("pk")
            for pk, slug in rows.values_list("pk", "slug"):
                yield (model, pk), slug


def keep_touched(result: PurgeResult, chain: set[int]) -> None:
    """Keep what is public, and what somebody touched besides the import and its undos."""
    for model, ids in by_model(result.purged).items():
        name = model._meta.model_name
        for batch in id_batches(ids):
            own = Q(table=name, object_id__in_array=batch)
            restored = Q(restores__table=name, restores__object_id__in_array=batch)
            of_others = Revision.objects.filter(own).exclude(from_import__in=chain)
            found: list[tuple[str, models.QuerySet, str]] = [
                (IS_PUBLIC, model.objects.published().filter(pk__in_array=batch), "pk"),
                (TOUCHED, of_others, "object_id"),
                (HAS_PROPOSAL, Proposal.objects.filter(own), "object_id"),
                (HAS_NOTES, DeskNote.objects.filter(own), "object_id"),
                (HAS_RESTORE, Import.objects.filter(restored), "restores__object_id"),
            ]
            for reason, rows, column in found:
                pks = rows.order_by().values_list(column, flat=True)
                result.keep([(model, pk) for pk in pks], reason)
    paths = {address_of(name, slug): name for name, slug in result.purged.items()}
    leading = Redirect.objects.filter(new_path__in_array=paths)
    result.keep([paths[path] for path in leading.values_list("new_path", flat=True)], HAS_REDIRECT)


def releases_with(
    purged: dict[Name, str], releases: models.QuerySet[Release]
) -> Iterator[tuple[Release, list[Name]]]:
    """Yield the releases that hold rows which are to be purged, with these."""
    for release in releases:
        held = {name: {*slugs} for name, slugs in release.slugs.items()}
        tables = ((name, TABLES_BY_MODEL[name[0]].name) for name in purged)
        if names := [name for name, table in tables if purged[name] in held.get(table, ())]:
            yield release, names


def keep_named(result: PurgeResult) -> None:
    """Keep what any revision or open change of another row names, and what those kept name."""
    names = {(model, slug): (model, pk) for (model, pk), slug in result.purged.items()}

    def keep_those_in(states: list[Snapshot]) -> list[Name]:
        slugs = [(model, slug) for model, found in names_in(states).items() for slug in found]
        return result.keep([names[pair] for pair in slugs if pair in names], IS_NAMED)

    keep_those_in(list(Proposal.objects.values_list("snapshot", flat=True)))
    going = {(str(model._meta.model_name), pk) for model, pk in result.purged}
    left = list(result.kept)
    for states in states_of(lambda row: row not in going):
        left += keep_those_in(states)
    while left:
        kept = {(str(model._meta.model_name), pk) for model, pk in left}
        left = []
        for states in states_of(kept.__contains__):
            left += keep_those_in(states)


def names_in(states: list[Snapshot]) -> dict[Any, set[str]]:
    """Return the slugs that snapshots name, in their cells and in the notes of sources."""
    found = named_slugs(states)
    source = next(table.model for table in VERSIONED_TABLES if table.name == "sources")
    found[source] |= slugs_in_notes(states)
    return found


def states_of(is_asked: Callable[[tuple[str, int]], bool]) -> Iterator[list[Snapshot]]:
    """Yield the snapshots of all revisions of some rows, many at a time."""
    batch: list[Snapshot] = []
    rows = Revision.objects.order_by().values_list("table", "object_id", "snapshot")
    for table, pk, state in rows.iterator(chunk_size=STATES_AT_ONCE):
        if is_asked((table, pk)):
            batch.append(state)
        if len(batch) == STATES_AT_ONCE:
            yield batch
            batch = []
    yield batch


def take_away(purged: dict[Name, str], chain: set[int], reason: str) -> None:
    """Delete rows with all that tells of them, and leave a tombstone for each."""
    today = timezone.now().astimezone(UTC).date()
    Tombstone.objects.bulk_create(
        Tombstone(table=str(model._meta.model_name), slug=slug, purged_on=today, reason=reason)
        for (model, _), slug in purged.items()
    )
    ids = by_model(purged)
    for table in reversed(TABLES_IN_ORDER):
        for batch in id_batches(ids.get(table.model, [])):
            delete_rows(table, batch)
    tables = {name.name for model in ids for name in with_parts(TABLES_BY_MODEL[model])}
    slugs = set(purged.values())
    ImportRow.objects.filter(plan__in=chain, table__in=tables, entry__in_array=slugs).delete()
    for release, _ in releases_with(purged, Release.objects.exclude(withdrawn_at=None)):
        transaction.on_commit(partial(release.file.storage.delete, str(release.file.name)))
    RecordState.objects.mark_changed(takes_out=True)


def delete_rows(table: Table, ids: list[int]) -> None:
    """Delete rows of one table with their parts, revisions, periods and index."""
    model: Any = table.model
    own = Q(table=model._meta.model_name, object_id__in_array=ids)
    Publication.objects.filter(own).delete()
    Revision.objects.filter(own).delete()
    index.remove(model, ids)
    for part in table.parts:
        part.model._default_manager.filter(**{f"{part.owner}__in_array": ids}).delete()
    models.QuerySet(model).filter(pk__in_array=ids).delete()


def with_parts(table: Table) -> tuple[Table, ...]:
    return (table, *table.parts)


def by_model(names: Iterable[Name]) -> dict[Any, list[int]]:
    """Return the ids of rows by model."""
    found: dict[Any, list[int]] = defaultdict(list)
    for model, pk in names:
        found[model].append(pk)
    return found


def address_of(name: Name, slug: str) -> str:
    """Return the address of a row's page."""
    return f"{redirects.address_folder(name[0])}{slug}/"
