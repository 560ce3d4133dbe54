"""Workbooks to be refused: by a cell, by their first sheet, by what they are."""

from datetime import date, datetime, time, timedelta

from meetings.importing.readers import Limits

from .cases import Bad
from .good_workbooks import of_tables
from .records import NEW, REACTION
from .workbooks import (
    SHEET,
    STRINGS,
    edited,
    of_row,
    packed,
    saved,
    shared,
    with_cell,
    without,
    workbook,
)

XLSX = "reactions.xlsx"
BOOK = shared(of_row(REACTION))
BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
HEAD = "<worksheet "
DAMAGED = "This workbook is damaged"


def bad(name, data, line, column, says, file=XLSX, **options):
    path = file.partition("/")[0]
    return Bad(f"workbook: {name}", saved(data, path), line, column, says, file, **options)


def cell(name, place, value, column, says, number_format="", line=2):
    return bad(name, with_cell(place, value, number_format), line, column, says)


def in_publish_at(value, number_format):
    def change(book):
        book.active["G2"] = value
        book.active["G2"].number_format = number_format

    return of_row(REACTION | {"publish_at": ""}, change)


CELLS = [
    cell("formula", "C2", "=CONCATENATE(A2,B2)", "attribution", "holds a formula"),
    cell("formula for a date", "E2", "=TODAY()", "reacted_on", "holds a formula"),
    cell("formula beyond the header", "J2", "=1+1", "", "holds a formula"),
    cell("formula in the header", "C1", '="attribution"', "", "holds a formula", line=1),
    cell("error", "C2", "#N/A", "attribution", "holds an error"),
    cell("division by zero", "E2", "#DIV/0!", "reacted_on", "holds an error"),
    cell("time of day", "C2", time(9, 30), "attribution", "a time of day, shown as 9:30"),
    cell("span of time", "C2", timedelta(hours=30), "attribution",
         "a length of time, shown as 30:00:00"),
    cell("number for a date", "E2", 43297, "reacted_on", "Enter the date as"),
    cell("fraction of a day in a date", "E2", datetime(2018, 7, 17, 9), "reacted_on",
         "Enter the date as"),
    cell("date beyond all dates", "E2", 99_999_999, "reacted_on", "no such date", "yyyy-mm-dd"),
    cell("date before all dates", "E2", -200_000, "reacted_on", "no such date", "yyyy-mm-dd"),
    cell("29 February 1900", "E2", 60, "reacted_on", "read this date differently",
         "yyyy-mm-dd"),
    cell("boolean for a stance", "F2", True, "stance", "a truth value, shown as TRUE"),
    cell("month for a slug", "A2", date(2018, 5, 1), "slug", "a date, shown as May-18", "mmm-yy"),
    cell("share for a text", "C2", 0.46, "attribution", "a percentage, shown as 46%", "0%"),
    cell("value beyond the header", "G2", "x", "", "The cell G2 is filled, beyond the header"),
    bad("date in a column of times", in_publish_at(date(2018, 7, 16), "yyyy-mm-dd"), 2,
        "publish_at", "Enter the time as"),
    bad("fraction of a number", of_row(NEW["meetings"] | {"duration_minutes": 46.5}), 2,
        "duration_minutes", "Enter a whole number", "meetings.xlsx"),
    bad("row number of the sheet", workbook([REACTION, [], [], ["new-one", "talks"]]), 4,
        "stance", "needs a stance"),
    bad("lone surrogate", edited(BOOK, STRINGS, "A senator", "A _xD83D_"), 2, "attribution",
        "U+D83D"),
    bad("null", edited(BOOK, STRINGS, "A senator", "A _x0000_"), 2, "attribution", "U+0000"),
    bad("control character", edited(BOOK, STRINGS, "A senator", "A_x0007_b"), 2, "attribution",
        "U+0007"),
    bad("iso date that is none", edited(with_cell("E2", 5), SHEET, '<c r="E2" t="n"><v>5',
        '<c r="E2" t="d"><v>2018-02-30'), 2, "reacted_on", "no such date"),
    bad("number that is none", edited(with_cell("E2", 5), SHEET, "<v>5<", "<v>5five<"), 2,
        "reacted_on", "number cannot be read"),
    bad("number beyond all numbers", edited(with_cell("E2", 5), SHEET, "<v>5<", "<v>1e999<"), 2,
        "reacted_on", "number cannot be read"),
]  # fmt: skip
SHEETS = [
    bad("empty workbook", workbook([]), 1, "", "The file is empty"),
    bad("blank first row", workbook([[], REACTION, REACTION.values()]), 1, "", "line is blank"),
    bad("misspelt column", of_row({"slug": "a", "stanse": "b"}), 1, "stanse", "no column"),
    bad("row without its key", of_row(REACTION | {"slug": None}), 2, "slug", "needs its slug"),
]  # fmt: skip
TABLES = [
    bad("sheet of no table among those of tables", of_tables("reactions", others=[("reaction",
        [["slug"], ["a"]])]), 0, "", "Name the sheet after one of", "record.xlsx/reaction"),
    bad("workbook of no table", of_row(REACTION), 0, "", "by command --table", "book.xlsx"),
    bad("wrong row in a sheet of tables", of_tables("reactions", others=[("actors",
        [["slug", "name", "kind"], ["b", "B", "human"]])]), 2, "kind", "is not a kind",
        "record.xlsx/actors"),
]  # fmt: skip
BROKEN = [
    bad("string that is not there", edited(BOOK, SHEET, "<v>7</v>", "<v>700</v>"), 2, "meeting",
        "not in the workbook"),
    bad("rows out of order", edited(BOOK, SHEET, '<row r="2"', '<row r="1"'), 2, "", DAMAGED),
    bad("row beyond all rows", edited(BOOK, SHEET, '<row r="2"', '<row r="1048577"'), 2, "",
        DAMAGED),
    bad("column beyond all columns", edited(BOOK, SHEET, 'r="C2"', 'r="ABCD2"'), 2, "", DAMAGED),
    bad("XML cut short", edited(BOOK, SHEET, "</sheetData>", ""), 3, "", DAMAGED),
    bad("entities in the sheet", edited(BOOK, SHEET, HEAD, BOMB + HEAD), 1, "", DAMAGED),
    bad("entities in the strings", edited(BOOK, STRINGS, "<sst ", BOMB + "<sst "), 1, "", DAMAGED),
    bad("no sheet", without(BOOK, SHEET), 1, "", "no sheet"),
    bad("no list of parts", without(BOOK, "[Content_Types].xml"), 1, "", DAMAGED),
    bad("nothing but its name", packed({"xl/workbook.xml": ""}), 1, "", DAMAGED),
    bad("cut in the middle", BOOK[: len(BOOK) // 2], 0, "", "zip is damaged"),
]  # fmt: skip
OTHERS = [
    bad("workbook named .csv", BOOK, 0, "", "This is an XLSX workbook, not text", "reactions.csv"),
    bad("workbook named .zip", BOOK, 0, "", "XLSX workbook, not a zip", "reactions.zip"),
    bad("workbook named .xlsm", BOOK, 0, "", "name it “reactions.xlsx”", "reactions.xlsm"),
    bad("binary workbook", packed({"xl/workbook.bin": "x"}), 0, "", "a binary workbook"),
    bad("OpenDocument", packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": "<x/>"}), 0, "", "an OpenDocument file"),
    bad("Word document", packed({"word/document.xml": "<x/>"}), 0, "", "a Word document"),
    bad("zip named .xlsx", packed({"reactions.csv": "slug"}), 0, "", "This is a zip, not an XLSX"),
    bad("workbook that unpacks to too much", packed({"xl/workbook.xml": bytes(3_000_000)}), 0, "",
        "would unpack to 3,000,000 bytes", limits=Limits(size=100_000)),
    bad("workbook of thousands of files", packed({"xl/workbook.xml": ""}
        | {f"xl/media/{n}": "" for n in range(2000)}), 0, "", "2,001 files in it"),
]  # fmt: skip
BAD_WORKBOOKS = [*CELLS, *SHEETS, *TABLES, *BROKEN, *OTHERS]
