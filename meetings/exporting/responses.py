"""HTTP responses with data: whole lists, streamed as JSON or CSV, and errors that say why."""

import json
from collections.abc import Iterable, Iterator

from django.http import HttpResponse, StreamingHttpResponse

from ..models.fields import FORBIDDEN_CHARACTER
from ..tables.csv import csv_pieces
from ..tables.registry import Table
from ..tables.xlsx import MOST_ROWS, Sheet, xlsx_pieces

JSON = "application/json; charset=utf-8"
CSV = "text/csv; charset=utf-8; header=present"
TEXT = "text/plain; charset=utf-8"
# Of files that are packed already, or are read from any place.
PACKED_TYPES = {
    "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "sqlite": "application/vnd.sqlite3",
}
MANY_ROWS = (
    "These are {rows:,} rows, which is more than a sheet of a workbook can have. Take the CSV."
)
MOST_VALUES = 50
DATA_EXTENSIONS = {
    *("json", "csv", "xlsx", "sqlite", "zip", "atom", "bib", "ris", "png", "svg", "xml", "txt"),
}


def to_json(value) -> str:
    return json.dumps(value, ensure_ascii=False)


def json_entry(entry: dict, status: int = 200) -> HttpResponse:
    """Response with one entry as JSON."""
    return HttpResponse(to_json(entry) + "\n", content_type=JSON, status=status)


def json_list(batches: Iterable[list[dict]], **more) -> StreamingHttpResponse:
    """Response with a whole list as JSON, streamed batch by batch, one entry a line."""
    return StreamingHttpResponse(json_pieces(batches, more), content_type=JSON)


def json_pieces(batches: Iterable[list[dict]], more: dict) -> Iterator[str]:
    """Yield the JSON of a list; the count comes after it, so that it is of what was sent."""
    count = 0
    yield '{"results": ['
    for entries in batches:
        lines = (("," if count + n else "") + f"\n{to_json(e)}" for n, e in enumerate(entries))
        yield "".join(lines)
        count += len(entries)
    rest = "".join(f", {to_json(name)}: {to_json(value)}" for name, value in more.items())
    yield f'\n], "count": {count}{rest}}}\n'


def csv_file(
    name: str, header: Iterable[str], batches: Iterable, table: Table | None = None
) -> StreamingHttpResponse:
    """Response with a whole list as a CSV file, its header first; see ``csv_pieces``."""
    pieces = csv_pieces(header, batches, table)
    disposition = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return StreamingHttpResponse(pieces, content_type=CSV, headers=disposition)


def xlsx_file(sheet: Sheet, rows: int) -> HttpResponse | StreamingHttpResponse:
    """Response with a whole list as a workbook; 400 for more rows than a sheet can have."""
    if rows >= MOST_ROWS:
        return error_response("xlsx", MANY_ROWS.format(rows=rows), status=400)
    disposition = {"Content-Disposition": f'attachment; filename="{sheet.name}.xlsx"'}
    pieces = xlsx_pieces([sheet])
    return StreamingHttpResponse(pieces, content_type=PACKED_TYPES["xlsx"], headers=disposition)


def unknown_parameters(request, allowed: Iterable[str]) -> list[str]:
    """Return the parameters that are not allowed, and those with more values than a page reads."""
    names = [name for name in request.GET if name not in set(allowed)]
    crowded = [name for name in allowed if len(request.GET.getlist(name)) > MOST_VALUES]
    return names + [f"{name} (more than {MOST_VALUES} values)" for name in crowded]


def parameter_error(extension: str, problems: list[str], allowed: Iterable[str]) -> HttpResponse:
    """Response 400 that names the unknown parameters, and those that the address takes."""
    problems = [
        " ".join(FORBIDDEN_CHARACTER.sub("", problem).split())[:100] for problem in problems[:20]
    ]
    can = ", ".join(allowed)
    hint = f"This address understands: {can}." if can else "This address takes no parameters."
    message = f"Unknown: {', '.join(problems)}. {hint}"
    return error_response(extension, message, status=400, unknown=problems)


def error_response(extension: str, message: str, *, status: int, **more) -> HttpResponse:
    """Error response: JSON at an address that ends in json, otherwise plain text."""
    if extension.endswith("json"):
        return json_entry({"error": message} | more, status=status)
    return HttpResponse(message + "\n", content_type=TEXT, status=status)


def data_extension(path: str) -> str | None:
    """Return the extension of an address of data, as "json"; None for a page."""
    name, dot, extension = path.rpartition("/")[2].rpartition(".")
    return extension if dot and name and extension in DATA_EXTENSIONS else None
