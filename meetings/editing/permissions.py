"""Rights: what a user may do with a row, by its kind and its status."""

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import models

from ..models import Publishable

Status = Publishable.Status


def require_permission(user: AbstractBaseUser | None, act: str, entry: models.Model) -> None:
    """Raise PermissionDenied unless ``user`` may; None is the operator, who may do everything."""
    if refused := permission_problem(user, act, type(entry), getattr(entry, "status", "")):
        raise PermissionDenied(refused)


def is_allowed(user, act: str, entry: models.Model) -> bool:
    """Return whether ``user`` may add, change or delete."""
    return not permission_problem(user, act, type(entry), getattr(entry, "status", ""))


def permission_problem(user, act: str, model: type[models.Model], status: str = "") -> str:
    """Return the sentence that names the permission which ``user`` lacks, or nothing.

    An entry that is published or withdrawn needs the permission to publish, too.
    """
    asked = [act]
    if status in {Status.PUBLISHED, Status.WITHDRAWN}:
        asked.append("publish")
    for verb in asked if user is not None else ():
        if not user.has_perm(f"meetings.{verb}_{model._meta.model_name}"):
            return f"You may not {verb} {model._meta.verbose_name_plural}."
    return ""
