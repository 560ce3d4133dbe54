"""How data is answered: whole lists in batches as JSON or CSV, and refusals that say why."""

import json
from collections.abc import Iterable, Iterator

from django.http import HttpResponse, StreamingHttpResponse

from ..downloads import csv_text
from ..models.fields import FORBIDDEN

JSON = "application/json; charset=utf-8"
CSV = "text/csv; charset=utf-8; header=present"
TEXT = "text/plain; charset=utf-8"
MANY = 50


def dumps(value) -> str:
    return json.dumps(value, ensure_ascii=False)


def json_entry(entry: dict, status: int = 200) -> HttpResponse:
    """Answer with one entry."""
    return HttpResponse(dumps(entry) + "\n", content_type=JSON, status=status)


def json_list(count: int, batches: Iterable[list[dict]]) -> StreamingHttpResponse:
    """Answer with a whole list, batch by batch, an entry to a line."""
    return StreamingHttpResponse(json_chunks(count, batches), content_type=JSON)


def json_chunks(count: int, batches: Iterable[list[dict]]) -> Iterator[str]:
    yield f'{{"count": {count}, "results": ['
    sign = "\n"
    for entries in batches:
        for entry in entries:
            yield sign + dumps(entry)
            sign = ",\n"
    yield "\n]}\n"


def csv_file(name: str, header: Iterable[str], batches: Iterable) -> StreamingHttpResponse:
    """Answer with a whole list as a file, its header first."""

    def chunks():
        yield csv_text([header])
        for rows in batches:
            yield csv_text(rows)

    disposition = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return StreamingHttpResponse(chunks(), content_type=CSV, headers=disposition)


def unknown(request, known: Iterable[str]) -> list[str]:
    """Return the parameters that are not known, and those with more values than a page reads."""
    names = [name for name in request.GET if name not in set(known)]
    crowded = [name for name in known if len(request.GET.getlist(name)) > MANY]
    return names + [f"{name} (more than {MANY} values)" for name in crowded]


def refusal(ending: str, problems: list[str], known: Iterable[str]) -> HttpResponse:
    """Answer 400: name what is unknown, and the parameters that would be understood."""
    problems = [" ".join(FORBIDDEN.sub("", problem).split())[:100] for problem in problems[:20]]
    can = ", ".join(known)
    hint = f"This address understands: {can}." if can else "This address takes no parameters."
    words = f"Unknown: {', '.join(problems)}. {hint}"
    if ending == "json":
        return json_entry({"error": words, "unknown": problems}, status=400)
    return HttpResponse(words + "\n", content_type=TEXT, status=400)
