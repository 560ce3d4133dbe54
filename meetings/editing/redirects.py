"""Redirects from old addresses: where they lead for a user, and which of them are wrong."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

from django.db import models

from ..models import Import, Publishable, Redirect, Revision
from ..models.pages import ADMIN_PATH, SITE_PAGES
from ..tables.registry import VERSIONED_TABLES
from .public_history import no_longer_public, purged_slugs, were_public

IS_PURGED = "What stood at {} was taken away for good; the address stays empty. Choose another."
# Files of a page: its address with .json for the last slash, or names below its address.
JSON_SUFFIX, FILE_PREFIXES = ".json", ("cite.", "card.")
# Addresses of a page's history, below its own.
HISTORY_ADDRESS = re.compile(r"(?P<page>/.+/)(?P<ending>(history|timemap|r[1-9]\d*(/changes)?)/)")
# Address of a row: the folder of its kind, and its slug.
ROW_ADDRESS = re.compile(r"(?P<folder>/(?:[a-z]+/)?)(?P<slug>[-a-zA-Z0-9_]+)/")


def target(path: str, user) -> str | None:
    """Return the new address of a page or of one of its files, if ``user`` may know it, or None."""
    old_path, ending = split_page_path(path)
    redirect = Redirect.objects.filter(old_path=old_path[:300]).first()
    if redirect is None and (match := HISTORY_ADDRESS.fullmatch(path)):
        # Looked for after the page: a page, too, may be named r2.
        old_path, ending = match["page"], match["ending"]
        redirect = Redirect.objects.filter(old_path=old_path[:300]).first()
        # The history of what was merged is not that of the row into which it was.
        ending = "" if redirect and was_merged(old_path) else ending
    if redirect is None or redirect.new_path not in visible_paths([redirect.new_path], user):
        return None
    page = redirect.new_path
    return page.removesuffix("/") + ending if ending == JSON_SUFFIX else page + ending


def was_merged(path: str) -> bool:
    """Return whether the row that had an address last was merged into another one."""
    for model, slugs in split_by_model([path])[1].items():
        past = Revision.objects.filter(table=model._meta.model_name).order_by("-made_at", "-pk")
        holder = past.filter(slug__in=slugs).values("object_id")[:1]
        last = past.filter(object_id__in=holder).values_list("act", "from_import__act").first()
        return last == (Revision.Act.DELETE, Import.Act.MERGE)
    return False


def split_page_path(path: str) -> tuple[str, str]:
    """Return the address of the page that a path belongs to, and the rest of the path."""
    folder, _, name = path.rpartition("/")
    if name.startswith(FILE_PREFIXES):
        return f"{folder}/", name
    if name.endswith(JSON_SUFFIX):
        return f"{path.removesuffix(JSON_SUFFIX)}/", JSON_SUFFIX
    return path, ""


def visible_paths(paths: Iterable[str], user=None) -> set[str]:
    """Return the paths whose page ``user`` may know of, with a few queries for each kind of page.

    Drafts are left out for visitors; entries that were public, whose address answers 410, are not.
    """
    found, asked = split_by_model(paths)
    for model, slugs in asked.items():
        named = model.objects.filter(slug__in=slugs)
        rows = named.visible_to(user)
        names = {*rows.order_by().values_list("slug", flat=True)}
        if left := slugs.keys() - names:
            names |= slugs_no_longer_public(model, left)
        found.update(slugs[name] for name in names)
    return found


def slugs_no_longer_public(model: Any, slugs: Iterable[str]) -> set[str]:
    """Return those of slugs whose rows were public and are not any more."""
    rows = model.objects.filter(slug__in=slugs).order_by()
    if issubclass(model, Publishable):
        ids = set(no_longer_public(rows))
    else:
        ids = were_public(model, rows.values_list("pk", flat=True))
    return {*rows.filter(pk__in_array=ids).values_list("slug", flat=True)}


def public_entry_at(path: str) -> Any:
    """Return the entry whose page is, or was, public at a path, with or without its last slash."""
    path = f"/{path.strip('/')}/"
    _, asked = split_by_model([path])
    for model, slugs in asked.items():
        if issubclass(model, Publishable) and path in visible_paths([path]):
            return model.objects.filter(slug__in=slugs).first()
    return None


def split_by_model(paths: Iterable[str]) -> tuple[set[str], dict[Any, dict[str, str]]]:
    """Return the paths that always have a page, and those of rows, by model and slug.

    Paths that can have no page are in neither.
    """
    found: set[str] = set()
    asked: dict[Any, dict[str, str]] = defaultdict(dict)
    for path in paths:
        match = ROW_ADDRESS.fullmatch(path)
        if path in SITE_PAGES or path.startswith(ADMIN_PATH):
            found.add(path)
        elif match and (model := models_by_folder().get(match["folder"])):
            asked[model][match["slug"]] = path
    return found, asked


@cache
def models_by_folder() -> dict[str, Any]:
    """Return the models whose rows have pages, by the folder of their addresses."""
    return {address_folder(table.model): table.model for table in VERSIONED_TABLES}


@cache
def address_folder(model: Any) -> str:
    """Return the part of a row's address before its slug, such as "/meetings/"."""
    return model(slug="slug").get_absolute_url().removesuffix("slug/")


def missing_slugs(model: type[models.Model], slugs: Iterable[str]) -> set[str]:
    """Return the slugs that no row of a model has; drafts count as rows."""
    rows = model._default_manager.filter(slug__in=list(slugs))
    return set(slugs) - set(rows.values_list("slug", flat=True))


MissingSlugs = Callable[[type[models.Model], Iterable[str]], set[str]]


def redirect_problems(
    moves: dict[str, str], missing: MissingSlugs = missing_slugs
) -> Iterator[tuple[str, ...]]:
    """Yield the problems of redirects, given by old path: old path, column, problem, suggestion.

    The old path must have no page and the new one must have one, so there are no chains or circles.
    ``missing`` returns the slugs that no row has.
    """
    found, asked = split_by_model({*moves, *moves.values()})
    purged: set[str] = set()
    for model, slugs in asked.items():
        purged.update(slugs[slug] for slug in purged_slugs(model, slugs))
        without_row = missing(model, slugs)
        found.update(path for slug, path in slugs.items() if slug not in without_row)
    rows = Redirect.objects.filter(old_path__in=moves.values())
    onward = dict(rows.values_list("old_path", "new_path"))
    for old, new in moves.items():
        if old in purged:
            yield old, "old_path", IS_PURGED.format(old), ""
        if old in found:
            yield old, "old_path", f"There is a page at {old}. Only what has none leads on.", ""
        if new not in found:
            problem = f"There is no page at {new}. Write the address of a page."
            yield old, "new_path", problem, onward.get(new, "")
