"""Pages of a long list, each at one canonical address."""

from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpResponseRedirect

from ..exporting.bibliography import FILE_FORMATS
from ..lists.addresses import address_with

RELATED_ROWS_PER_PAGE = 50
# ``?page=all`` shows a list of up to so many rows on one page, to print it.
ALL_PAGES = "all"
MOST_ROWS_ON_ONE_PAGE = 500
# The endings of the files of a list.
LIST_FILES = ("json", "csv", "xlsx")


def data_addresses(path: str, query=(), endings=("json", "csv")) -> dict[str, str]:
    """Return the addresses of a page's data by extension: whole lists, under the same filters."""
    words = urlencode([(name, value) for name, value in query if value])
    return {end: f"{path[:-1]}.{end}" + (f"?{words}" if words else "") for end in endings}


def bibliography_addresses(start: str, query=()) -> dict[str, str]:
    """Return the addresses of a bibliography by the name of the format; ``start`` ends in a dot."""
    words = urlencode([(name, value) for name, value in query if value])
    return {
        file.name: f"{start}{ending}" + (f"?{words}" if words else "")
        for ending, file in FILE_FORMATS.items()
    }


def picture_addresses(path: str, query=()) -> dict[str, str]:
    """Return the addresses of a picture as a file and of its numbers."""
    return data_addresses(path, query, ("svg", "csv"))


def nearest_page(pages: Paginator, asked: str | None) -> Page:
    """Return the page asked for; the first for no number, the last for one that is too high."""
    try:
        number = int(asked or 1)
    except ValueError:
        number = 1
    return pages.page(min(max(number, 1), pages.num_pages))


def fits_on_one_page(pages: Paginator) -> bool:
    """Return whether a list of several pages is short enough for one."""
    return pages.per_page < pages.count <= MOST_ROWS_ON_ONE_PAGE


def canonical_redirect(request, page: Page, name: str = "page") -> HttpResponseRedirect | None:
    """Return a redirect to the page's canonical address, or None if that was requested.

    A number past the end redirects to the last page, anything else to the first, whose address has
    no parameter ``name``.
    """
    asked = request.GET.get(name)
    if asked is None or (asked == str(page.number) and page.number > 1):
        return None
    number = page.number if page.number > 1 else None
    return HttpResponseRedirect(address_with(request, **{name: number}))


class RelatedPage(Page):
    """One page of the rows that are related to an entry, under a parameter of its own."""

    def __init__(self, page: Page, request, name: str):
        super().__init__(page.object_list, page.number, page.paginator)
        self.request = request
        self.name = name

    @property
    def previous_address(self) -> str:
        number = self.number - 1
        return address_with(self.request, **{self.name: number if number > 1 else None})

    @property
    def next_address(self) -> str:
        return address_with(self.request, **{self.name: self.number + 1})

    @property
    def redirect(self) -> HttpResponseRedirect | None:
        """Redirect to the canonical address, or None if that was requested."""
        return canonical_redirect(self.request, self, self.name)


def related_page(request, name: str, rows, size: int = RELATED_ROWS_PER_PAGE) -> RelatedPage:
    """Return the page of related rows that the parameter ``name`` asks for, or the nearest."""
    page = nearest_page(Paginator(rows, size), request.GET.get(name))
    return RelatedPage(page, request, name)
