"""Pages of a long list, each at one address."""

from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpResponseRedirect

RELATED = 50


def address(request, **changes) -> str:
    """Return the address of the request with parameters changed; None takes one away."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return request.path + (f"?{query.urlencode()}" if query else "")


def data_addresses(path: str, query=()) -> dict[str, str]:
    """Return the addresses of a page's data, by ending: the whole list, its filters kept."""
    words = urlencode([(name, value) for name, value in query if value])
    return {end: f"{path[:-1]}.{end}" + (f"?{words}" if words else "") for end in ("json", "csv")}


def nearest(pages: Paginator, asked: str | None) -> Page:
    """Return the page that is asked for; the first for no number, the last for one too high."""
    try:
        number = int(asked or 1)
    except ValueError:
        number = 1
    return pages.page(min(max(number, 1), pages.num_pages))


def elsewhere(request, page: Page, name: str = "page") -> HttpResponseRedirect | None:
    """Return the redirect to a page's own address, if it was asked for by another.

    A page past the end leads to the last, one that is no number to the first, whose address has no
    ``page`` (or whatever ``name`` it goes by) at all.
    """
    asked = request.GET.get(name)
    if asked is None or (asked == str(page.number) and page.number > 1):
        return None
    number = page.number if page.number > 1 else None
    return HttpResponseRedirect(address(request, **{name: number}))


class Related(Page):
    """One page of the rows that an entry is joined to, under a parameter of its own."""

    def __init__(self, page: Page, request, name: str):
        super().__init__(page.object_list, page.number, page.paginator)
        self.request = request
        self.name = name

    @property
    def previous_address(self) -> str:
        number = self.number - 1
        return address(self.request, **{self.name: number if number > 1 else None})

    @property
    def next_address(self) -> str:
        return address(self.request, **{self.name: self.number + 1})

    @property
    def moved(self) -> HttpResponseRedirect | None:
        """The redirect to its own address, if it was asked for by another."""
        return elsewhere(self.request, self, self.name)


def related(request, name: str, rows) -> Related:
    """Return the page of related rows that the parameter ``name`` asks for, or the nearest."""
    return Related(nearest(Paginator(rows, RELATED), request.GET.get(name)), request, name)
