"""``/data/openapi.json``: what the addresses of data take and answer, as OpenAPI 3.1 has it.

Made of the registry of tables, the codebook and the filters of the lists, so that it cannot say
anything else than they do.
"""

from typing import Any

from django.conf import settings

from ..answers.parameters import READING_METHODS
from ..exporting.bibliography import FILE_FORMATS
from ..exporting.package import FORMATS
from ..exporting.package.descriptor import FORMAT_VERSION
from ..exporting.responses import MOST_VALUES, PACKED_TYPES, json_entry
from ..lists import DayFacet, Facet, TextFacet, YearFacet
from ..models import Actor, Publishable, VersionedModel
from ..models.fields import SLUG_PATTERN
from ..models.releases import VERSION_PATTERN
from ..tables.registry import TABLES, TABLES_BY_MODEL
from .data import DataView
from .openapi_schemas import schemas

Json = dict[str, Any]
FILE_TYPES = {
    "json": "application/json",
    "csv": "text/csv",
    "atom": "application/atom+xml",
    **PACKED_TYPES,
}
SINCE = (
    "A day (2026-01-31) or a time: the rows that changed from then on; in JSON, what left the list"
    " too, whatever the filters. A row that changed so that a filter finds it no more is not told:"
    " ask without filters for that."
)
# The ways to ask only for what one does not have, and for no more than is allowed.
REFUSALS: Json = {
    "304": {"description": "You have it as it is: If-None-Match or If-Modified-Since said so."},
    "400": {"$ref": "#/components/responses/Unknown"},
    "429": {"$ref": "#/components/responses/TooMany"},
}


CITED = "How it is cited"
RESTS_ON = "The sources of what is shown"
# The files that may be asked for in part.
PARTS: Json = {
    "206": {"description": "The bytes that Range asked for."},
    "416": {"description": "There are no such bytes."},
}


class Description(DataView):
    """The description; ``lists`` and ``details`` are the views of pages by name and by folder."""

    parameters = ()
    lists: dict[str, Any] = {}
    details: dict[str, Any] = {}

    def get(self, request):
        return json_entry(description(self.lists, self.details))


def description(lists: dict[str, Any], details: dict[str, Any]) -> Json:
    """Return the description of all addresses of data."""
    licence = settings.CONTENT_LICENCE
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{settings.SITE_NAME}: data",
            "version": FORMAT_VERSION,
            "description": information(),
            "license": {"name": licence, "identifier": licence},
        },
        "servers": [{"url": settings.SITE_URL}],
        "externalDocs": {"url": f"{settings.SITE_URL}/data/codebook/"},
        "paths": {
            **list_paths(lists),
            **entry_paths(details),
            **table_paths(),
            **whole_paths(),
            **release_paths(),
            **other_paths(),
        },
        "components": {"schemas": schemas(), "responses": refusals()},
    }


def information() -> str:
    """Return what holds for all addresses."""
    words = (
        "Public and only read. Scripts of any site may read it. Every answer has an ETag. A filter"
        f" may be given up to {MOST_VALUES} times, which means or; different filters mean and. An"
        " unknown parameter or value is refused."
    )
    most = settings.COSTLY_REQUESTS_A_MINUTE
    return (
        f"{words} One client may ask {most} times a minute for lists and tables." if most else words
    )


def list_paths(lists: dict[str, Any]) -> Json:
    """Return the addresses of lists and of their feeds."""
    found: Json = {}
    for name, page in lists.items():
        filterset = getattr(page, "filterset_class", None)
        filters = (
            [filter_parameter(*each) for each in filterset.base_filters.items()]
            if filterset
            else []
        )
        sorts = [parameter("sort", {"enum": [*page.sorts]})] if getattr(page, "sorts", {}) else []
        since = parameter("since", {"type": "string"}, SINCE)
        table = TABLES_BY_MODEL.get(row_model(page))
        is_own = table is not None and issubclass(table.model, VersionedModel)
        row = f"{table.name}_entry" if table and is_own else f"{name}_compared"
        for ending in ("json", "csv", "xlsx"):
            answer = list_schema(row, left=True)
            found[f"/{name}.{ending}"] = reading(
                f"{name}_{ending}",
                f"The list of {name}",
                content(ending, answer),
                [*filters, *sorts, since],
            )
        if start := getattr(page, "bibliography_start", ""):
            asked = [*filters, *sorts, since]
            found |= reference_paths(start, f"{name}_sources", RESTS_ON, asked)
        if getattr(page, "has_feed", True):
            found[f"/{name}.atom"] = reading(
                f"{name}_atom", f"The newest {name}", content("atom"), filters
            )
    return found


def row_model(page: Any) -> Any:
    """Return the model of a list's rows."""
    return getattr(page, "model", None) or page().get_queryset().model


def filter_parameter(name: str, facet: Facet) -> Json:
    """Return a filter as a parameter, which may come several times."""
    value: Json = {"type": "string"}
    if isinstance(facet, DayFacet):
        value |= {"format": "date"}
    elif isinstance(facet, YearFacet):
        value |= {"pattern": "^[0-9]{4}$"}
    elif facet.labels:
        value |= {"enum": [value for value in facet.labels if value]}
    most = 1 if isinstance(facet, DayFacet | TextFacet) else MOST_VALUES
    several = {"type": "array", "items": value, "maxItems": most}
    return parameter(name, several, str(facet.label)) | {"style": "form", "explode": True}


def parameter(name: str, schema: Json, words: str = "") -> Json:
    found: Json = {"name": name, "in": "query", "schema": schema}
    return found | ({"description": words} if words else {})


def entry_paths(details: dict[str, Any]) -> Json:
    """Return the addresses of single entries and references, and of their references in files."""
    slug = {
        "name": "slug",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": SLUG_PATTERN},
    }
    found: Json = {}
    for folder, page in details.items():
        table = TABLES_BY_MODEL[page.model]
        word = folder.strip("/") or "pages"
        answer = {"$ref": f"#/components/schemas/{table.name}_one"}
        ends = {
            "301": {"description": "It has another address."},
            "404": {"$ref": "#/components/responses/Unknown"},
            "410": {"$ref": "#/components/responses/Gone"},
        }
        found[f"/{folder}{{slug}}.json"] = reading(
            f"{word}_one", f"One of {table.name}", content("json", answer), [slug], ends
        )
        start = f"/{folder}{{slug}}/"
        found |= reference_paths(f"{start}cite.", f"{word}_cite", CITED, [slug], ends)
        if issubclass(page.model, Publishable | Actor):
            found |= reference_paths(
                f"{start}sources.", f"{word}_one_sources", RESTS_ON, [slug], ends
            )
    return found


def reference_paths(
    start: str,
    name: str,
    words: str,
    parameters: list[Json] | None = None,
    responses: Json | None = None,
) -> Json:
    """Return the addresses of references in files, which begin with ``start``."""
    return {
        f"{start}{form}": reading(
            f"{name}_{form.replace('.', '_')}",
            words,
            {file.content_type.partition(";")[0]: {}},
            parameters,
            responses,
        )
        for form, file in FILE_FORMATS.items()
    }


def table_paths() -> Json:
    """Return the addresses of whole tables."""
    return {
        f"/data/{table.name}.{ending}": reading(
            f"table_{table.name}_{ending}",
            f"All public rows of {table.name}",
            content(ending, list_schema(table.name)),
        )
        for table in TABLES
        for ending in ("json", "csv", "xlsx")
    }


def whole_paths() -> Json:
    """Return the addresses of the record in one file."""
    more = PARTS | {"503": {"description": "It is being made. Ask again after Retry-After."}}
    return reference_paths("/data/cite.", "data_cite", CITED) | {
        f"/data/record.{ending}": reading(
            f"record_{ending}", "The whole public record", content(ending), responses=more
        )
        for ending in FORMATS
    }


def release_paths() -> Json:
    """Return the addresses of frozen releases."""
    pattern = {"type": "string", "pattern": f"^{VERSION_PATTERN}$"}
    version = {"name": "version", "in": "path", "required": True, "schema": pattern}
    one = "data/releases/{version}"
    gone = {"schema": {"$ref": "#/components/schemas/release_gone"}}
    words = "It was withdrawn; day and reason."
    ends: Json = {
        "404": {"$ref": "#/components/responses/Unknown"},
        "410": {"description": words, "content": {"text/html": {}}},
    }
    told = ends | {"410": {"description": words, "content": {FILE_TYPES["json"]: gone}}}
    lost = {"503": {"description": "Its file is not in the storage."}}
    row = {"$ref": "#/components/schemas/release_one"}
    return reference_paths(f"/{one}/cite.", "release_cite", CITED, [version], ends) | {
        "/data/releases.json": reading(
            "releases_json", "The releases", content("json", list_schema("release"))
        ),
        "/data/releases.atom": reading("releases_atom", "The newest releases", content("atom")),
        f"/{one}.json": reading("release_json", "A release", content("json", row), [version], told),
        f"/{one}.zip": reading(
            "release_zip", "Its file", content("zip"), [version], ends | PARTS | lost
        ),
    }


def other_paths() -> Json:
    """Return the addresses of what is put together of several tables."""
    entry = parameter("entry", {"type": "string"}, "The address of a page: of that alone.")
    since = parameter("since", {"type": "string"}, "A day or a time: from then on.")
    year = {
        "type": "string",
        "pattern": "^[0-9]{4}$",
        "description": "A year in which a meeting of the table began.",
    }
    rows = list_schema("row")
    asked: dict[str, tuple[str, list[Json], tuple[str, ...]]] = {
        "changes": ("Every public change", [entry, since], ("json", "csv")),
        "corrections": ("The public corrections", [entry, since], ("json", "csv")),
        "timeline": (
            "All meetings and milestones in order",
            [parameter("order", {"enum": ["newest"]})],
            ("json",),
        ),
        "issues/by-meeting": (
            "The table of issues by meeting",
            [
                parameter("from", year),
                parameter("to", year),
                parameter("with", {"enum": ["calls"]}),
                parameter("sort", {"enum": ["total"]}),
            ],
            ("json", "csv"),
        ),
        # Besides those of the lists.
        "milestones": ("The newest milestones", [], ("atom",)),
        "data": ("The files of all tables", [], ("json",)),
        "data/codebook": ("What each column and value means", [], ("json",)),
    }
    feeds = {
        f"/{name}.atom": reading(f"{name}_atom", words, content("atom"), [entry])
        for name, words in (
            ("changes", "The newest changes"),
            ("corrections", "The newest corrections"),
        )
    }
    return feeds | {
        f"/{name}.{ending}": reading(
            f"{name.replace('/', '_').replace('-', '_')}_{ending}",
            words,
            content(ending, rows),
            parameters,
        )
        for name, (words, parameters, endings) in asked.items()
        for ending in endings
    }


def reading(
    name: str,
    words: str,
    body: Json,
    parameters: list[Json] | None = None,
    responses: Json | None = None,
) -> Json:
    """Return the description of an address that is read: its parameters and its answers."""
    headers = {header: {"schema": {"type": "string"}} for header in ("ETag", "RateLimit-Policy")}
    found = {"200": {"description": words, "content": body, "headers": headers}}
    return {
        method.lower(): {
            "operationId": f"{method.lower()}_{name}",
            "summary": words,
            "parameters": parameters or [],
            "responses": found | REFUSALS | (responses or {}),
        }
        for method in READING_METHODS
    }


def content(ending: str, schema: Json | None = None) -> Json:
    """Return the content of an answer; what is no JSON has no schema."""
    return {FILE_TYPES[ending]: {"schema": schema} if ending == "json" and schema else {}}


def list_schema(row: str, *, left: bool = False) -> Json:
    """Return the schema of a list of rows."""
    properties: Json = {
        "results": {"type": "array", "items": {"$ref": f"#/components/schemas/{row}"}},
        "count": {"type": "integer", "minimum": 0},
    }
    if left:
        properties["left"] = {"type": "array", "items": {"$ref": "#/components/schemas/left"}}
    required = ["results", "count"]
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def refusals() -> Json:
    """Return the answers that say why there is none; text or a page where no JSON was asked for."""
    error = {
        "application/json": {"schema": {"$ref": "#/components/schemas/error"}},
        "text/plain": {},
        "text/html": {},
    }
    wait = {"Retry-After": {"schema": {"type": "integer"}}}
    words = {
        "Unknown": "A parameter, a value or a row that there is not; the answer names it.",
        "Gone": "It was public and is not any more; title, day and reason.",
    }
    found = {name: {"description": text, "content": error} for name, text in words.items()}
    text = "Too many requests within a minute."
    return found | {"TooMany": {"description": text, "content": error, "headers": wait}}
