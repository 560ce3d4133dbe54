"""What a page says of itself in ``Link`` headers, for machines that read no HTML: Signposting.

Relations: cite-as (RFC 8574), describedby, item, license, type (signposting.org/FAIR).
"""

from django.http import HttpResponse

from ..exporting.page_description import PageDescription, licence_url
from .memento import link

DATA_TYPES = {
    "json": "application/json",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def add_links(response: HttpResponse, described: PageDescription) -> HttpResponse:
    """Add the links of a page to those that it has; return the response."""
    found = [link_to(described.fixed_address, "cite-as")] if described.fixed_address else []
    found += [
        link(path, "describedby", type=media_type) for path, media_type in described.citation_files
    ]
    found += [link(described.file, "item", type="application/zip")] if described.file else []
    return add(response, [*found, *of_type(described.type)])


def add_list_links(response: HttpResponse, data: dict[str, str]) -> HttpResponse:
    """Add the links of a list, whose ``data`` are its files by extension; return the response."""
    files = [
        link(data[end], "alternate", type=DATA_TYPES[end]) for end in DATA_TYPES if end in data
    ]
    return add(response, [*files, *of_type("CollectionPage")])


def of_type(name: str) -> list[str]:
    return [link_to(f"https://schema.org/{name}", "type"), link_to(licence_url(), "license")]


def link_to(address: str, relation: str) -> str:
    return f'<{address}>; rel="{relation}"'


def add(response: HttpResponse, links: list[str]) -> HttpResponse:
    had = response.headers.get("Link")
    response.headers["Link"] = ", ".join([*([had] if had else []), *links])
    return response
