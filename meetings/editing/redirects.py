"""Where the addresses that moved lead, as far as one may know of it, and where they may."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

from django.db import models

from ..models import Publishable, Redirect
from ..models.pages import ADMIN_PATH, SITE_PAGES
from ..tables.registry import REVISED
from .public_history import withdrawn

# What stands beside a page: in place of its last slash, or under its address.
IN_PLACE, UNDER = ".json", ("cite.", "card.")
# The address of a row: the folder of its kind, and its slug.
ADDRESS = re.compile(r"(?P<folder>/(?:[a-z]+/)?)(?P<slug>[-a-zA-Z0-9_]+)/")


def target(path: str, user) -> str | None:
    """Return where the address of a page, or of what stands beside it, leads now; or None."""
    old_path, ending = page_of(path)
    redirect = Redirect.objects.filter(old_path=old_path[:300]).first()
    if redirect is None or redirect.new_path not in known([redirect.new_path], user):
        return None
    page = redirect.new_path
    return page.removesuffix("/") + ending if ending == IN_PLACE else page + ending


def page_of(path: str) -> tuple[str, str]:
    """Return the address of the page that a path belongs to, and what the path has besides."""
    folder, _, name = path.rpartition("/")
    if name.startswith(UNDER):
        return f"{folder}/", name
    if name.endswith(IN_PLACE):
        return f"{path.removesuffix(IN_PLACE)}/", IN_PLACE
    return path, ""


def known(paths: Iterable[str], user=None) -> set[str]:
    """Return those paths whose page ``user`` may know of; a few queries for each kind of page.

    A draft's address stays unknown; that of what was withdrawn tells so.
    """
    found, asked = sorted_out(paths)
    for model, slugs in asked.items():
        named = model.objects.filter(slug__in=slugs)
        rows = named.visible_to(user)
        if issubclass(model, Publishable):
            rows = rows | withdrawn(named)
        names = rows.order_by().values_list("slug", flat=True)
        found.update(slugs[name] for name in names)
    return found


def sorted_out(paths: Iterable[str]) -> tuple[set[str], dict[Any, dict[str, str]]]:
    """Return the paths that always have a page, and those of rows, by model and slug."""
    found: set[str] = set()
    asked: dict[Any, dict[str, str]] = defaultdict(dict)
    for path in paths:
        match = ADDRESS.fullmatch(path)
        if path in SITE_PAGES or path.startswith(ADMIN_PATH):
            found.add(path)
        elif match and (model := folders().get(match["folder"])):
            asked[model][match["slug"]] = path
    return found, asked


@cache
def folders() -> dict[str, Any]:
    """Return the models whose rows have pages, by the folder of their addresses."""
    return {folder_of(table.model): table.model for table in REVISED}


@cache
def folder_of(model: Any) -> str:
    """Return what stands before the slug in the addresses of a model's rows."""
    return model(slug="slug").get_absolute_url().removesuffix("slug/")


def absent(model: type[models.Model], slugs: Iterable[str]) -> set[str]:
    """Return the slugs that name no row of a model, drafts included."""
    rows = model._default_manager.filter(slug__in=list(slugs))
    return set(slugs) - set(rows.values_list("slug", flat=True))


Absent = Callable[[type[models.Model], Iterable[str]], set[str]]


def misleading(moves: dict[str, str], absent: Absent = absent) -> Iterator[tuple[str, ...]]:
    """Yield what is wrong with redirects, by their old path: column, problem, the right value.

    One leads from where no page is to where one is: so none leads to another, nor in a circle.
    """
    found, asked = sorted_out({*moves, *moves.values()})
    for model, slugs in asked.items():
        lacking = absent(model, slugs)
        found.update(path for slug, path in slugs.items() if slug not in lacking)
    rows = Redirect.objects.filter(old_path__in=moves.values())
    onward = dict(rows.values_list("old_path", "new_path"))
    for old, new in moves.items():
        if old in found:
            yield old, "old_path", f"There is a page at {old}. Only what has none leads on.", ""
        if new not in found:
            problem = f"There is no page at {new}. Write the address of a page."
            yield old, "new_path", problem, onward.get(new, "")
