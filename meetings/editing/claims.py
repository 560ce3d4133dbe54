"""Claims of sources that go together with entries which they name, as in an undo.

Such a source and an entry may each name the other, so that neither could be deleted first: the
claims let go of the entries for a while.
"""

from collections.abc import Iterable

from ..models import Source
from ..tables.cells import SEPARATOR
from ..tables.registry import TABLES_BY_NAME
from .changes import EntryChange, sound
from .revisions import record_untracked_changes
from .snapshots import Snapshot

CLAIMS = TABLES_BY_NAME["claims"]


def release_claims(batches: Iterable[list[EntryChange]]) -> dict[int, Snapshot]:
    """Take all entries out of the claims of sources; return the sources as they were, by id."""
    released = {
        change.pk: change.before
        for changes in batches
        for change in sound(changes)
        if change.pk and change.before.get(CLAIMS.name)
    }
    for column in CLAIMS.many_to_many:
        through = CLAIMS.relation(column).remote_field.through
        through.objects.filter(claim__source__in_array=[*released]).delete()
    return released


def restore_claims(released: dict[int, Snapshot]) -> None:
    """Give the claims of sources that are still there the entries that are there still."""
    for source in Source.objects.filter(pk__in_array=[*released]):
        claims = {str(claim.order): claim for claim in source.claims.all()}
        for row in released[source.pk][CLAIMS.name]:
            for column, model in CLAIMS.many_to_many.items():
                slugs = row[column].split(SEPARATOR)
                rows = model._default_manager.filter(slug__in=slugs)
                getattr(claims[row["order"]], column).set(rows)
        record_untracked_changes(source)
