"""Rules on addresses, and the redirects that keep those which were public."""

from collections import defaultdict
from typing import Any

from ..models import Page, Publishable, Redirect, Revision, Source
from ..models.pages import HOME_SLUG
from . import redirects
from .changes import EntryChange, sound
from .public_history import had_periods, purged_slugs
from .slug_lookup import SlugLookup
from .snapshots import kept_id, last_holders, merged_slugs
from .twins import sources_at, work_address
from .usage import users_of

MOST_COMPARED_ADDRESSES = 200
SAME_WORK = "This address is already source “{}”. Use that one."


def address_of(change: EntryChange, slug: str = "") -> str:
    """Return the address of an entry by its slug, or by another one."""
    model: Any = change.own.model
    slug = slug or change.slug
    if model is Page:
        return model(slug=slug).get_absolute_url()
    return f"{redirects.address_folder(model)}{slug}/"


def check_addresses(changes: list[EntryChange], lookup: SlugLookup) -> None:
    """Refuse addresses that entries of one table cannot have, with a few queries for all."""
    if not changes:
        return
    if changes[0].own.model is Redirect:
        check_redirects(changes, lookup)
        return
    moved = [change for change in changes if change.pk is None or change.is_renamed]
    check_free(moved)
    check_purged(moved)
    check_reserved(moved)
    check_fixed([change for change in moved if change.is_renamed])
    if changes[0].own.model is Source:
        check_urls(sound(changes))


def check_redirects(changes: list[EntryChange], lookup: SlugLookup) -> None:
    """Refuse redirects from an address with a page, or to one without."""
    for change in changes:
        if change.is_renamed and (problem := former_address_problem(change.former_slug)):
            change.refuse_cell("old_path", problem)
    by_path = {change.slug: change for change in changes}
    moves = {change.slug: change.cells["new_path"] for change in changes}
    for old, column, problem, hint in redirects.redirect_problems(moves, lookup.missing):
        by_path[old].refuse_cell(column, problem, hint)


def former_address_problem(path: str) -> str:
    """Return why the redirect from an address has to stay, or nothing.

    An address that a page of the record had leads to it for ever.
    """
    for model, slugs in redirects.split_by_model([path])[1].items():
        if Revision.objects.filter(table=model._meta.model_name, slug__in=slugs).exists():
            return "A page of the record had this address: it leads on for ever."
    return ""


def check_free(changes: list[EntryChange]) -> None:
    """Refuse a slug that another entry of the table has and keeps."""
    wanted: dict[str, EntryChange] = {}
    for change in changes:
        if change.slug in wanted:
            change.refuse_cell("slug", f"Two rows would have the slug “{change.slug}”.")
        wanted.setdefault(change.slug, change)
    if not wanted:
        return
    leaving = [change.pk for change in changes if change.pk]
    model: Any = changes[0].own.model
    others = model._default_manager.filter(slug__in_array=wanted).exclude(pk__in=leaving)
    for slug in others.values_list("slug", flat=True):
        problem = f"There is another {model._meta.verbose_name} “{slug}”. Choose another address."
        wanted[slug].refuse_cell("slug", problem)


def check_purged(changes: list[EntryChange]) -> None:
    """Refuse the slug of a row that was taken away for good."""
    wanted = {change.slug: change for change in changes}
    for slug in purged_slugs(changes[0].own.model, wanted) if wanted else ():
        wanted[slug].refuse_cell("slug", redirects.IS_PURGED.format(address_of(wanted[slug])))


def purged_problems(changes: list[EntryChange]) -> list[str]:
    """Return what speaks against rows of one table that were loaded with a reserved slug."""
    found = purged_slugs(changes[0].own.model, [change.slug for change in changes])
    return [
        redirects.IS_PURGED.format(address_of(change)) for change in changes if change.slug in found
    ]


def check_reserved(changes: list[EntryChange]) -> None:
    """Refuse an address that redirects elsewhere; an entry may go back to one of its own."""
    paths = {address_of(change): change for change in changes}
    reserved = (
        Redirect.objects.filter(old_path__in_array=paths) if paths else Redirect.objects.none()
    )
    for old, target in reserved.values_list("old_path", "new_path"):
        change = paths[old]
        is_own = change.is_renamed and target == address_of(change, change.former_slug)
        if not is_own and not is_back(change):
            problem = f"The address {old} is kept: it leads to {target}. Choose another slug."
            change.refuse_cell("slug", problem)


def is_back(change: EntryChange) -> bool:
    """Return whether an entry that was merged comes back to its address."""
    model, pk = change.own.model, change.old_pk
    if change.before or pk is None or not merged_slugs(model, {pk}):
        return False
    return last_holders(model, [change.slug]).get(change.slug) == pk


def check_fixed(renamed: list[EntryChange]) -> None:
    """Refuse another address for the home page, and for sources that are cited."""
    for change in renamed:
        if change.own.model is Page and change.former_slug == HOME_SLUG:
            change.refuse_cell(
                "slug",
                f"The home page is always named “{HOME_SLUG}”. Leave its address as it is.",
            )
    sources = {change.pk: change for change in renamed if change.pk and change.own.model is Source}
    for pk in users_of(Source, sources) if sources else ():
        sources[pk].refuse_cell(
            "slug", "The address of a source that is cited stays as it is: texts cite it by it."
        )


def check_urls(changes: list[EntryChange]) -> None:
    """Refuse a second source with the same URL; two sources may exchange theirs."""
    wanted: dict[str, list[EntryChange]] = defaultdict(list)
    for change in changes:
        if url := change.cells["url"]:
            wanted[url].append(change)
    given_up = [pk for change in changes for pk in (change.pk, change.merged_pk) if pk]
    there = Source.objects.filter(url__in=list(wanted)).exclude(pk__in=given_up)
    taken = dict(there.values_list("url", "slug"))
    for url, found in wanted.items():
        for change in found:
            other = next((c.slug for c in found if c is not change), taken.get(url))
            if other:
                change.refuse_cell("url", SAME_WORK.format(other))
    check_works([change for change in changes if change.is_sound], given_up)


def check_works(changes: list[EntryChange], given_up: list[int]) -> None:
    """Refuse a new address that differs from another source's in what tells no other work.

    Not for many at once: all addresses that are stored would have to be compared.
    """
    moved = [each for each in changes if each.cells["url"] != each.cells_before.get("url", "")]
    if len(moved) > MOST_COMPARED_ADDRESSES:
        return
    stored = sources_at((change.cells["url"] for change in moved), without=given_up)
    taken = {url: source.slug for url, source in stored.items()}
    known = {work_address(change.cells["url"]): change.slug for change in reversed(changes)}
    for change in moved:
        if url := change.cells["url"]:
            other = taken.get(url) or known[work_address(url)]
            if other != change.slug:
                change.refuse_cell("url", SAME_WORK.format(other))


def keep_old_addresses(changes: list[EntryChange]) -> None:
    """Redirect the addresses of entries of one table that were renamed, if they were public.

    Those that led to the old address lead to the new one.
    """
    renamed = [change for change in changes if change.is_renamed]
    if not renamed:
        return
    model: Any = renamed[0].own.model
    public = {change.pk for change in renamed if change.pk}
    if issubclass(model, Publishable):
        public = had_periods(model, public)
    for change in renamed:
        old, new = address_of(change, change.former_slug), address_of(change)
        Redirect.objects.filter(old_path=new).delete()
        Redirect.objects.filter(new_path=old).update(new_path=new)
        if change.pk in public:
            Redirect.objects.update_or_create(old_path=old, defaults={"new_path": new})


def lead_on(merged: list[EntryChange]) -> None:
    """Redirect the addresses of entries that are merged, and those that led to them, for ever."""
    for change in merged:
        old, new = address_of(change, change.former_slug), address_of(change, change.merged_into)
        Redirect.objects.filter(new_path=old).update(new_path=new)
        Redirect.objects.update_or_create(old_path=old, defaults={"new_path": new})


def take_addresses_back(returned: list[EntryChange]) -> None:
    """Give entries that come back their addresses again, which lead elsewhere since a merge."""
    for change in returned:
        address = address_of(change)
        redirect = Redirect.objects.filter(old_path=address).first()
        if redirect is None:
            continue
        leading = Redirect.objects.filter(new_path=redirect.new_path)
        folder = redirects.address_folder(change.own.model)
        paths = {
            path.removeprefix(folder).removesuffix("/"): path
            for path in leading.values_list("old_path", flat=True)
        }
        model: Any = change.own.model
        holders = last_holders(model, paths)
        own = [path for slug, path in paths.items() if is_of(model, holders.get(slug), change)]
        redirect.delete()
        leading.filter(old_path__in=own).update(new_path=address)


def is_of(model: Any, pk: int | None, change: EntryChange) -> bool:
    """Return whether a row is that of a change, or was merged into it, perhaps by way of others."""
    passed = set()
    while pk is not None and pk != change.old_pk and pk not in passed:
        passed.add(pk)
        pk = kept_id(model, pk)
    return pk == change.old_pk


def free_addresses(deleted: list[EntryChange]) -> None:
    """Delete the redirects to the addresses of entries that are deleted."""
    paths = [address_of(change, change.former_slug) for change in deleted]
    Redirect.objects.filter(new_path__in=paths).delete()
