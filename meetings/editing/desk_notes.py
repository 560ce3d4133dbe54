"""Notes on entries and references for colleagues: written and taken away, with no revision."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from ..models import DeskNote, VersionedModel
from .acts import lock
from .errors import Refused
from .permissions import permission_problem

LONGEST_NOTE_CHARACTERS = 2000


def may_see_notes(user, row: VersionedModel) -> bool:
    """Return whether ``user`` may read the notes on a row, and write some: who may change such."""
    return not permission_problem(user, "change", type(row))


@transaction.atomic
def add_note(*, row: VersionedModel, text: str, user=None) -> DeskNote:
    """Leave a note on a row."""
    require_notes(user, row)
    lock(row)
    words = text.strip()
    if not words:
        raise Refused(["Write the note."])
    if len(words) > LONGEST_NOTE_CHARACTERS:
        raise Refused([f"A note has at most {LONGEST_NOTE_CHARACTERS:,} characters."])
    note = DeskNote(table=str(row._meta.model_name), object_id=row.pk, text=words, made_by=user)
    note.save()
    return note


def remove_note(*, row: VersionedModel, pk: int, user=None) -> None:
    """Take a note away for good, whoever wrote it; nothing happens if it is gone."""
    require_notes(user, row)
    DeskNote.objects.of(row).filter(pk=pk).delete()


def move_notes(*, gone: VersionedModel, kept: VersionedModel) -> None:
    """Give the notes on a row that is merged into another one to that one."""
    DeskNote.objects.of(gone).update(object_id=kept.pk)


def require_notes(user, row: VersionedModel) -> None:
    if problem := permission_problem(user, "change", type(row)):
        raise PermissionDenied(problem)
