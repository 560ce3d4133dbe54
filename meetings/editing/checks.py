"""Rules of the acts on one entry: permissions, stale forms, status, publishing, addresses.

``acts`` calls them inside an act's transaction. They only read, except ``redirect_old_address``.
"""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import models

from ..models import Page, Publishable, Redirect, Revision, Source, VersionedModel
from ..models.pages import HOME_SLUG
from ..tables.registry import TABLES_BY_MODEL
from . import citations
from .errors import Refused, Stale
from .public_history import had_periods, were_public
from .snapshots import Change, Snapshot, compare, with_present_slugs

Status = Publishable.Status
REFERENCE_WAS_PUBLIC = (
    "It was public, so it is kept, unused: what was published names it, and its address is given"
    " to nothing else."
)
NOT_PUBLIC_YET = "It is not public yet. Take it back to draft instead."


def refuse_if_stale(current: VersionedModel, seen: int | None) -> None:
    """Raise Stale if the row was changed since revision ``seen``; None skips the check."""
    # A form opened before the row had a revision shows what its first one holds.
    if seen is None or seen == current.revision or (seen, current.revision) == (0, 1):
        return
    past = Revision.objects.of(current)
    base = past.filter(number=max(seen, 1)).first()
    latest = past.select_related("made_by").first()
    changes: list[Change] = []
    if base and latest:
        changes = list(compare(*with_present_slugs([base.snapshot, latest.snapshot])))
    who, when = author_and_time(latest)
    problem = (
        f"This entry was changed by {who} at {when}. Your text is kept below."
        " Compare, then save again."
    )
    raise Stale([problem], latest, changes)


def author_and_time(revision: Revision | None) -> tuple[str, str]:
    """Return who made a revision and when, as messages say it."""
    if revision is None:
        return "an import", ""
    user, at = revision.made_by, revision.made_at
    who = (user.get_full_name() or user.get_username()) if user else "an import"
    return who, f"{at:%H:%M} UTC on {at.day} {at:%B %Y}"


def require_permission(user: AbstractBaseUser | None, act: str, entry: models.Model) -> None:
    """Raise PermissionDenied unless ``user`` may; None is the operator, who may do everything."""
    if refused := permission_problem(user, act, entry):
        raise PermissionDenied(refused)


def is_allowed(user, act: str, entry: models.Model) -> bool:
    """Return whether ``user`` may add, change or delete."""
    return not permission_problem(user, act, entry)


def permission_problem(user, act: str, entry: models.Model) -> str:
    """Return the sentence that names the permission which ``user`` lacks, or nothing.

    An entry that is published or withdrawn needs the permission to publish, too.
    """
    asked = [act]
    if getattr(entry, "status", "") in {Status.PUBLISHED, Status.WITHDRAWN}:
        asked.append("publish")
    for verb in asked if user is not None else ():
        if not user.has_perm(f"meetings.{verb}_{entry._meta.model_name}"):
            return f"You may not {verb} {entry._meta.verbose_name_plural}."
    return ""


def status_problem(entry: Any, status: str) -> str:
    """Return why a stored entry cannot be given a status now, or nothing.

    What is scheduled and was never public cannot be withdrawn: it has no public address yet.
    """
    if problem := transition_problem(entry.status, status):
        return problem
    if status == Status.WITHDRAWN and entry.is_scheduled and not was_public(entry):
        return NOT_PUBLIC_YET
    return ""


def transition_problem(old: str, new: str) -> str:
    """Return why no entry of one status can be given another, or nothing."""
    if new == Status.REVIEW and old != Status.DRAFT:
        return "Only a draft can be sent to review."
    if new == Status.WITHDRAWN and old != Status.PUBLISHED:
        return "Only a published entry can be withdrawn."
    return ""


def refuse_transition(current: Any, status: str, note: str, user) -> None:
    """Raise Refused unless a stored entry can be given a status by ``user``, with this note."""
    if problem := status_problem(current, status):
        raise Refused([problem])
    was_shown = current.status == Status.PUBLISHED or was_public(current)
    is_taken_back = status == Status.DRAFT and was_shown
    if is_taken_back and user is not None and not note.strip():
        raise Refused(["Write a change note: one line, public, on why it is taken back."])


def was_public(entry: VersionedModel) -> bool:
    """Return whether an entry or a reference is or ever was public."""
    return bool(were_public(type(entry), [entry.pk]))


def deletion_problem(entry: VersionedModel) -> str:
    """Return why a row cannot be deleted, or nothing: it was public, or something uses it."""
    if isinstance(entry, Publishable) and was_public(entry):
        return "It was public. Withdraw it: its address then gives the reason."
    if users := used_by(entry):
        return f"It is used by {', '.join(users)}. Change those first."
    return REFERENCE_WAS_PUBLIC if was_public(entry) else ""


def relations_from_others(model: type[VersionedModel]) -> Iterator[tuple[Any, str]]:
    """Yield the models of the record that refer to a model, its parts aside, and their fields."""
    parts = {table.model for table in TABLES_BY_MODEL[model].parts}
    for relation in model._meta.related_objects:
        by_part = relation.related_model in parts or getattr(relation, "through", None) in parts
        if relation.related_model in TABLES_BY_MODEL and not by_part:
            yield relation.related_model, relation.field.name


def used_by(entry: VersionedModel) -> list[str]:
    """Return how many rows of each kind refer to the entry ("1 reaction"), its parts aside."""
    users = []
    for other, field in relations_from_others(type(entry)):
        if number := other._default_manager.filter(**{field: entry}).count():
            options = other._meta
            kind = options.verbose_name if number == 1 else options.verbose_name_plural
            users.append(f"{number} {kind}")
    sources = Source.objects.all()
    if isinstance(entry, Source) and entry.slug in Source.objects.cited_in_notes_of(sources):
        users.append("a source's note")
    return users


def used_ids(model: type[VersionedModel], ids: list[int]) -> set[int]:
    """Return the ids of the rows that others refer to, their parts and each other aside."""
    used: set[int] = set()
    for other, field in relations_from_others(model):
        rows = other._default_manager.order_by().filter(**{f"{field}__in": ids})
        used.update(rows.values_list(field, flat=True))
    if model is Source:
        others = Source.objects.exclude(pk__in=set(ids) - used)
        noted = Source.objects.cited_in_notes_of(others)
        used.update(Source.objects.filter(slug__in=noted, pk__in=ids).values_list("pk", flat=True))
    return used & set(ids)


def refuse_unpublishable(entry: VersionedModel, note: str, user) -> None:
    """Raise Refused unless a published entry has a source, and each paragraph cites one.

    A user also needs a change note.
    """
    if not isinstance(entry, Publishable) or entry.status != Status.PUBLISHED:
        return
    problems = []
    if not isinstance(entry, Page):
        problems = citations.describe_uncited_paragraphs(entry)
        if not entry.sources.exists():
            problems.append("No source at all. Add one to the sources, or cite one in the text.")
    if problems:
        raise Refused([f"Cannot be published yet: {problem}" for problem in problems])
    if user is not None and not note.strip():
        raise Refused(["Write a change note: one line, public, on what changed and why."])


def redirect_old_address(entry: VersionedModel, before: Snapshot) -> None:
    """Redirect an address that was public to the entry's new one.

    Raises Refused where the new address redirects elsewhere, or may not change.
    """
    own = before.get(TABLES_BY_MODEL[type(entry)].name)
    if own and own[0]["slug"] == entry.slug:
        return
    if own and isinstance(entry, Page) and own[0]["slug"] == HOME_SLUG:
        raise Refused([f"The home page is always named “{HOME_SLUG}”. Leave its address as it is."])
    path = entry.get_absolute_url()
    old_path = type(entry)(slug=own[0]["slug"]).get_absolute_url() if own else ""
    reserved = Redirect.objects.filter(old_path=path).first()
    if reserved and reserved.new_path != old_path:
        raise Refused(
            [f"The address {path} is kept: it leads to {reserved.new_path}. Choose another."]
        )
    if not own:
        return
    # By its old slug, which is the one that notes cite.
    if isinstance(entry, Source) and used_by(Source(pk=entry.pk, slug=own[0]["slug"])):
        raise Refused(
            ["The address of a source that is cited stays as it is: texts cite it by it."]
        )
    Redirect.objects.filter(old_path=path).delete()
    Redirect.objects.filter(new_path=old_path).update(new_path=path)
    # By its earlier periods: this act has shown nothing at the old address.
    if not isinstance(entry, Publishable) or had_periods(type(entry), [entry.pk]):
        Redirect.objects.update_or_create(old_path=old_path, defaults={"new_path": path})
