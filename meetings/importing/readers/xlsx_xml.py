"""The XML of a workbook's rows and strings, read as it comes; entities are refused."""

from collections.abc import Iterator
from functools import lru_cache
from typing import IO, Any
from xml.parsers import expat

from openpyxl.utils.cell import column_index_from_string
from openpyxl.xml.constants import SHEET_MAIN_NS

from .xlsx_cells import RawCell

CHUNK = 1 << 17
LAST_ROW = 1_048_576
SHEET, ROW, CELL, VALUE, FORMULA, TEXT, STRING, PHONETIC = (
    f"{SHEET_MAIN_NS} {name}" for name in ("sheetData", "row", "c", "v", "f", "t", "si", "rPh")
)


def refuse_entity(*args):
    """Refuse what makes much of a little XML; no spreadsheet program writes it."""
    raise ValueError("The XML declares an entity.")


class Streamed:
    """Yields what the handlers of a subclass put into ``ready``."""

    def __init__(self, stream: IO[bytes]):
        self.stream = stream
        self.ready: list[Any] = []
        self.heard: list[str] = []
        self.is_phonetic = False
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.EntityDeclHandler = refuse_entity
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end

    def __iter__(self) -> Iterator[Any]:
        chunk = b"-"
        while chunk:
            chunk = self.stream.read(CHUNK)
            fault = self.parse(chunk)
            yield from self.ready
            self.ready.clear()
            if fault:
                raise fault

    def parse(self, chunk: bytes) -> Exception | None:
        """Parse a piece; return what is wrong in it, for whoever takes what came before first."""
        try:
            self.parser.Parse(chunk, not chunk)
        except (expat.ExpatError, ValueError) as error:
            return error
        return None

    def listen(self) -> None:
        """Collect the text from here on."""
        self.heard.clear()
        self.parser.CharacterDataHandler = self.heard.append

    def text(self) -> str:
        """Return the text collected, and collect no more."""
        self.parser.CharacterDataHandler = None
        text = "".join(self.heard)
        self.heard.clear()
        return text

    def start(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def end(self, name: str) -> None:
        raise NotImplementedError


class Strings(Streamed):
    """The texts that cells name by number, without how they are pronounced."""

    def __init__(self, stream: IO[bytes]):
        super().__init__(stream)
        self.parts: list[str] = []

    def start(self, name, attributes):
        if name == TEXT:
            self.listen()
        elif name == PHONETIC:
            self.is_phonetic = True

    def end(self, name):
        if name == TEXT:
            text = self.text()
            if not self.is_phonetic:
                self.parts.append(text)
        elif name == PHONETIC:
            self.is_phonetic = False
        elif name == STRING:
            self.ready.append("".join(self.parts))
            self.parts.clear()


@lru_cache(maxsize=1_024)
def place_of(letters: str) -> int:
    """Return the place of a column by its letters: A is 0; raises ValueError beyond ZZZ."""
    return column_index_from_string(letters) - 1


class Rows(Streamed):
    """The rows of a sheet: each with its number, and the cells that are not empty."""

    def __init__(self, stream: IO[bytes]):
        super().__init__(stream)
        self.number = 0
        self.place = -1
        self.cells: list[RawCell] = []
        self.kind, self.style = "n", 0
        self.content, self.formula = "", None
        self.is_within = False

    def start(self, name, attributes):
        if name == CELL:
            self.start_cell(attributes)
        elif name in {VALUE, FORMULA, TEXT}:
            self.listen()
        elif name == ROW and self.is_within:
            number = int(attributes.get("r", self.number + 1))
            if not self.number < number <= LAST_ROW:
                raise ValueError("Rows are out of order.")
            self.number, self.place, self.cells = number, -1, []
        elif name == PHONETIC:
            self.is_phonetic = True
        elif name == SHEET:
            self.is_within = True

    def start_cell(self, attributes: dict[str, str]) -> None:
        if coordinate := attributes.get("r"):
            self.place = place_of(coordinate.rstrip("0123456789"))
        else:
            self.place += 1
        self.kind = attributes.get("t", "n")
        self.style = int(attributes.get("s", 0))
        self.content, self.formula = "", None

    def end(self, name):
        if name == VALUE:
            self.content = self.text()
        elif name == CELL:
            if self.content or self.formula is not None:
                cell = RawCell(self.place, self.kind, self.style, self.content, self.formula)
                self.cells.append(cell)
        elif name == ROW and self.is_within:
            self.ready.append((self.number, self.cells))
        elif name == FORMULA:
            self.formula = self.text()
        elif name == TEXT:
            text = self.text()
            self.content += "" if self.is_phonetic else text
        elif name == PHONETIC:
            self.is_phonetic = False
        elif name == SHEET:
            self.is_within = False
