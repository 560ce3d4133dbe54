"""Rights: what a user may do, by the kind of a row and by whether it is part of the public record.

Each right is asked here, of every road: the desk, files, undo and restore. None for a user is the
operator of the machine, as in commands, who may do everything. The groups are made by migrations.
"""

from collections.abc import Callable, Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import models

from ..models import Publishable, Reference
from .changes import EntryChange
from .public_history import had_periods
from .usage import in_public_record

Status = Publishable.Status
# The statuses in which an entry has a public address.
PUBLIC_STATUSES = {Status.PUBLISHED, Status.WITHDRAWN}
ADDRESS_WAS_PUBLIC = (
    "This address was public. Ask somebody who may publish to change it; the old one then leads on."
)
# Return the missing permission for an act on a row of a model, public or not, or nothing.
PermissionCheck = Callable[[str, type[models.Model], bool], str]
IMPORT_VERBS = {"import_record": "import rows", "undo_import": "undo imports"}


def require_permission(user: AbstractBaseUser | None, act: str, row: models.Model) -> None:
    """Raise PermissionDenied unless ``user`` may add, change or delete a row as it is now."""
    if refused := row_problem(user, act, row):
        raise PermissionDenied(refused)


def is_allowed(user, act: str, row: models.Model) -> bool:
    """Return whether ``user`` may add, change or delete a row as it is now."""
    return not row_problem(user, act, row)


def row_problem(user, act: str, row: models.Model) -> str:
    """Return the sentence that names the right which ``user`` lacks for a row, or nothing."""
    model = type(row)
    problem = permission_problem(user, act, model)
    if problem or may_change_public(user, model):
        return problem
    return permission_problem(user, act, model, is_public(row))


def is_public(row: models.Model) -> bool:
    """Return whether a stored row is part of the public record: by its status, or by its use."""
    if isinstance(row, Publishable):
        return row.status in PUBLIC_STATUSES
    if isinstance(row, Reference) and row.pk:
        return bool(in_public_record(type(row), [row.pk]))
    return False


def permission_problem(user, act: str, model: type[models.Model], is_public: bool = False) -> str:
    """Return the sentence that names the right which ``user`` lacks, or nothing.

    What is part of the public record needs the right to publish, too.
    """
    options = model._meta
    if user is not None and not user.has_perm(f"meetings.{act}_{options.model_name}"):
        return f"You may not {act} {options.verbose_name_plural}."
    if not is_public or may_change_public(user, model):
        return ""
    if issubclass(model, Reference):
        return f"You may not {act} {options.verbose_name_plural} that are or were public."
    return f"You may not publish {options.verbose_name_plural}."


def may_change_public(user, model: type[models.Model]) -> bool:
    """Return whether ``user`` may publish rows of a model, and change what of them is public."""
    return user is None or user.has_perm(f"meetings.publish_{model._meta.model_name}")


def require_import_permission(user, permission: str) -> None:
    """Raise PermissionDenied unless ``user`` may import, or undo imports."""
    if user is not None and not user.has_perm(f"meetings.{permission}"):
        raise PermissionDenied(f"You may not {IMPORT_VERBS[permission]}.")


def public_changes(changes: Sequence[EntryChange]) -> set[int]:
    """Return the ``id()`` of those changes of rows of one table that change the public record.

    An entry is part of it as it was or as it becomes, by its status; a reference by what uses it.
    """
    stored = [change.pk for change in changes if change.pk]
    model = changes[0].own.model if stored else models.Model
    public = in_public_record(model, stored) if issubclass(model, Reference) else set()
    return {
        id(change)
        for change in changes
        if change.pk in public or {change.status, change.former_status} & PUBLIC_STATUSES
    }


def check_permissions(change: EntryChange, find_problem: PermissionCheck, is_public: bool) -> None:
    """Refuse what the user may not do with the entry as it was, or with what it becomes."""
    if not change.is_sound or not change.cells:
        return
    act = "change" if change.pk else "add"
    if problem := find_problem(act, change.own.model, is_public):
        change.denied = problem
        change.refuse(problem)


def check_public_addresses(changes: list[EntryChange]) -> None:
    """Refuse another address for an entry that was public: visitors would be led on from it."""
    renamed = {change.pk: change for change in changes if change.pk and change.is_renamed}
    if renamed and issubclass(changes[0].own.model, Publishable):
        for pk in had_periods(changes[0].own.model, renamed):
            renamed[pk].refuse_cell("slug", ADDRESS_WAS_PUBLIC)
