"""Rules about addresses in a plan: entries' own, redirects, and the URLs of sources."""

from collections import defaultdict
from typing import Any

from ...editing import redirects
from ...models import Page, Redirect, Source
from .changes import EntryChange, RowProblem


def address_of(change: EntryChange) -> str:
    """Return the address of an entry by its slug."""
    model: Any = change.own.model
    if model is Page:
        return model(slug=change.slug).get_absolute_url()
    return f"{redirects.address_folder(model)}{change.slug}/"


def check_addresses(changes: list[EntryChange], missing: redirects.MissingSlugs) -> None:
    """Add problems of addresses to the rows of entries of one table.

    ``missing`` returns the slugs that no row of a model has, in the record or the plan.
    """
    right = [change for change in changes if not any(row.problems for row in change.rows)]
    if right and right[0].own.model is Redirect:
        check_redirects(right, missing)
    else:
        check_reserved([change for change in right if change.pk is None])
    if right and right[0].own.model is Source:
        check_sources(right)


def check_redirects(changes: list[EntryChange], missing: redirects.MissingSlugs) -> None:
    """Refuse redirects from an address with a page, or to one without."""
    by_path = {change.slug: change for change in changes}
    moves = {change.slug: change.cells["new_path"] for change in changes}
    for old, column, problem, hint in redirects.redirect_problems(moves, missing):
        row = by_path[old].rows[0]
        row.problems.append(RowProblem(column, by_path[old].cells[column], problem, hint))


def check_reserved(new: list[EntryChange]) -> None:
    """Refuse a new entry at an address that redirects elsewhere."""
    paths = {address_of(change): change for change in new}
    reserved = Redirect.objects.filter(old_path__in_array=paths)
    for old, target in reserved.values_list("old_path", "new_path"):
        problem = f"The address {old} is kept: it leads to {target}. Choose another slug."
        paths[old].rows[0].problems.append(RowProblem("slug", paths[old].slug, problem))


def check_sources(changes: list[EntryChange]) -> None:
    """Refuse a second source with the same URL; two sources may exchange theirs."""
    wanted: dict[str, list[EntryChange]] = defaultdict(list)
    for change in changes:
        if url := change.cells.get("url"):
            wanted[url].append(change)
    given_up = {change.slug for change in changes if change.cells}
    there = Source.objects.filter(url__in=list(wanted)).exclude(slug__in=given_up)
    taken = dict(there.values_list("url", "slug"))
    for url, found in wanted.items():
        for change in found:
            other = next((c.slug for c in found if c is not change), taken.get(url))
            if other:
                problem = f"This address is already source “{other}”. Use that one."
                change.rows[0].problems.append(RowProblem("url", url, problem))
