"""Links in texts to pages of the site: where they lead now, and those that lead nowhere.

Files, such as /meetings.csv, are left as they are written.
"""

from collections.abc import Iterable

from ..models import Redirect
from ..text import markdown
from .changes import EntryChange
from .redirects import ROW_ADDRESS, models_by_folder, split_by_model
from .slug_lookup import SlugLookup


def public_targets(paths: Iterable[str]) -> dict[str, str]:
    """Return for each path of a public page where it is now; other paths are left out.

    A few queries for each kind of page among them, whatever their number.
    """
    asked = set(paths)
    found = public_paths(asked)
    left = asked - found
    moved = Redirect.objects.filter(old_path__in=left).values_list("old_path", "new_path")
    moves = dict(moved) if left else {}
    public = public_paths(moves.values())
    return {path: path for path in found} | {o: n for o, n in moves.items() if n in public}


def public_paths(paths: Iterable[str]) -> set[str]:
    """Return the paths whose page is public now."""
    found, asked = split_by_model(paths)
    for model, slugs in asked.items():
        rows = model.objects.published().filter(slug__in=list(slugs)).order_by()
        found.update(slugs[slug] for slug in rows.values_list("slug", flat=True))
    return found


def check_links(changes: list[EntryChange], lookup: SlugLookup) -> None:
    """Refuse new texts with links to pages that do not exist."""
    uses = [
        (change, row, column, path)
        for change in changes
        for rows in change.row_changes.values()
        for row in rows
        if row.new is not None
        for column in row.table.prose_columns
        if column in row.changed_columns
        for path in markdown.linked_paths(row.new[column])
    ]
    problems = missing_pages({path for *_, path in uses}, lookup) if uses else {}
    for change, row, column, path in uses:
        if path in problems and path != own_path(change):
            problem = f"There is no page at {path[:200]}. Write the address of a page."
            change.refuse(problem, row, column, path, problems[path])


def own_path(change: EntryChange) -> str:
    """Return the address that an entry has after a change."""
    folders = {model: folder for folder, model in models_by_folder().items()}
    return f"{folders.get(change.own.model, '')}{change.slug}/"


def missing_pages(paths: set[str], lookup: SlugLookup) -> dict[str, str]:
    """Return the paths that have no page and lead to none, each with the address most like it."""
    found, asked = split_by_model(paths)
    for model, slugs in asked.items():
        without_row = lookup.missing(model, slugs)
        found.update(path for slug, path in slugs.items() if slug not in without_row)
    left = paths - found
    moved = Redirect.objects.filter(old_path__in=left).values_list("old_path", flat=True)
    return {path: similar_address(path, lookup) for path in left - set(moved)}


def similar_address(path: str, lookup: SlugLookup) -> str:
    """Return the address of the row whose slug is most like that in a path, or nothing."""
    match = ROW_ADDRESS.fullmatch(path)
    model = models_by_folder().get(match["folder"]) if match else None
    slug = lookup.suggest(model, match["slug"]) if match and model else ""
    return f"{match['folder']}{slug}/" if match and slug else ""
