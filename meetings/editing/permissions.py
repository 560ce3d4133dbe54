"""Rights: what a user may do, by the kind of a row and by whether it is part of the public record.

Each right is asked here, of every road: the desk, files, undo and restore. None for a user is the
operator of the machine, as in commands, who may do everything. The groups are made by migrations.
"""

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import models

from ..models import Publishable, Reference
from .usage import in_public_record

Status = Publishable.Status
# The statuses in which an entry has a public address.
PUBLIC_STATUSES = {Status.PUBLISHED, Status.WITHDRAWN}
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
