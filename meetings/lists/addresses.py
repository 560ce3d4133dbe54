"""The addresses of a list: one for each filter, order and page, whatever was pressed first."""


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
