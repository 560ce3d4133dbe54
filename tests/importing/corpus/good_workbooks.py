"""Workbooks as people make them, each with the rows that it must give."""

from datetime import date, datetime

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils.datetime import MAC_EPOCH
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.xml.constants import REL_NS, SHEET_MAIN_NS

from .cases import Good
from .records import NEW, REACTION
from .workbooks import (
    SHEET,
    STRINGS,
    edited,
    of_row,
    packed,
    parts_of,
    saved,
    shared,
    with_cell,
    workbook,
)

BOOK = shared(of_row(REACTION))


def good(name, data, table="reactions", given=None, rows=None):
    rows = [(table, NEW[table] | (given or {}))] if rows is None else rows
    return Good(f"workbook: {name}", saved(data, f"{table}.xlsx"), rows)


def cell(name, place, value, given, number_format=""):
    return good(name, with_cell(place, value, number_format), given=given)


def places(name, row, given):
    return good(name, of_row({"slug": "new-place"} | row), "places", given)


def decorated(book):
    """Do to a workbook everything that changes no cell."""
    sheet = book.active
    sheet["A1"].font = Font(bold=True)
    sheet["C2"].comment = Comment("Check this.", "Ana")
    sheet["C2"].hyperlink = "https://press.example/"
    sheet.column_dimensions["B"].hidden = True
    sheet.row_dimensions[2].hidden = True
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = "A1:F2"
    rule = DataValidation(type="list", formula1='"supportive,critical"')
    rule.add("F2")
    sheet.add_data_validation(rule)
    sheet.merge_cells("H4:J6")
    for row in range(3, 40):
        sheet.cell(row, 3).font = Font(italic=True)
    sheet["Z90"] = " "
    book.create_sheet("Notes").append(["anything", "=1+1"])


def second_sheet(title, rows, hidden=()):
    """Return what adds a sheet with rows to a workbook, some of them hidden."""

    def change(book):
        added = book.create_sheet(title)
        for row in rows:
            added.append([*row])
        for number in hidden:
            added.row_dimensions[number].hidden = True

    return change


def of_tables(*tables, others=()):
    """Return a workbook with a sheet of one new row for each table, and other sheets."""

    def change(book):
        del book["Sheet"]
        for title, rows in others:
            second_sheet(title, rows)(book)
        for table in tables:
            second_sheet(table, [NEW[table], NEW[table].values()])(book)

    return workbook([], change)


def strict(book, *parts):
    """Return a workbook as one that was saved as “Strict Open XML”."""
    for part, old, new in (
        ("xl/workbook.xml", SHEET_MAIN_NS, "http://purl.oclc.org/ooxml/spreadsheetml/main"),
        (SHEET, SHEET_MAIN_NS, "http://purl.oclc.org/ooxml/spreadsheetml/main"),
        (STRINGS, SHEET_MAIN_NS, "http://purl.oclc.org/ooxml/spreadsheetml/main"),
        ("xl/workbook.xml", REL_NS, "http://purl.oclc.org/ooxml/officeDocument/relationships"),
    ):
        if part in (parts or (part,)):
            book = edited(book, part, old, new)
    return book


def numbered(book):
    """Return a workbook whose list of sheets is named as some programs name it."""
    parts = {
        name: data.replace(b"workbook.xml", b"workbook2.xml")
        if name.endswith(("Types].xml", ".rels"))
        else data
        for name, data in parts_of(book).items()
    }
    names = {"xl/workbook.xml": "xl/workbook2.xml",
             "xl/_rels/workbook.xml.rels": "xl/_rels/workbook2.xml.rels"}  # fmt: skip
    return packed({names.get(name, name): data for name, data in parts.items()})


def in_publish_at(value, number_format):
    def change(book):
        book.active["G2"] = value
        book.active["G2"].number_format = number_format

    return of_row(REACTION | {"publish_at": ""}, change)


def first_hidden(book):
    hidden = book.create_sheet("Lists", 0)
    hidden.append(["not", "this"])
    hidden.sheet_state = "hidden"


def rich(book):
    word = TextBlock(InlineFont(b=True), "sen")
    book.active["C2"] = CellRichText("A ", word, "ator")


def epoch_of_1904(book):
    book.epoch = MAC_EPOCH
    book.active["E2"] = date(2018, 7, 17)


DAY = {"reacted_on": "2018-07-17"}
MOMENT = "2018-07-16T09:30:00Z"
DATES = [
    good("text alone", BOOK),
    cell("date", "E2", date(2018, 7, 17), DAY),
    cell("date in an American format", "E2", date(2018, 7, 17), DAY, "mm/dd/yy"),
    cell("date with its midnight", "E2", datetime(2018, 7, 17), DAY),
    cell("date before 1900, as LibreOffice has it", "E2", -9149, {"reacted_on": "1874-12-12"},
         "yyyy-mm-dd"),
    cell("first date that all programs agree on", "E2", 61, {"reacted_on": "1900-03-01"},
         "yyyy-mm-dd"),
    good("days counted from 1904", of_row(REACTION, epoch_of_1904), given=DAY),
    good("date as text of the format", edited(with_cell("E2", 5), SHEET, '<c r="E2" t="n"><v>5',
         '<c r="E2" t="d"><v>2018-07-17'), given=DAY),
    good("date and time", in_publish_at(datetime(2018, 7, 16, 9, 30), "yyyy-mm-dd hh:mm:ss"),
         given={"publish_at": MOMENT}),
    good("midnight that shows its time", in_publish_at(datetime(2018, 7, 16), "yyyy-mm-dd hh:mm"),
         given={"publish_at": "2018-07-16T00:00:00Z"}),
    good("time as text", in_publish_at("2018-07-16T12:30+03:00", "@"),
         given={"publish_at": MOMENT}),
]  # fmt: skip
NUMBERS = [
    places("decimals", {"latitude": 60.1699, "longitude": -24.5}, {"latitude": "60.1699",
           "longitude": "-24.5"}),
    places("whole decimals", {"latitude": 60.0, "longitude": 25}, {"latitude": "60",
           "longitude": "25"}),
    places("smallest of coordinates", {"latitude": 0.000001, "longitude": -0.0},
           {"latitude": "0.000001", "longitude": "0"}),
    good("whole number with decimals", of_row(NEW["meetings"] | {"duration_minutes": 46.0}),
         "meetings", {"duration_minutes": "46"}),
    good("whole number with an exponent", edited(of_row(NEW["meetings"]
         | {"duration_minutes": 5}), SHEET, "<v>5</v>", "<v>1.2E2</v>"), "meetings",
         {"duration_minutes": "120"}),
    places("number for a slug", {"slug": 1985}, {"slug": "1985"}),
    good("number in a style that is not there", edited(of_row({"slug": 1985}), SHEET,
         '<c r="A2" t="n">', '<c r="A2" s="99" t="n">'), "places", {"slug": "1985"}),
]  # fmt: skip
SHEETS = [
    good("styles, notes, filters, hidden and merged cells", of_row(REACTION, decorated)),
    good("hidden sheet before it", of_row(REACTION, first_hidden)),
    good("rich text", of_row(REACTION, rich)),
    good("rows apart", workbook([REACTION, [], [], REACTION.values(), []])),
    good("column without a name and a value", workbook([["slug", None, "venue"],
         ["new-place", None, "Hall"]]), "places", {"venue": "Hall"}),
    good("only a header", workbook([REACTION]), rows=[]),
    good("escaped line end", edited(BOOK, STRINGS, "A senator", "A_x000D_\nsenator"),
         given={"attribution": "A\nsenator"}),
    good("escaped escape", edited(BOOK, STRINGS, "A senator", "A_x005F_x000D_"),
         given={"attribution": "A_x000D_"}),
    good("pronunciation", edited(BOOK, STRINGS, "<t>A senator</t>",
         '<t>A senator</t><rPh sb="0" eb="1"><t>Ei</t></rPh>')),
    good("string in the cell", edited(with_cell("E2", 5), SHEET, '<c r="E2" t="n"><v>5</v>',
         '<c r="E2" t="inlineStr"><is><t>2018-07-17</t></is>')),
    good("cells without coordinates", edited(edited(BOOK, SHEET, ' r="B2"', ""), SHEET,
         ' r="C2"', "")),
    cell("apostrophe before a formula", "C2", "'=1+1", {"attribution": "=1+1"}),
    cell("apostrophe before a word", "C2", "'t Hof", {"attribution": "'t Hof"}),
]  # fmt: skip
TABLES = [
    good("table's own sheet behind notes", workbook([["Read me"]], second_sheet("Reactions",
         [REACTION, REACTION.values()]))),
    good("sheet with the key behind an export summary", workbook([["This document was exported"]],
         second_sheet("Table 1", [REACTION, REACTION.values()]))),
    good("first of two sheets with rows", of_row(REACTION, second_sheet("More", [REACTION,
         (REACTION | {"slug": "lost"}).values()]))),
    good("empty sheet before the rows", workbook([], second_sheet("Data", [REACTION])), rows=[]),
    Good("workbook: sheet for each table", saved(of_tables("reactions", "actors", others=[
         ("README", [["Words"]]), ("Empty", [])]), "record.xlsx"),
         [("actors", NEW["actors"]), ("reactions", REACTION)]),
    good("list of sheets with a number", numbered(BOOK)),
    good("strict", strict(BOOK)),
    good("strict in its sheet alone", strict(BOOK, SHEET)),
    good("strict in its strings alone", strict(BOOK, STRINGS)),
]  # fmt: skip
GOOD_WORKBOOKS = [*DATES, *NUMBERS, *SHEETS, *TABLES]
