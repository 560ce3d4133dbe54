"""Releases as acts: who may make and withdraw them, and what of them is not public any more."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils import timezone

from ..models import RecordState, Release
from ..tables.registry import TABLES_BY_NAME
from .errors import Refused
from .public_history import Ending, ending_of

RELEASE_PERMISSION = "meetings.make_release"
MOST_ENDED_SHOWN = 1_000


def require_right(user) -> None:
    """Raise PermissionDenied unless ``user`` may make and withdraw releases."""
    if user is not None and not user.has_perm(RELEASE_PERMISSION):
        raise PermissionDenied("You may not make or withdraw releases.")


def newest() -> Release | None:
    """Return the newest release that was not withdrawn."""
    return Release.objects.standing().defer("slugs").first()


def refuse_release(note: str, user) -> None:
    """Raise PermissionDenied or Refused unless ``user`` may make a release with a note."""
    require_right(user)
    if not note.strip():
        raise Refused(["Write a note: one line, public, on what this release is."])


def refuse_same(digest: str) -> None:
    """Raise Refused if the newest release has the same rows."""
    last = newest()
    if last and last.digest == digest:
        raise Refused([f"Nothing changed since release {last.version}."])


def keep_release(release: Release, stream: IO[bytes]) -> Release:
    """Store the file of a new release, and then its row; raise Refused, with neither kept.

    The file comes first: a row without one would be a promise that nobody keeps.
    """
    storage = release.file.storage
    refuse_same(release.digest)
    name = storage.save(f"{release.version}.zip", File(stream))
    try:
        with transaction.atomic():
            release.file.name = name
            release.save(force_insert=True)
            RecordState.objects.mark_changed()
    except BaseException as error:
        storage.delete(name)
        if isinstance(error, IntegrityError):
            text = f"There is a release {release.version} already, or somebody makes it just now."
            raise Refused([text]) from error
        raise
    return release


@transaction.atomic
def withdraw(*, release: Release, reason: str, user=None) -> None:
    """Withdraw a release: its addresses answer 410 with the reason. Its file is kept in storage."""
    require_right(user)
    if not reason.strip():
        raise Refused(["Say why the release is withdrawn. The reason is public."])
    current = Release.objects.select_for_update().defer("slugs").get(pk=release.pk)
    if current.withdrawn_at:
        raise Refused(["This release was withdrawn already."])
    current.withdrawn_at, current.withdrawn_by = timezone.now(), user
    current.withdrawn_because = reason.strip()
    current.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
    RecordState.objects.mark_changed(takes_out=True)


def ending_of_release(release: Release) -> Ending | None:
    """Return how a release ceased to be public, or None."""
    if release.withdrawn_at is None:
        return None
    return Ending(
        str(release),
        release.withdrawn_at.date(),
        release.withdrawn_because,
        is_withdrawal=True,
        what="release",
    )


@dataclass(frozen=True)
class Ended:
    """A row that a release holds and that is not public any more, and what its address tells."""

    kind: str
    slug: str
    address: str
    ending: Ending


def ended_since(release: Release) -> Iterator[Ended]:
    """Yield what a release holds that was withdrawn since, taken back, or is used no more.

    What was renamed or merged since is left out: its address leads on.
    """
    for name, slugs in release.slugs.items():
        model: Any = TABLES_BY_NAME[name].model
        public = model.objects.published().order_by().values_list("slug", flat=True)
        for slug in sorted({*slugs} - {*public}):
            if ending := ending_of(model, slug):
                address = model(slug=slug).get_absolute_url()
                yield Ended(str(model._meta.verbose_name), slug, address, ending)
