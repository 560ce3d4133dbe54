"""Files are read as their rows are asked for, and closed; all errors of a file are told."""

import gc
import io
import tracemalloc
import zipfile

import pytest

from meetings.importing.readers import Limits, open_sheets
from meetings.importing.readers.csv_files import CHUNK_BYTES, LONGEST_RECORD_CHARACTERS, csv_records
from meetings.importing.readers.errors import RecordError
from meetings.tables.cells import MAX_CELL_CHARACTERS
from tests.importing.corpus.cases import sheet
from tests.importing.corpus.workbooks import packed, workbook

HEADER = "slug,venue\n"


def rows_of(text: str, problems, name="places.csv", **options):
    found = open_sheets(io.BytesIO(text.encode()), name=name, problems=problems, **options)
    return [row for one in found for row in one.rows]


def told(problems):
    return [(problem.line, problem.row, problem.column) for problem in problems]


def test_rows_come_with_line_and_number():
    problems = []

    rows = rows_of(f'{HEADER}a,"two\nlines"\n\n,\nb,Hall\n', problems)

    assert rows == [(2, 1, ["a", "two\nlines"]), (6, 2, ["b", "Hall"])]
    assert problems == []


def test_reading_goes_on_after_a_bad_row():
    problems = []

    rows = rows_of(f'{HEADER}a\nb,5" gun\nc,x,y\nd,Hall\ne,a\0b\nf,"x"y\ng,Hall\n', problems)

    assert [row[2][0] for row in rows] == ["d", "g"]
    assert told(problems) == [(2, 1, ""), (3, 2, "venue"), (4, 3, ""), (6, 5, "venue"),
                              (7, 6, "venue")]  # fmt: skip


def test_reading_ends_where_rows_may_have_run_together():
    problems = []

    rows = rows_of(f'{HEADER}a,Hall\nb,"Hall\nc,"Hall"\nd,Hall\n', problems)

    assert [row[2][0] for row in rows] == ["a"]
    assert told(problems) == [(3, 2, "venue")]


def test_every_fault_of_a_header_is_told():
    problems = []

    rows = rows_of("venu,city,city,mood\nx,y,z,w\n", problems)

    assert rows == []
    assert [problem.column for problem in problems] == ["venu", "city", "mood", "slug"]
    assert problems[0].suggestion == "venue"


@pytest.mark.parametrize("size", [MAX_CELL_CHARACTERS, MAX_CELL_CHARACTERS + 1])
def test_cell_of_a_million_characters_is_the_longest(size):
    problems = []

    rows = rows_of(f"{HEADER}a,{'é' * size}\nb,Hall\n", problems)

    assert len(rows) == (2 if size == MAX_CELL_CHARACTERS else 1)
    assert told(problems) == ([] if size == MAX_CELL_CHARACTERS else [(2, 1, "venue")])


def test_file_is_read_as_its_rows_are_asked_for():
    stream = io.BytesIO(b"slug\n" + b"place\n" * CHUNK_BYTES)

    next(csv_records(stream))

    assert stream.tell() == CHUNK_BYTES


class Endless(io.RawIOBase):
    """A file without an end, of the same bytes over and over; counts those that were read."""

    def __init__(self, piece: bytes, first: bytes = b""):
        super().__init__()
        self.first = first
        self.piece = piece * (CHUNK_BYTES // len(piece))
        self.count = 0

    def read(self, size=-1):
        self.count += len(self.piece)
        first, self.first = self.first, b""
        return first + self.piece


def test_memory_does_not_grow_with_the_file():
    found = csv_records(Endless(b"x," + b"y" * 97 + b"\n"))
    next(found)
    tracemalloc.start()

    for _ in range(30_000):
        next(found)

    assert tracemalloc.get_traced_memory()[1] < 3_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(("first", "piece"), [("", "x,y "), ("", '"x'), ('"', "a,b\n")])
def test_row_without_an_end_is_given_up(first, piece):
    stream = Endless(piece.encode(), first.encode())

    with pytest.raises(RecordError, match="millions of characters"):
        list(csv_records(stream))

    assert stream.count < LONGEST_RECORD_CHARACTERS * 2


@pytest.mark.parametrize("ending", ["csv", "xlsx", "zip"])
def test_files_are_closed_once_read_or_left(tmp_path, ending):
    data = {
        "csv": sheet({"slug": "a"}, {"slug": "b"}).encode(),
        "xlsx": workbook([["slug"], ["a"], ["b"]]),
        "zip": packed({"places.csv": sheet({"slug": "a"}, {"slug": "b"})}),
    }[ending]
    path = tmp_path / f"places.{ending}"
    path.write_bytes(data)

    sheets = open_sheets(path, name=path.name, problems=[])
    next(sheets[0].rows)
    del sheets
    gc.collect()

    # A file that were left open would be a warning, which is an error here.
    assert len(list(open_sheets(path, name=path.name, problems=[])[0].rows)) == 2


def test_upload_is_read_from_its_start_and_stays_open():
    upload = io.BytesIO(packed({"places.csv": "slug\na\n", "actors.csv": "slug,name\nb,B\n"}))
    upload.seek(7)

    sheets = open_sheets(upload, name="record.zip", problems=[])
    rows = [list(found) for found in zip(*(one.rows for one in sheets), strict=True)]

    assert [one.file for one in sheets] == ["record.zip/places.csv", "record.zip/actors.csv"]
    assert rows == [[(2, 1, ["a"]), (2, 1, ["b", "B"])]]
    assert not upload.closed


def test_zip_is_read_no_further_than_it_says(tmp_path):
    data = bytearray(packed({"places.csv": HEADER[:5] + "a\n" * 4000}, method=zipfile.ZIP_STORED))
    place = data.index(b"PK\x01\x02") + 24
    data[place : place + 4] = (7005).to_bytes(4, "little")
    problems = []

    sheets = open_sheets(io.BytesIO(data), name="record.zip", problems=problems)
    rows = [row for one in sheets for row in one.rows]

    assert len(rows) < 4000
    assert ["damaged" in problem.problem for problem in problems] == [True]


def test_unreadable_character_is_found_however_far_down():
    problems = []
    data = HEADER.encode() + "a,Дворец\r\n".encode() * 90_000 + b'b,"one\ntw\xf6"\n'

    rows = list(open_sheets(io.BytesIO(data), name="places.csv", problems=problems)[0].rows)

    assert len(rows) == 90_000
    assert told(problems) == [(90_002, 90_001, "venue")]
    assert problems[0].problem.endswith("line 90003, column “venue”.")


def test_table_may_be_named_where_the_file_does_not():
    text = sheet({"slug": "a"})

    assert len(rows_of(text, [], name="download (1).csv", table="places")) == 1
    assert len(rows_of(text, [], name="upload", table="Places")) == 1


def test_table_is_not_named_for_several_files():
    problems = []
    open_sheets(io.BytesIO(packed({"places.csv": "slug\n"})), name="a.zip", table="places",
                problems=problems)  # fmt: skip

    assert "single file" in problems[0].problem


def test_no_limits_are_set_unless_given():
    text = sheet(*({"slug": f"place-{n}"} for n in range(50)))
    problems = []

    assert len(rows_of(text, problems)) == 50
    assert len(rows_of(text, problems, limits=Limits(rows=50, size=10_000))) == 50
    assert problems == []
    assert len(rows_of(text, problems, limits=Limits(rows=49))) == 49
    assert "50 rows; the limit here is 49" in problems[0].problem
