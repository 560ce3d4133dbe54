"""Large and hostile files at the desk: peak memory of the worker, time, longest silence, and end.

python -m benchmarks.large_files [CASE ...]
"""

import io
import json
import random
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

from . import measure
from .records import reaction_cells, set_up_django, temporary_database, write_reactions

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRINGS, SHEET = "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"
WORDS = ("summit", "treaty", "letter", "Geneva", "signed", "denied", "Дворец", "переговоры", "会談")
HEADER = ("slug", "name", "kind", "description")


def text(random_source: random.Random, length: int) -> str:
    """Return about so many characters of words, which pack as text does."""
    words = random_source.choices(WORDS, k=length // 6)
    return " ".join(f"{word}{random_source.randrange(99)}" for word in words)[:length]


def workbook(sheet: Iterator[str], strings: Iterator[str]) -> bytes:
    """Return a workbook of these rows and shared strings, each as XML."""
    from openpyxl import Workbook
    from openpyxl.xml.constants import SHARED_STRINGS

    empty, made = io.BytesIO(), io.BytesIO()
    Workbook().save(empty)
    override = f'<Override PartName="/{STRINGS}" ContentType="{SHARED_STRINGS}"/></Types>'
    with (
        zipfile.ZipFile(empty) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            part = old.read(name)
            if name == "[Content_Types].xml":
                part = part.replace(b"</Types>", override.encode())
            if name not in {SHEET, STRINGS}:
                new.writestr(name, part)
        for name, head, tail, pieces in (
            (SHEET, f'<worksheet xmlns="{MAIN}"><sheetData>', "</sheetData></worksheet>", sheet),
            (STRINGS, f'<sst xmlns="{MAIN}">', "</sst>", strings),
        ):
            with new.open(name, "w", force_zip64=True) as part:
                part.write(head.encode())
                for piece in pieces:
                    part.write(piece.encode())
                part.write(tail.encode())
    return made.getvalue()


def inline(*cells: str) -> str:
    found = "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells)
    return f"<row>{found}</row>"


def shared_strings(megabytes: int, length: int) -> bytes:
    """Return a workbook of actors, each with a shared string of its own."""
    source = random.Random(7)
    texts = [text(source, length) for _ in range(200)]
    width = sum(len(found.encode()) for found in texts) / 200
    number = int(megabytes * 1_000_000 / (width + 30))

    def rows():
        yield inline(*HEADER)
        for n in range(min(number, 99_000)):
            cells = "".join(
                f'<c t="inlineStr"><is><t>{cell}</t></is></c>'
                for cell in (f"actor-{n}", f"Actor {n}", "person")
            )
            yield f'<row>{cells}<c t="s"><v>{n}</v></c></row>'

    strings = (f"<si><t>{n} {texts[n % 200]}</t></si>" for n in range(number))
    return workbook(rows(), strings)


def inline_strings() -> bytes:
    """Return a workbook of 400 MB of texts in the sheet itself."""
    source = random.Random(7)
    texts = [text(source, 3_000) for _ in range(500)]

    def rows():
        yield inline(*HEADER)
        for n in range(90_000):
            yield inline(f"actor-{n}", f"Actor {n}", "person", f"{n} {texts[n % 500]}")

    return workbook(rows(), iter(()))


def one_string_everywhere() -> bytes:
    """Return a small workbook of 90,000 rows that name one long string."""

    def rows():
        yield inline(*HEADER)
        for n in range(90_000):
            long = '<c t="s"><v>0</v></c>' * 3
            yield f'<row><c t="inlineStr"><is><t>a-{n}</t></is></c>{long}</row>'

    return workbook(rows(), iter([f"<si><t>{text(random.Random(7), 900_000)}</t></si>"]))


def wrong_cells() -> bytes:
    """Return a workbook in which three cells of each of 99,000 rows are wrong."""

    def rows():
        yield inline(*HEADER)
        for n in range(99_000):
            wrong = '<c t="b"><v>1</v></c>' * 3
            yield f'<row><c t="inlineStr"><is><t>a-{n}</t></is></c>{wrong}</row>'

    return workbook(rows(), iter(()))


def csv_of(rows: Iterator[tuple[str, ...]]) -> bytes:
    lines = (",".join(f'"{cell}"' for cell in row) for row in rows)
    return "\r\n".join([",".join(HEADER), *lines]).encode()


def doubled_keys() -> bytes:
    return csv_of((f"a-{n % 50_000}", f"Actor {n}", "person", "x" * 400) for n in range(100_000))


def long_cells() -> bytes:
    found = "Дворец " * 140_000
    return csv_of((f"a-{n}", f"Actor {n}", "person", found[:980_000]) for n in range(27))


def long_row() -> bytes:
    return csv_of(iter([("a", "A", "person", "\N{GRINNING FACE}" * 7_900_000)]))


def blank_lines() -> bytes:
    return csv_of(iter([("a", "A", "person", "x")])) + b"\r\n" * 24_000_000


def reactions() -> bytes:
    cells = [reaction_cells(n) for n in range(100_000)]
    lines = (",".join(f'"{cell}"' for cell in row.values()) for row in cells)
    return "\r\n".join([",".join(cells[0]), *lines]).encode()


CASES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "shared strings, 98 MB": ("actors.xlsx", lambda: shared_strings(98, 900)),
    "shared strings, 170 MB": ("actors.xlsx", lambda: shared_strings(170, 900)),
    "short shared strings, 90 MB": ("actors.xlsx", lambda: shared_strings(90, 6)),
    "texts in the sheet, 400 MB": ("actors.xlsx", inline_strings),
    "one string in every cell": ("actors.xlsx", one_string_everywhere),
    "three wrong cells a row": ("actors.xlsx", wrong_cells),
    "doubled keys": ("actors.csv", doubled_keys),
    "cells of 980,000 letters": ("actors.csv", long_cells),
    "a cell of 7,900,000 letters": ("actors.csv", long_row),
    "blank lines": ("actors.csv", blank_lines),
    "reactions": ("reactions.csv", reactions),
}


def main() -> None:
    set_up_django()
    for name in sys.argv[1:] or CASES:
        file, make = CASES[name]
        with temporary_database() as address:
            content = make()
            pk = store(file, content)
            print(f"{name}: {len(content) / 1e6:.1f} MB", end="", flush=True)
            result = json.loads(run(address, pk))
            print("".join(f"; {key} {value}" for key, value in result.items()), flush=True)


def store(name: str, content: bytes) -> str:
    """Store a file as the desk does; return its number."""
    from django.contrib.auth.models import User
    from django.db import connection

    from meetings.importing import uploads

    if name == "reactions.csv":
        write_reactions(0)
    user = User.objects.create_superuser("ana")
    pk = str(uploads.store_upload(user=user, name=name, content=content).pk)
    connection.close()
    return pk


def run(address: str, pk: str) -> str:
    code = "import sys; from benchmarks.large_files import work; work(sys.argv[1])"
    command = [sys.executable, "-c", code, pk]
    environment = measure.os.environ | {"DATABASE_URL": address}
    return subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, text=True, check=True
    ).stdout


def own_peak_memory() -> int:
    """Return the peak memory of this process in MB; ``getrusage`` counts its parent's too."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def work(pk: str) -> None:
    """Look at and plan a file as the worker does, confirm and undo it; print what it took."""
    set_up_django()
    from meetings.editing.errors import Refused
    from meetings.importing import imports, uploads, worker
    from meetings.importing.progress import ProgressReporter
    from meetings.models import Import

    told = [time.monotonic()]
    add = ProgressReporter.add

    def telling(self, number=0):
        told.append(time.monotonic())
        add(self, number)

    ProgressReporter.add = telling
    began = time.monotonic()
    uploads.SMALL_ROWS = 0
    imported = Import.objects.defer("content").get(pk=pk)
    if imported.state == imported.State.LOOKING:
        worker.run_next()
        imported = Import.objects.defer("content").get(pk=pk)
    end = ""
    try:
        uploads.plan_upload(imported=imported, user=imported.made_by)
    except Refused as refusal:
        end = refusal.problems[0]
    del imported
    worker.run_next()
    imported = Import.objects.defer("content").get(pk=pk)
    if imported.state == imported.State.READY and imported.name == "reactions.csv":
        note = {"user": imported.made_by, "note": "Benchmark."}
        uploads.confirm_upload(imported=imported, kind="addition", **note)
        worker.run_next()
        imported.refresh_from_db(fields=["state"])
        uploads.request_undo(imported=imported, **note)
        worker.run_next()
    told.append(time.monotonic())
    found = {
        "peak MB": own_peak_memory(),
        "seconds": round(told[-1] - began, 1),
        "longest silence": round(max(b - a for a, b in pairwise(told)), 1),
        "state": imported.state,
        "problems": imported.problem_count,
        "end": end or next((str(problem) for problem in imports.problems_of(imported)), ""),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
