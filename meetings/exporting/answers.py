"""How data is answered: whole lists in batches as JSON or CSV, and refusals that say why."""

import json
from collections.abc import Iterable, Iterator

from django.http import HttpResponse, StreamingHttpResponse

from ..models.fields import FORBIDDEN_CHARACTER
from ..tables.csv import csv_pieces
from ..tables.registry import Table

JSON = "application/json; charset=utf-8"
CSV = "text/csv; charset=utf-8; header=present"
TEXT = "text/plain; charset=utf-8"
MANY = 50
ENDINGS = {"json", "csv", "atom", "bib", "ris", "png", "xml", "txt", "zip"}


def dumps(value) -> str:
    return json.dumps(value, ensure_ascii=False)


def json_entry(entry: dict, status: int = 200) -> HttpResponse:
    """Answer with one entry."""
    return HttpResponse(dumps(entry) + "\n", content_type=JSON, status=status)


def json_list(batches: Iterable[list[dict]]) -> StreamingHttpResponse:
    """Answer with a whole list, batch by batch, an entry to a line."""
    return StreamingHttpResponse(json_chunks(batches), content_type=JSON)


def json_chunks(batches: Iterable[list[dict]]) -> Iterator[str]:
    """Yield a list and, behind it, how many entries it has: what is counted is what was sent."""
    count = 0
    yield '{"results": ['
    for entries in batches:
        lines = (("," if count + n else "") + f"\n{dumps(e)}" for n, e in enumerate(entries))
        yield "".join(lines)
        count += len(entries)
    yield f'\n], "count": {count}}}\n'


def csv_file(
    name: str, header: Iterable[str], batches: Iterable, table: Table | None = None
) -> StreamingHttpResponse:
    """Answer with a whole list as a file, its header first; see ``csv_pieces``."""
    pieces = csv_pieces(header, batches, table)
    disposition = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return StreamingHttpResponse(pieces, content_type=CSV, headers=disposition)


def unknown(request, known: Iterable[str]) -> list[str]:
    """Return the parameters that are not known, and those with more values than a page reads."""
    names = [name for name in request.GET if name not in set(known)]
    crowded = [name for name in known if len(request.GET.getlist(name)) > MANY]
    return names + [f"{name} (more than {MANY} values)" for name in crowded]


def refusal(ending: str, problems: list[str], known: Iterable[str]) -> HttpResponse:
    """Answer 400: name what is unknown, and the parameters that would be understood."""
    problems = [
        " ".join(FORBIDDEN_CHARACTER.sub("", problem).split())[:100] for problem in problems[:20]
    ]
    can = ", ".join(known)
    hint = f"This address understands: {can}." if can else "This address takes no parameters."
    words = f"Unknown: {', '.join(problems)}. {hint}"
    return plain_error(ending, words, status=400, unknown=problems)


def plain_error(ending: str, words: str, *, status: int, **more) -> HttpResponse:
    """Answer with what is wrong, as JSON where that was asked for and as text otherwise."""
    if ending == "json":
        return json_entry({"error": words} | more, status=status)
    return HttpResponse(words + "\n", content_type=TEXT, status=status)


def form_of(path: str) -> str | None:
    """Return in what form an address answers, by its ending; None for a page."""
    name, dot, ending = path.rpartition("/")[2].rpartition(".")
    return ending if dot and name and ending in ENDINGS else None
