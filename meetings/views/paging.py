"""Pages of a long list, each at one address."""

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


def elsewhere(request, page: Page) -> HttpResponseRedirect | None:
    """Return the redirect to a page's own address, if it was asked for by another.

    A page past the end leads to the last, one that is no number to the first, whose address has no
    ``page`` at all.
    """
    asked = request.GET.get("page")
    if asked is None or (asked == str(page.number) and page.number > 1):
        return None
    return HttpResponseRedirect(address(request, page=page.number if page.number > 1 else None))


def related(request, name: str, rows) -> Page:
    """Return the page of related rows that the parameter ``name`` asks for, or the nearest."""
    return Paginator(rows, RELATED).get_page(request.GET.get(name))
