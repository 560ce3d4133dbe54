"""The list view that sections share: filters, sorting, pages, and notes on what was ignored."""

from django.core.paginator import Paginator
from django_filters.views import FilterView

from ..answers.parameters import never_keep
from ..lists.addresses import address_with
from ..models import Discussion, VersionedModel
from . import signposting
from .paging import (
    ALL_PAGES,
    LIST_FILES,
    bibliography_addresses,
    canonical_redirect,
    data_addresses,
    fits_on_one_page,
    nearest_page,
)


class RecordList(FilterView):
    """A list of what is public, 25 to a page.

    ``sorts`` maps the values of ``?sort=`` to a label and an ordering; the first is the default.
    """

    model: type[VersionedModel] | type[Discussion]
    what = ""
    paginate_by = 25
    sorts: dict[str, tuple[str, tuple]] = {}
    has_feed = True
    # What the address of the bibliography begins with, where the list has one.
    bibliography_start = ""

    @classmethod
    def parameters(cls):
        """Return the names of the parameters that the list reads."""
        sorts = ["sort"] if cls.sorts else []
        return (*cls.filterset_class.base_filters, *sorts, "page")

    def get_queryset(self):
        return self.model.objects.published()

    def add_counts_to_page(self, rows):
        """Set the counts of the rows of one page, in one query for all of them."""

    def sorted_rows(self, rows):
        """Return the rows in the order asked for."""
        return rows.order_by(*self.sorts[self.sort][1]) if self.sorts else rows

    def with_line_data(self, rows):
        """Return a queryset with what the lines of the list show of each row."""
        return rows

    def known_total(self, rows):
        """Return the number of rows if the list counts them anyhow, or None."""

    @property
    def sort(self):
        asked = self.request.GET.get("sort", "")
        return asked if asked in self.sorts else next(iter(self.sorts), "")

    @property
    def ignored_sort(self):
        asked = self.request.GET.get("sort")
        return [f"sort={asked[:60]}"] if asked and asked not in self.sorts else []

    def paginate_queryset(self, queryset, page_size):
        queryset = self.sorted_rows(queryset)
        # Ids first, so that what the lines show is counted for the rows of one page alone.
        paginator = Paginator(queryset.values_list("pk", flat=True), page_size)
        if (total := self.known_total(queryset)) is not None:
            paginator.count = total
        asked = self.request.GET.get("page")
        self.can_be_whole = fits_on_one_page(paginator)
        self.is_whole = self.can_be_whole and asked == ALL_PAGES
        if self.is_whole:
            paginator.per_page = paginator.count
        page = nearest_page(paginator, asked)
        ids = list(page.object_list)
        rows = self.with_line_data(self.model.objects.all()).in_bulk(ids)
        page.object_list = [rows[pk] for pk in ids if pk in rows]
        self.add_counts_to_page(page.object_list)
        return paginator, page, page.object_list, page.has_other_pages()

    def render_to_response(self, context, **response_kwargs):
        redirect = None if self.is_whole else canonical_redirect(self.request, context["page_obj"])
        response = redirect or super().render_to_response(context, **response_kwargs)
        if not redirect:
            signposting.add_list_links(response, context["data"])
        return never_keep(response) if context["ignored"] else response

    @property
    def whole_or_paged(self):
        """The address of the list on one page, or back from there; none where it is too long."""
        page = None if self.is_whole else ALL_PAGES
        return address_with(self.request, page=page) if self.can_be_whole else ""

    def what_under(self, filterset, chosen):
        """Return the word for the rows that a list has with some values of filters chosen."""
        return self.what

    def address_without(self, name, value):
        """Return the address of this list without one value of a filter."""
        query = self.request.GET.copy()
        query.setlist(name, [other for other in query.getlist(name) if other != value])
        query.pop("page", None)
        return self.request.path + (f"?{query.urlencode()}" if query else "")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        filterset = context["filter"]
        total = context["paginator"].count
        all_rows = filterset.whole.count() if filterset.chosen else total
        chips = [
            chip | {"address": self.address_without(chip["name"], chip["value"])}
            for chip in filterset.chips
        ]
        return context | {
            "what": self.what_under(filterset, filterset.chosen),
            "data": self.data(filterset),
            "bibliography": self.bibliography(filterset),
            "groups": filterset.groups,
            "hidden_values": filterset.hidden_values,
            "ignored": filterset.ignored + self.ignored_sort,
            "chips": chips,
            "total": total,
            "is_whole": self.is_whole,
            "whole_or_paged": self.whole_or_paged,
            "all_rows": all_rows,
            "remedies": self.remedies(filterset, chips) if chips and not total else [],
            "sort": self.sort,
            "sort_links": [
                {
                    "label": label,
                    "address": address_with(self.request, sort=value if index else None, page=None),
                    "is_current": value == self.sort,
                }
                for index, (value, (label, _)) in enumerate(self.sorts.items())
            ],
            "is_default_sort": self.sort == next(iter(self.sorts), ""),
            "sort_label": self.sorts[self.sort][0] if self.sorts else "",
        }

    def data(self, filterset):
        """Return the addresses of this list as files and, in no order of its own, as a feed."""
        files = data_addresses(self.request.path, self.query(filterset), LIST_FILES)
        if not self.has_feed:
            return files
        return files | data_addresses(self.request.path, self.chosen(filterset), ("atom",))

    def bibliography(self, filterset):
        """Return the addresses of the sources of what the list shows, by format; none for most."""
        if not self.bibliography_start:
            return {}
        return bibliography_addresses(self.bibliography_start, self.query(filterset))

    def chosen(self, filterset):
        """Return the filters of this list as parameters."""
        return [(name, value) for name, values in filterset.chosen.items() for value in values]

    def query(self, filterset):
        """Return the filters and the order of this list as parameters, without ignored ones."""
        chosen = self.chosen(filterset)
        is_default = self.sort == next(iter(self.sorts), "")
        return chosen if is_default else [*chosen, ("sort", self.sort)]

    def remedies(self, filterset, chips):
        """Return the filters whose removal brings results back, each with their number."""
        found = []
        for name, values in filterset.chosen.items():
            left = {other: of for other, of in filterset.chosen.items() if other != name}
            if count := filterset.rows_under(filterset.with_kind(left)).count():
                remedy = {
                    "label": filterset.filters[name].label,
                    "values": list(values.values()),
                    "count": count,
                    "what": self.what_under(filterset, left),
                    "address": address_with(self.request, **{name: None, "page": None}),
                }
                found.append(remedy)
        return found
