"""Lists and entries as data: at the address of their page, with ``.json`` or ``.csv``.

Rows, filters and sorting are those of the page's own view, the class ``page``.
"""

from typing import Any

from django.conf import settings
from django.views.decorators.http import require_safe
from django.views.generic import View

from ..answers.parameters import ANY, reads
from ..editing.changed_since import changed_since
from ..editing.left_since import left_since
from ..editing.public_history import ending_of
from ..exporting.downloads import cell_batches, entry_batches, public_rows
from ..exporting.names import names_in
from ..exporting.responses import (
    csv_file,
    json_entry,
    json_list,
    parameter_error,
    unknown_parameters,
    xlsx_file,
)
from ..models import Meeting
from ..tables.registry import ADDED_COLUMNS, TABLES_BY_MODEL
from ..tables.rows import id_batches, in_key_order
from ..tables.xlsx import ADDED, Sheet, columns_of
from .by_meeting import FullTable
from .issues import known_year
from .moments import moment_of
from .timeline import event_keys


class DataView(View):
    """A view of data, which is only read; HEAD reads no rows."""

    http_method_names = ["get", "head", "options"]
    parameters: tuple[str, ...] | None = ANY

    def head(self, request, *args, **kwargs):
        response = self.get(request, *args, **kwargs)
        if response.streaming:
            response.streaming_content = []
        return response


class ListData(DataView):
    """A whole list: filtered as its page, and in the order asked for or that of the key."""

    page: Any = None
    ending = "json"
    is_sorted = True

    def get(self, request):
        view = self.page()
        view.setup(request)
        problems, known = self.unknown_and_allowed_parameters(view)
        if problems:
            return parameter_error(self.ending, problems, known)
        return self.data(view)

    def data(self, view):
        """Return the response with the rows of the list."""
        rows = self.rows(view)
        table = TABLES_BY_MODEL[rows.model]
        if self.ending == "json":
            return json_list(entry_batches(table, rows), **self.left(rows.model))
        if self.ending == "xlsx":
            columns = (*columns_of(table), *ADDED)
            return xlsx_file(Sheet(table.name, columns, cell_batches(table, rows)), rows.count())
        columns = (*table.columns, *ADDED_COLUMNS)
        return csv_file(view.what, columns, cell_batches(table, rows), table)

    def left(self, *models):
        """Return what left the rows of models since the moment that is asked for."""
        if not (since := self.since):
            return {}
        found = [each for model in models for each in left_since(model, since)]
        for each in found:
            each["address"] = settings.SITE_URL + each["address"]
            each["to"] = each["to"] and settings.SITE_URL + each["to"]
        return {"left": found}

    @property
    def since(self):
        """The moment from which on changes are asked for, or None."""
        return moment_of(self.request.GET.get("since", ""))

    def unknown_and_allowed_parameters(self, view):
        """Return the parameters and values that are unknown, and the names that are allowed."""
        filters = view.filterset_class.base_filters if self.is_filtered else {}
        has_sorts = self.is_sorted and getattr(view, "sorts", {})
        known = [*filters, *(["sort"] if has_sorts else []), "since"]
        problems = unknown_parameters(self.request, known)
        since = self.request.GET.get("since")
        problems += [f"since={since}"] if since and self.since is None else []
        if not problems and self.is_filtered:
            problems = view.get_filterset(view.filterset_class).ignored + view.ignored_sort
        return problems, known

    @property
    def is_filtered(self):
        return hasattr(self.page, "filterset_class")

    def rows(self, view):
        """Return the rows of all pages of the list, in the order asked for."""
        rows = view.get_queryset()
        if self.is_filtered:
            rows = view.get_filterset(view.filterset_class).qs
        if self.since:
            rows = rows.filter(self.changed_since(rows.model))
        if self.request.GET.get("sort"):
            return view.sorted_rows(rows)
        return in_key_order(TABLES_BY_MODEL[rows.model], rows)

    def changed_since(self, model):
        """Return the condition that a row changed since then."""
        return changed_since(model, self.since)


class EntryData(DataView):
    """One public entry or reference with its parts, and the names of what they refer to."""

    page: Any = None

    def get(self, request, slug):
        if problems := unknown_parameters(request, ()):
            return parameter_error("json", problems, ())
        table = TABLES_BY_MODEL[self.page.model]
        shown = self.page.rows_with_page(public_rows(table)).filter(slug=slug)
        for entries in entry_batches(table, shown):
            return json_entry(entries[0] | {"names": names_in(table, entries[0])})
        return self.gone_response(slug)

    def gone_response(self, slug):
        """Response 410 for an entry that was public, with title, date and reason; or 404."""
        ending = ending_of(self.page.model, slug)
        if ending is None:
            return json_entry({"error": "There is no entry at this address."}, status=404)
        content = {
            "error": f"{ending.sentence}.",
            "title": ending.title or None,
            "withdrawn_on": ending.ended_on.isoformat() if ending.ended_on else None,
            "reason": ending.reason if ending.ended_on else None,
        }
        return json_entry(content, status=410)


@reads(*ANY)
@require_safe
def timeline(request):
    """Answer with all meetings and milestones in order, each with the name of its table."""
    problems = unknown_parameters(request, ["order"])
    problems += [f"order={v}" for v in request.GET.getlist("order") if v not in {"", "newest"}]
    if problems:
        return parameter_error("json", problems, ["order"])
    events = list(event_keys(request.GET.get("order") == "newest"))
    return json_list(timeline_entries(batch) for batch in id_batches(events))


def timeline_entries(events):
    """Return the values of the events with the given keys, in their order."""
    found = {}
    for name in ("meeting", "milestone"):
        table = next(
            table for table in TABLES_BY_MODEL.values() if table.model._meta.model_name == name
        )
        ids = [pk for _, kind, _, pk in events if kind == name]
        for entries in entry_batches(table, public_rows(table).filter(pk__in=ids)):
            found |= {(name, e["slug"]): {"table": table.name} | e for e in entries}
    return [found[kind, slug] for _, kind, slug, _ in events if (kind, slug) in found]


@reads(*ANY)
@require_safe
def by_meeting(request, ending):
    """Answer with the table of issues by meeting, for all meetings of the span of years."""
    names = ("from", "to", "with", "sort")
    given = {name: request.GET.get(name) for name in names}
    with_calls = given["with"] == "calls"
    published = Meeting.objects.published()
    meetings = published if with_calls else published.in_person()
    years = meetings.count_by_year()
    span = {name: known_year(request.GET.get(name), years) for name in names[:2]}
    problems = unknown_parameters(request, names)
    problems += [f"{name}={given[name]}" for name in span if given[name] and not span[name]]
    problems += [f"with={given['with']}"] if given["with"] and not with_calls else []
    problems += [f"sort={given['sort']}"] if given["sort"] not in {None, "", "total"} else []
    if problems:
        return parameter_error(ending, problems, names)
    table = FullTable(
        meetings.begun_between(*span.values()),
        by_total=given["sort"] == "total",
        with_calls=with_calls,
    )
    if ending == "json":
        return json_list(table.entries())
    return csv_file("issues-by-meeting", table.header, [table.cells()])
