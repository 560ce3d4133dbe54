"""Streaming parsers for the XML of a workbook's rows and shared strings (ECMA-376, 18.3, 18.4)."""

from collections.abc import Iterator
from functools import lru_cache
from typing import IO, Any
from xml.parsers import expat

from openpyxl.utils.cell import column_index_from_string
from openpyxl.xml.constants import SHEET_MAIN_NS

from .xlsx_cells import RawCell

CHUNK_BYTES = 1 << 17
LAST_ROW = 1_048_576
SHEET, ROW, CELL, VALUE, FORMULA, TEXT, STRING, PHONETIC = (
    f"{SHEET_MAIN_NS} {name}" for name in ("sheetData", "row", "c", "v", "f", "t", "si", "rPh")
)


def refuse_entity(*args):
    """Refuse entities, which can expand to any size; no spreadsheet program writes them."""
    raise ValueError("The XML declares an entity.")


class XmlStream:
    """Iterator over what the handlers of a subclass append to ``finished``."""

    def __init__(self, stream: IO[bytes]):
        self.stream = stream
        self.finished: list[Any] = []
        self.collected: list[str] = []
        self.is_phonetic = False
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.EntityDeclHandler = refuse_entity
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end

    def __iter__(self) -> Iterator[Any]:
        chunk = b"-"
        while chunk:
            chunk = self.stream.read(CHUNK_BYTES)
            error = self.parse(chunk)
            yield from self.finished
            self.finished.clear()
            if error:
                raise error

    def parse(self, chunk: bytes) -> Exception | None:
        """Parse a chunk; return its error, to be raised after what came before it is yielded."""
        try:
            self.parser.Parse(chunk, not chunk)
        except (expat.ExpatError, ValueError) as error:
            return error
        return None

    def collect_text(self) -> None:
        """Begin to collect text."""
        self.collected.clear()
        self.parser.CharacterDataHandler = self.collected.append

    def collected_text(self) -> str:
        """Return the collected text, and stop collecting."""
        self.parser.CharacterDataHandler = None
        text = "".join(self.collected)
        self.collected.clear()
        return text

    def start(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def end(self, name: str) -> None:
        raise NotImplementedError


class SharedStrings(XmlStream):
    """The shared strings of a workbook, without their phonetic readings."""

    def __init__(self, stream: IO[bytes]):
        super().__init__(stream)
        self.parts: list[str] = []

    def start(self, name, attributes):
        if name == TEXT:
            self.collect_text()
        elif name == PHONETIC:
            self.is_phonetic = True

    def end(self, name):
        if name == TEXT:
            text = self.collected_text()
            if not self.is_phonetic:
                self.parts.append(text)
        elif name == PHONETIC:
            self.is_phonetic = False
        elif name == STRING:
            self.finished.append("".join(self.parts))
            self.parts.clear()


@lru_cache(maxsize=1_024)
def column_index(letters: str) -> int:
    """Return the index of a column by its letters, 0 for A; raises ValueError beyond ZZZ."""
    return column_index_from_string(letters) - 1


class SheetRows(XmlStream):
    """The rows of a sheet: number and non-empty cells of each."""

    def __init__(self, stream: IO[bytes]):
        super().__init__(stream)
        self.number = 0
        self.index = -1
        self.cells: list[RawCell] = []
        self.kind, self.style = "n", 0
        self.content, self.formula = "", None
        self.is_in_sheet = False

    def start(self, name, attributes):
        if name == CELL:
            self.start_cell(attributes)
        elif name in {VALUE, FORMULA, TEXT}:
            self.collect_text()
        elif name == ROW and self.is_in_sheet:
            number = int(attributes.get("r", self.number + 1))
            if not self.number < number <= LAST_ROW:
                raise ValueError("Rows are out of order.")
            self.number, self.index, self.cells = number, -1, []
        elif name == PHONETIC:
            self.is_phonetic = True
        elif name == SHEET:
            self.is_in_sheet = True

    def start_cell(self, attributes: dict[str, str]) -> None:
        if coordinate := attributes.get("r"):
            self.index = column_index(coordinate.rstrip("0123456789"))
        else:
            self.index += 1
        self.kind = attributes.get("t", "n")
        self.style = int(attributes.get("s", 0))
        self.content, self.formula = "", None

    def end(self, name):
        if name == VALUE:
            self.content = self.collected_text()
        elif name == CELL:
            if self.content or self.formula is not None:
                cell = RawCell(self.index, self.kind, self.style, self.content, self.formula)
                self.cells.append(cell)
        elif name == ROW and self.is_in_sheet:
            self.finished.append((self.number, self.cells))
        elif name == FORMULA:
            self.formula = self.collected_text()
        elif name == TEXT:
            text = self.collected_text()
            self.content += "" if self.is_phonetic else text
        elif name == PHONETIC:
            self.is_phonetic = False
        elif name == SHEET:
            self.is_in_sheet = False
