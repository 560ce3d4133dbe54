"""Streaming parsers for the XML of a workbook's rows and shared strings (ECMA-376, 18.3, 18.4).

What they hold at a time is capped, whatever the XML is: texts, cells of a row, depth, names.
"""

from array import array
from collections.abc import Iterator
from functools import lru_cache
from mmap import mmap
from typing import Any, Protocol
from xml.parsers import expat

from openpyxl.utils.cell import column_index_from_string
from openpyxl.xml.constants import REL_NS, SHEET_MAIN_NS

from ...tables.cells import MAX_CELL_CHARACTERS
from .errors import RecordError
from .rows import LONGEST_RECORD_CHARACTERS
from .xlsx_cells import RawCell

CHUNK_BYTES = 1 << 17
LAST_ROW = 1_048_576
MOST_CELLS_IN_ROW = 16_384
# The rest of a longer text is left out. What is kept is still too long for a cell, even if each of
# its characters is an escape of seven (``_x000D_``).
LONGEST_TEXT_CHARACTERS = 8 * MAX_CELL_CHARACTERS
# Of XML: no program writes more, and the parser would keep it.
MOST_DEPTH = 1_000
MOST_NAMES = 10_000
LONGEST_TAG_BYTES = 10_000_000
ROW_TOO_LONG = (
    f"This row holds more than {LONGEST_RECORD_CHARACTERS:,} characters. Shorten its texts; a cell"
    f" holds at most {MAX_CELL_CHARACTERS:,}."
)
ROW_TOO_WIDE = (
    f"This row has more than {MOST_CELLS_IN_ROW:,} cells. Delete those beyond the header."
)
# The namespaces of workbooks that are saved as “Strict Open XML” (ISO/IEC 29500-1), and ours.
STRICT = b"http://purl.oclc.org/ooxml/"
NAMESPACES = {
    STRICT + b"spreadsheetml/main": SHEET_MAIN_NS.encode(),
    STRICT + b"officeDocument/relationships": REL_NS.encode(),
}
SHEET, ROW, CELL, VALUE, FORMULA, TEXT, STRING, PHONETIC = (
    f"{SHEET_MAIN_NS} {name}" for name in ("sheetData", "row", "c", "v", "f", "t", "si", "rPh")
)


def refuse_entity(*args):
    """Refuse entities, which can expand to any size; no spreadsheet program writes them."""
    raise ValueError("The XML declares an entity.")


def transitional(xml: bytes) -> bytes:
    """Return the beginning of a part with the namespaces that most workbooks have."""
    if STRICT in xml:
        for strict, name in NAMESPACES.items():
            xml = xml.replace(strict, name)
    return xml


class Readable(Protocol):
    """Whatever gives bytes."""

    def read(self, size: int, /) -> bytes: ...


class XmlStream:
    """Iterator over what the handlers of a subclass append to ``finished``."""

    def __init__(self, stream: Readable):
        self.stream = stream
        self.fed = 0
        self.depth = 0
        self.finished: list[Any] = []
        self.collected: list[str] = []
        self.length = 0
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
            if not self.fed:
                chunk = transitional(chunk)
            error = self.parse(chunk)
            yield from self.finished
            self.finished.clear()
            if error:
                raise error

    def parse(self, chunk: bytes) -> Exception | None:
        """Parse a chunk; return its error, to be raised after what came before it is yielded."""
        try:
            self.parser.Parse(chunk, not chunk)
            self.fed += len(chunk)
            self.refuse_excess()
        except (expat.ExpatError, ValueError, RecordError) as error:
            return error
        return None

    def refuse_excess(self) -> None:
        """Raise ValueError for XML of which the parser would have to keep too much."""
        unfinished = self.fed - self.parser.CurrentByteIndex
        names = len(self.parser.intern)
        if self.depth > MOST_DEPTH or names > MOST_NAMES or unfinished > LONGEST_TAG_BYTES:
            raise ValueError("No spreadsheet program writes such XML.")

    def collect_text(self) -> None:
        """Begin to collect text."""
        self.collected.clear()
        self.parser.CharacterDataHandler = self.collect

    def collect(self, text: str) -> None:
        """Keep a piece of text, unless the cell or string has too much already."""
        self.length += len(text)
        if self.length <= LONGEST_TEXT_CHARACTERS:
            self.collected.append(text)

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

    def __init__(self, stream: Readable):
        super().__init__(stream)
        self.parts: list[str] = []

    def start(self, name, attributes):
        self.depth += 1
        if name == TEXT:
            self.collect_text()
        elif name == PHONETIC:
            self.is_phonetic = True
        elif name == STRING:
            self.length = 0

    def end(self, name):
        self.depth -= 1
        if name == TEXT:
            text = self.collected_text()
            if text and not self.is_phonetic:
                self.parts.append(text)
        elif name == PHONETIC:
            self.is_phonetic = False
        elif name == STRING:
            self.finished.append("".join(self.parts))
            self.parts.clear()


class StringTable:
    """Texts by number, one after another in memory that is only taken as it is filled.

    An object for each, or bytes that grow, would take up to three times as much.
    """

    def __init__(self, most_bytes: int):
        self.text = mmap(-1, most_bytes + 1)
        self.ends = array("Q", [0])

    def __len__(self) -> int:
        return len(self.ends) - 1

    def __getitem__(self, number: int) -> str:
        return self.text[self.ends[number] : self.ends[number + 1]].decode()

    def append(self, text: str) -> None:
        """Add a text; raise OverflowError if there is no room for it."""
        added = text.encode()
        start, end = self.ends[-1], self.ends[-1] + len(added)
        if end > len(self.text):
            raise OverflowError(f"The texts have more than {len(self.text):,} bytes.")
        self.text[start:end] = added
        self.ends.append(end)


@lru_cache(maxsize=1_024)
def column_index(letters: str) -> int:
    """Return the index of a column by its letters, 0 for A; raises ValueError beyond ZZZ."""
    return column_index_from_string(letters) - 1


class SheetRows(XmlStream):
    """The rows of a sheet: number and non-empty cells of each, and whether it is hidden."""

    def __init__(self, stream: Readable):
        super().__init__(stream)
        self.number = 0
        self.index = -1
        self.cells: list[RawCell] = []
        self.characters = 0
        self.kind, self.style = "n", 0
        self.content, self.formula = "", None
        self.parts: list[str] = []
        self.is_in_sheet = False
        self.is_hidden = False

    def start(self, name, attributes):
        self.depth += 1
        if name == CELL:
            self.start_cell(attributes)
        elif name in {VALUE, FORMULA, TEXT}:
            self.collect_text()
        elif name == ROW and self.is_in_sheet:
            number = int(attributes.get("r", self.number + 1))
            if not self.number < number <= LAST_ROW:
                raise ValueError("Rows are out of order.")
            self.number, self.index, self.cells, self.characters = number, -1, [], 0
            self.is_hidden = attributes.get("hidden") in {"1", "true"}
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
        self.length = 0

    def end_cell(self) -> None:
        content = self.content + "".join(self.parts)
        self.parts.clear()
        if not content and self.formula is None:
            return
        self.characters += len(content) + len(self.formula or "")
        if self.characters > LONGEST_RECORD_CHARACTERS:
            raise RecordError(self.number, ROW_TOO_LONG)
        if len(self.cells) == MOST_CELLS_IN_ROW:
            raise RecordError(self.number, ROW_TOO_WIDE)
        self.cells.append(RawCell(self.index, self.kind, self.style, content, self.formula))

    def end(self, name):
        self.depth -= 1
        if name == VALUE:
            self.content = self.collected_text()
        elif name == CELL:
            self.end_cell()
        elif name == ROW and self.is_in_sheet:
            self.finished.append((self.number, self.cells, self.is_hidden))
        elif name == FORMULA:
            self.formula = self.collected_text()
        elif name == TEXT:
            text = self.collected_text()
            if text and not self.is_phonetic:
                self.parts.append(text)
        elif name == PHONETIC:
            self.is_phonetic = False
        elif name == SHEET:
            self.is_in_sheet = False
