"""How a workbook or a zip is made, and unmade in one place."""

import io
import re
import zipfile
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

from openpyxl import Workbook
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from .cases import Maker, content
from .records import REACTION

SHEET, STRINGS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"


def workbook(rows: Iterable[Iterable[Any]], change: Callable[[Workbook], Any] | None = None):
    """Return the bytes of a workbook with these rows, changed by ``change`` before it is saved."""
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    if change:
        change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def of_row(row: dict[str, Any], change=None) -> bytes:
    """Return a workbook of one row, changed before it is saved."""
    return workbook([row, row.values()], change)


def with_cell(cell: str, value: Any, number_format: str = "") -> bytes:
    """Return a workbook of one reaction in which a cell holds another value."""

    def change(book):
        book.active[cell] = value
        if number_format:
            book.active[cell].number_format = number_format

    return of_row(REACTION, change)


def packed(files: dict[str, bytes | str], *, method=zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip of files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def parts_of(book: bytes) -> dict[str, bytes]:
    """Return the parts of a workbook by name."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def shared(book: bytes) -> bytes:
    """Return a workbook with its texts in a list of their own, as spreadsheet programs do."""
    parts = parts_of(book)
    texts = re.findall(rb' t="inlineStr"><is>(.*?)</is>', parts[SHEET])
    numbers = count()
    parts[SHEET] = re.sub(
        rb' t="inlineStr"><is>.*?</is>',
        lambda found: b' t="s"><v>%d</v>' % next(numbers),
        parts[SHEET],
    )
    parts[STRINGS] = b'<sst xmlns="%s">%s</sst>' % (
        SHEET_MAIN_NS.encode(),
        b"".join(b"<si>%s</si>" % text for text in texts),
    )
    override = f'<Override PartName="/{STRINGS}" ContentType="{SHARED_STRINGS}"/></Types>'
    types = "[Content_Types].xml"
    parts[types] = parts[types].replace(b"</Types>", override.encode())
    return packed(parts)


def edited(book: bytes, part: str, old: str, new: str) -> bytes:
    """Return a workbook with a piece of the XML of one of its parts replaced."""
    parts = parts_of(book)
    assert old.encode() in parts[part], f"{old} is not in {parts[part][:2000]!r}"
    return packed(parts | {part: parts[part].replace(old.encode(), new.encode(), 1)})


def without(book: bytes, part: str) -> bytes:
    """Return a workbook without one of its parts."""
    return packed({name: data for name, data in parts_of(book).items() if name != part})


def saved(data: bytes, name: str = "reactions.xlsx") -> Maker:
    return content(data, name)
