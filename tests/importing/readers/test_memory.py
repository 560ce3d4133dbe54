"""A workbook keeps little in memory, whatever is in it; the rest is refused in words."""

import io
import zipfile

import pytest

from meetings.importing.readers import Limits, open_sheets, unpacked_size, xlsx_files, xlsx_xml
from tests.importing.corpus.workbooks import (
    SHEET,
    STRINGS,
    STYLES,
    packed,
    parts_of,
    shared,
    workbook,
)

BOOK = workbook(
    [["slug", "venue"], ["a", "Дворец"], ["b", "会談 \N{GRINNING FACE}"], ["c", "Дворец"]]
)
LIMITS = Limits(rows=100, size=1_000_000, strings=100_000)


def read(data, limits=LIMITS, report=lambda: None):
    """Return the rows of a workbook of places, and the problems as they are shown."""
    problems = []
    sheets = open_sheets(
        io.BytesIO(data), name="places.xlsx", limits=limits, problems=problems, report=report
    )
    return [row[2] for one in sheets for row in one.rows], [str(one) for one in problems]


def with_part(name, data, book=BOOK):
    return packed(parts_of(book) | {name: data})


def with_rows(rows, book=BOOK):
    """Return a workbook whose header is followed by other rows, given as XML."""
    part = parts_of(book)[SHEET].decode()
    before, _, _ = part.partition('<row r="2"')
    return with_part(SHEET, f"{before}{rows}</sheetData></worksheet>", book)


def test_shared_strings_are_the_texts_of_the_cells():
    assert read(shared(BOOK)) == (
        [["a", "Дворец"], ["b", "会談 \N{GRINNING FACE}"], ["c", "Дворец"]],
        [],
    )


def test_shared_strings_beyond_the_limit_are_refused_before_they_are_read(monkeypatch):
    monkeypatch.setattr(xlsx_files, "SharedStrings", None)

    rows, problems = read(shared(BOOK), Limits(rows=100, size=1_000_000, strings=50))

    assert rows == []
    assert problems[0].startswith(
        "places.xlsx: The texts of this workbook (“xl/sharedStrings.xml”)"
    )
    assert "the limit here is 50. Split it, save it as CSV, or use import_record." in problems[0]


def test_too_many_shared_strings_are_refused(monkeypatch):
    monkeypatch.setattr(xlsx_files, "MOST_STRINGS", 3)

    assert read(shared(BOOK)) == (
        [],
        [
            "places.xlsx: This workbook has more than 3 different texts. Split it, save it as CSV,"
            " or use import_record."
        ],
    )


def test_command_reads_shared_strings_of_any_size(monkeypatch):
    monkeypatch.setattr(xlsx_files, "MOST_STRINGS", 3)

    assert len(read(shared(BOOK), Limits())[0]) == 3


def test_part_that_would_be_read_whole_is_refused_if_it_is_large(monkeypatch):
    monkeypatch.setattr(xlsx_files, "LARGEST_PART_BYTES", 20_000)

    _, (problem,) = read(with_part(STYLES, b"<styleSheet>" + b" " * 20_000 + b"</styleSheet>"))

    assert problem.startswith("places.xlsx: “xl/styles.xml” in this workbook has 20,025 bytes")
    assert "at most 20,000 are read. Copy the rows into a new workbook" in problem


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("MOST_CELLS_IN_ROW", "<row>" + "<c><v>1</v></c>" * 11 + "</row>"),
        ("LONGEST_RECORD_CHARACTERS", "<row>" + "<c><v>12345</v></c>" * 3 + "</row>"),
    ],
)
def test_row_of_too_many_cells_or_letters_is_refused(monkeypatch, name, rows):
    monkeypatch.setattr(xlsx_xml, name, 10)

    found, (problem,) = read(with_rows(f"<row><c><v>1</v></c></row>{rows}"))

    assert len(found) == 1
    assert problem.startswith("places.xlsx, line 3: This row ")


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("MOST_DEPTH", "<a>" * 60_000),
        ("MOST_NAMES", "".join(f"<a{n}/>" for n in range(20_000))),
        ("LONGEST_TAG_BYTES", f'<row r="{"1" * 400_000}"/>'),
    ],
)
def test_xml_of_which_a_parser_keeps_too_much_is_damaged(monkeypatch, name, rows):
    monkeypatch.setattr(xlsx_xml, name, 100)

    found, (problem,) = read(with_rows(rows))

    assert found == []
    assert "This workbook is damaged." in problem


def test_text_that_is_too_long_is_cut_and_still_too_long(monkeypatch):
    monkeypatch.setattr(xlsx_xml, "LONGEST_TEXT_CHARACTERS", 2_000_000)
    runs = f"<r><t>{'long' * 100}</t></r>" * 6_000
    cells = f'<c t="inlineStr"><is>{runs}</is></c>'

    found, (problem,) = read(with_rows(f"<row>{cells}</row><row><c><v>1</v></c></row>"), Limits())

    assert len(found) == 1
    assert "Shorten the text to at most 1,000,000 characters." in problem


def test_one_long_text_in_every_cell_is_counted_each_time():
    """Of 20 million characters, 33 of 600,000 have place."""
    texts = f"<sst xmlns='{xlsx_xml.SHEET_MAIN_NS}'><si><t>{'x' * 600_000}</t></si></sst>"
    book = with_part(STRINGS, texts, shared(BOOK))
    rows = '<row><c t="inlineStr"><is><t>a</t></is></c><c t="s"><v>0</v></c></row>' * 50
    data = with_part(SHEET, parts_of(with_rows(rows))[SHEET], book)

    found, (problem,) = read(data, Limits(rows=100, size=1_000_000, strings=1_000_000))

    assert len(found) == 33
    assert "hold more than 20,000,000 characters. Split the file" in problem


def test_reading_says_so_before_the_first_row():
    texts = "".join(f"<si><t>{n}</t></si>" for n in range(50_000))
    parts = parts_of(shared(BOOK))
    strings = parts[STRINGS].decode().replace("</sst>", f"{texts}</sst>")
    reports = []

    class Ended(Exception):
        pass

    def report():
        reports.append(None)
        if len(reports) == 3:
            raise Ended

    with pytest.raises(Ended):
        read(packed(parts | {STRINGS: strings}), Limits(), report)


def test_size_of_a_zip_is_that_of_what_it_unpacks_to():
    assert unpacked_size(b"slug\n") == 5
    assert unpacked_size(b"PK not a zip") == 12
    with zipfile.ZipFile(io.BytesIO(BOOK)) as archive:
        assert unpacked_size(BOOK) == sum(entry.file_size for entry in archive.infolist())
    assert unpacked_size(packed({"a.csv": "slug\n", "b.xlsx": b"12"})) == 5 + 2 * 20
