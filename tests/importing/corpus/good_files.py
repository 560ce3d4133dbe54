"""CSV as programs write it, and loose formulas: each with the rows that it must give."""

import csv

from .cases import Good, Row, content, sheet
from .records import NEW, REACTION

ROWS = [REACTION, REACTION | {"slug": "other", "attribution": "Сенатор, «Иванов»"}]
LINES = sheet(*ROWS)
GIVEN = [("reactions", row) for row in ROWS]
MULTI = REACTION | {"summary": "One [@paper].\n\nTwo [@paper]."}

# More than is read at once, so that characters and line ends fall on the seams.
MANY = [{"slug": f"place-{n}", "venue": "Дворец, «зал» " * 10} for n in range(1200)]
MANY = [row | {"venue": row["venue"].strip()} for row in MANY]


def good(name, data, rows=GIVEN, file="reactions.csv"):
    return Good(name, content(data, file), rows)


def place(**cells: str) -> list[tuple[str, Row]]:
    return [("places", {"slug": "new-place"} | cells)]


def venue(name: str, written: str, read: str) -> Good:
    """Return a loose file with a venue written so, and to be read so."""
    text = sheet({"slug": "new-place", "venue": written})
    return good(name, text, place(venue=read), "places.csv")


FORMS = [
    good("LF", LINES),
    good("CR LF", LINES.replace("\n", "\r\n")),
    good("CR", LINES.replace("\n", "\r")),
    good("line ends of all kinds", LINES.replace("\n", "\r\n", 1).replace("stance\n", "stance\r")),
    good("no line end at the end", LINES.rstrip("\n")),
    good("byte order mark", b"\xef\xbb\xbf" + LINES.encode()),
    good("byte order mark and CR LF", b"\xef\xbb\xbf" + LINES.replace("\n", "\r\n").encode()),
    good("everything in quotation marks", sheet(*ROWS, quoting=csv.QUOTE_ALL)),
    good("byte order mark and quotation marks",
         b"\xef\xbb\xbf" + sheet(*ROWS, quoting=csv.QUOTE_ALL).encode()),
    good("columns in another order", sheet(*ROWS, columns=tuple(reversed(REACTION))),
         [("reactions", row) for row in ROWS]),
    good("names in capitals and spaces", LINES.replace("slug,meeting", " SLUG , Meeting", 1)),
    good("blank lines", LINES.replace("\n", "\n\n \n")),
    good("lines of empty cells", LINES.replace("\n", "\n,,,\n", 1) + ",,,,,\n\t, ,,,,\n"),
    good("columns without a name and a value", LINES.replace("\n", ",,\n")),
    good("column without a name in the middle", "slug,,venue\nnew-place,,Hall\n",
         place(venue="Hall"), "places.csv"),
    good("semicolons and commas in cells", sheet(*ROWS, delimiter=";")),
    good("tabs", sheet(*ROWS, delimiter="\t")),
    good("tabs in a .tsv", sheet(*ROWS, delimiter="\t"), file="reactions.tsv"),
    good("commas in a .tsv", LINES, file="reactions.tsv"),
    good("semicolons, byte order mark and CR LF", b"\xef\xbb\xbf"
         + sheet(*ROWS, delimiter=";").replace("\n", "\r\n").encode()),
    good("one column, and a semicolon in a cell", "slug\nnew-place\n", place(), "places.csv"),
    good("two byte order marks", b"\xef\xbb\xbf\xef\xbb\xbf" + LINES.encode()),
    good("empty cells beyond the header", LINES.replace("critical\n", "critical,, ,\n")),
    good("lines of more empty cells than the header", f"{LINES},,,,,,,,,\n"),
    good("second download", LINES, file="reactions (1).csv"),
    good("only a header", sheet(columns=tuple(REACTION)), []),
    good("header without a line end", ",".join(REACTION), []),
    good("only a key", "slug\nnew-place\n", place(), "places.csv"),
    good("cell of several lines", sheet(MULTI), [("reactions", MULTI)]),
    good("cell of several lines ended by CR LF", sheet(MULTI).replace("\n", "\r\n"),
         [("reactions", MULTI)]),
    good("cell that begins and ends with lines", 'slug,venue\nnew-place,"\n\nHall\n"\n',
         place(venue="Hall"), "places.csv"),
    good("header of several lines", '"slug\n",venue\nnew-place,Hall\n', place(venue="Hall"),
         "places.csv"),
    good("doubled quotation marks", 'slug,venue\nnew-place,"A ""hall"""""\n',
         place(venue='A "hall""'), "places.csv"),
    good("empty quotation marks", 'slug,venue\n"new-place",""\n', place(venue=""), "places.csv"),
    good("name of the file in capitals", "slug\nnew-place\n", place(), "PLACES.CSV"),
    good("characters across what is read at once", sheet(*MANY), [("places", row) for row in MANY],
         "places.csv"),
    good("row that is there and unchanged", sheet({"slug": "first", "attribution": "A minister"}),
         [("reactions", {"slug": "first", "attribution": "A minister"})]),
    good("row that is there and changed", sheet({"slug": "first", "stance": "mixed", "role": ""}),
         [("reactions", {"slug": "first", "stance": "mixed", "role": ""})]),
    good("part of an entry that is there", sheet(NEW["outcomes"] | {"text": "They agreed [@law]."}),
         [("outcomes", NEW["outcomes"] | {"text": "They agreed [@law]."})], "outcomes.csv"),
]  # fmt: skip
FORMULAS = [
    venue("formula with an apostrophe", "'=1+1", "=1+1"),
    venue("plus with an apostrophe", "'+358 9", "+358 9"),
    venue("minus with an apostrophe", "'- none", "- none"),
    venue("at sign with an apostrophe", "'@home", "@home"),
    venue("apostrophe with an apostrophe", "''Hall'", "'Hall'"),
    venue("two apostrophes and a formula", "''=1", "'=1"),
    venue("formula without an apostrophe", "=1+1", "=1+1"),
    venue("negative number", "-1.5", "-1.5"),
    venue("apostrophe before a word", "'t Hof", "'t Hof"),
    venue("apostrophe alone", "'", "'"),
]
GOOD_FILES = [*FORMS, *FORMULAS]
