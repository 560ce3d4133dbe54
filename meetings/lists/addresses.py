"""The addresses of a list: one for each filter, order and page, whatever was pressed first."""

from urllib.parse import urlencode


def address_of(path: str, query: dict) -> str:
    """Return an address with those of its parameters, in order, that have a value."""
    words = urlencode({name: value for name, value in query.items() if value})
    return path + (f"?{words}" if words else "")


def address_with(request, **changes) -> str:
    """Return the request's address with parameters changed; None removes one.

    The number of the page comes last: otherwise a page would have two addresses.
    """
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    if "page" in query:
        query.setlist("page", query.pop("page"))
    return request.path + (f"?{query.urlencode()}" if query else "")
