"""Every public change, and the ledger of corrections: as pages and as data."""

from collections.abc import Iterable, Iterator
from datetime import UTC
from itertools import islice
from typing import Any

from django.conf import settings
from django.shortcuts import render
from django.views.generic import View

from ..answers.parameters import never_keep
from ..editing.public_changes import public_changes, revisions_before
from ..editing.public_revisions import PublicRevision, public_snapshots
from ..editing.rebuild import PastRows
from ..editing.redirects import public_entry_at
from ..exporting.responses import csv_file, json_list, parameter_error, unknown_parameters
from ..models import Revision
from .data import DataView
from .described_changes import ChangedRow, described_changes
from .moments import moment_of
from .paging import data_addresses

CHANGES_PER_PAGE = 50
CORRECTIONS_PER_PAGE = 20
ROWS_PER_BATCH = 500
COLUMNS = (
    "changed_at",
    "table",
    "slug",
    "title",
    "url",
    "revision",
    "revision_url",
    "changes_url",
    "act",
    "kind",
    "was_wrong",
    "note",
    "by",
    "hidden_because",
)


class ChangeList(View):
    """The public changes, the newest first; ``entry`` is the address of a page, of which alone."""

    http_method_names = ["get", "head", "options"]
    parameters = ("entry", "before")
    template_name = "meetings/changes.html"
    corrections = False
    rows_per_page = CHANGES_PER_PAGE

    def get(self, request):
        path, number = request.GET.get("entry", ""), request.GET.get("before", "")
        entry = public_entry_at(path) if path else None
        after = revision_by_id(number)
        ignored = [f"entry={path[:60]}"] if path and entry is None else []
        ignored += [f"before={number[:60]}"] if number and after is None else []
        found = public_changes(entry=entry, after=after, corrections=self.corrections)
        shown = list(islice(found, self.rows_per_page + 1))
        page = shown[: self.rows_per_page]
        query = [("entry", path)] if entry else []
        context = {
            "revisions": page,
            "about": entry and page and page[0].entry,
            "entry_path": path if entry else "",
            "older": page[-1].row.pk if len(shown) > len(page) else None,
            "is_first_page": after is None,
            "before": number if after else "",
            "ignored": ignored,
            "data": data_addresses(request.path, query),
            "feed": data_addresses(request.path, query, ("atom",))["atom"],
            **self.further_context(page),
        }
        response = render(request, self.template_name, context)
        return never_keep(response) if ignored else response

    def further_context(self, page: list[PublicRevision]) -> dict[str, Any]:
        return {}


class CorrectionList(ChangeList):
    """The ledger: what was wrong in public, and what it was changed to."""

    template_name = "meetings/corrections.html"
    corrections = True
    rows_per_page = CORRECTIONS_PER_PAGE

    def further_context(self, page):
        return {"corrections": list(corrections_with_changes(page))}


def corrections_with_changes(
    page: list[PublicRevision],
) -> Iterator[tuple[PublicRevision, list[ChangedRow]]]:
    """Yield corrections, each with what it changed; a few queries for all."""
    before = revisions_before(page)
    states = public_snapshots([*page, *before.values()])
    for each in page:
        earlier = before.get(each.row.pk)
        changed = []
        if earlier:
            named = PastRows(each.since)
            changed = described_changes(states[earlier.row.pk], states[each.row.pk], named)
        yield each, changed


def revision_by_id(number: str) -> Revision | None:
    """Return the revision with which a page of changes ended, or None."""
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        return None
    return Revision.objects.defer("snapshot").filter(pk=int(number)).first()


class ChangeData(DataView):
    """The same as data, whole; ``since`` is a day or a time, from which on."""

    ending = "json"
    corrections = False
    name = "changes"

    def get(self, request):
        known = ("entry", "since")
        problems = unknown_parameters(request, known)
        path, since = request.GET.get("entry", ""), request.GET.get("since", "")
        entry, moment = public_entry_at(path) if path else None, moment_of(since)
        problems += [f"entry={path}"] if path and entry is None else []
        problems += [f"since={since}"] if since and moment is None else []
        if problems:
            return parameter_error(self.ending, problems, known)
        found = public_changes(entry=entry, since=moment, corrections=self.corrections)
        batches = ([values_of(each) for each in batch] for batch in batched_rows(found))
        if self.ending == "csv":
            return csv_file(
                self.name, COLUMNS, ([map(str, row) for row in rows] for rows in batches)
            )
        return json_list([dict(zip(COLUMNS, row, strict=True)) for row in rows] for rows in batches)


def batched_rows(found: Iterable[PublicRevision]) -> Iterator[list[PublicRevision]]:
    rows = iter(found)
    while batch := list(islice(rows, ROWS_PER_BATCH)):
        yield batch


def values_of(each: PublicRevision) -> list[Any]:
    """Return the values of a change, in the order of ``COLUMNS``."""
    row, is_hidden = each.row, each.is_hidden
    address = settings.SITE_URL + each.address
    return [
        each.since.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        row.table,
        each.entry.slug,
        each.entry.page_title,
        settings.SITE_URL + each.entry.get_absolute_url(),
        row.number,
        address if each.is_readable else "",
        f"{address}changes/" if each.is_readable else "",
        "" if is_hidden else row.act,
        "" if is_hidden else row.kind,
        "" if is_hidden else row.was_wrong,
        "" if is_hidden else row.note,
        "" if is_hidden else each.by,
        row.hidden_because,
    ]
