"""Files that are not CSV as it must be: headers, shapes, quotation marks, encodings, disguises."""

import gzip

from .cases import Bad, content, sheet
from .records import REACTION

HEADER = ",".join(REACTION)
ROW = ",".join(REACTION.values())
GOOD = f"{HEADER}\n{ROW}\n"
UTF_8, NAMES = "Save the file as “CSV UTF-8”", "There is no column"
RUSSIAN = sheet(REACTION | {"attribution": "Сенатор Иванов"})
ACCENTS = sheet(REACTION | {"attribution": "Sénateur Noël"})


def bad(name, data, line, column, says, file="reactions.csv"):
    return Bad(name, content(data, file), line, column, says, file)


def attributed(cell):
    return f"{HEADER}\n{ROW.replace('A senator', cell)}\n"


def renamed(old, new):
    return GOOD.replace(old, new, 1)


HEADERS = [
    bad("empty", "", 1, "", "The file is empty"),
    bad("only a byte order mark", b"\xef\xbb\xbf", 1, "", "The file is empty"),
    bad("only blank lines", "\n\n\n", 1, "", "first line is blank"),
    bad("blank first line", f"\n{GOOD}", 1, "", "first line is blank"),
    bad("first line of commas", f",,,,,\n{GOOD}", 1, "", "first line is blank"),
    bad("sep line", f"sep=,\n{GOOD}", 1, "", "Take out the first line"),
    bad("sep line with semicolons", f"sep=;\n{GOOD}", 1, "", "Take out the first line"),
    bad("quoted sep line", f'"sep=,"\n{GOOD}', 1, "", "Take out the first line"),
    bad("misspelt column", renamed("stance", "stanse"), 1, "stanse", NAMES),
    bad("unknown column", f"{HEADER},mood\n{ROW},\n", 1, "mood", NAMES),
    bad("column of another table", f"{HEADER},venue\n{ROW},\n", 1, "venue", NAMES),
    bad("id for a column", f"id,{HEADER}\n1,{ROW}\n", 1, "id", NAMES),
    bad("doubled column", f"{HEADER},stance\n{ROW},mixed\n", 1, "stance", "stands 2 times"),
    bad("column doubled in capitals", f"{HEADER}, STANCE \n{ROW},x\n", 1, "stance", "2 times"),
    bad("no key", "meeting,stance\ntalks,mixed\n", 1, "slug", "is missing"),
    bad("half a key", "meeting,text\ntalks,x\n", 1, "government", "is missing", "readouts.csv"),
    bad("no header", f"{ROW}\n", 1, "slug", "is missing"),
    bad("index of pandas", f",{HEADER}\n0,{ROW}\n", 2, "", "index=False"),
    bad(
        "index of pandas, read and written again",
        f"Unnamed: 0,{HEADER}\n0,{ROW}\n",
        1,
        "unnamed: 0",
        "index=False",
    ),
    bad(
        "title above the header",
        f"Reactions by Ana,,,,,\n{GOOD}",
        1,
        "",
        "line 2 does. Delete what stands above it",
    ),
    bad(
        "columns of another table",
        "slug,title,url\na,b,https://x.example/\n",
        1,
        "",
        "This looks like sources, not like reactions",
    ),
    bad(
        "columns of two other tables",
        "slug,title,kind\na,b,news\n",
        1,
        "",
        "This looks like sources or milestones",
    ),
    bad(
        "most columns of another table",
        "slug,title,starts_on,format,event_status,mood\n",
        1,
        "",
        "This looks like meetings",
    ),
    bad(
        "another slug for a part",
        "meeting,order,new_slug\ntalks,10,x\n",
        1,
        "new_slug",
        "have no address",
        "outcomes.csv",
    ),
    bad("nameless column with a value", f"{HEADER},\n{ROW},x\n", 2, "", "without a name"),
    bad("name of invisible characters", f"{HEADER},\u200b\n{ROW},x\n", 2, "", "without a name"),
    bad("thousands of columns", ",".join(f"c{n}" for n in range(9000)), 1, "", "9,000 cells"),
    bad("name with a null", renamed("stance", "sta\0nce"), 1, "", "U+0000"),
]
SHAPES = [
    bad("short row", f"{GOOD}next,talks\n", 3, "", "has only 2 cells"),
    bad("long row", f"{GOOD}{ROW},more\n", 3, "", "as many as 7 cells"),
    bad("short row after blank lines", f"{GOOD}\n\n,,\nnext\n", 6, "", "has only 1 cells"),
    bad("bars", GOOD.replace(",", "|"), 1, "", "separated by bars"),
    bad("semicolons and decimal commas", "slug;latitude;longitude\na;60,17;24,95\n", 2, "latitude",
        "Enter degrees", "places.csv"),
    bad("short row of semicolons", GOOD.replace(",", ";") + "next;talks\n", 3, "",
        "only 2 cells"),
    bad("quotation mark within a cell of semicolons", GOOD.replace(",", ";").replace("A s", '5" s'),
        2, "attribution", "double each within it"),
    bad("header of commas and rows of semicolons", f"{HEADER}\n{ROW.replace(',', ';')}\n", 2, "",
        "only 1 cells"),
]  # fmt: skip
QUOTES = [
    bad("quotation mark not closed", f'{GOOD}"next,talks,x\n', 3, "slug", "not closed"),
    bad("quotation mark not closed over lines", f'{HEADER}\n{ROW[:-8]}"critical\n{ROW}\n', 2,
        "stance", "not closed"),
    bad("quotation mark not closed in the header", f'"{GOOD}', 1, "", "not closed"),
    bad("single quotation marks", attributed("'A, b'"), 2, "", "as many as 7 cells"),
    *(
        bad(name, attributed(cell), 2, "attribution", "double each within it")
        for name, cell in (
            ("quotation mark within a cell", 'A 5" senator'),
            ("quotation marks within a cell", 'A "5" senator'),
            ("text after a quotation mark", '"A" senator'),
            ("space before a quotation mark", ' "A, b"'),
            ("space after a quotation mark", '"A, b" '),
            ("backslash for a quotation mark", r'"A \"senator\""'),
        )
    ),
]  # fmt: skip
ENCODINGS = [
    bad("UTF-16", GOOD.encode("utf-16"), 0, "", "The file is UTF-16"),
    bad("UTF-16, big end first", b"\xfe\xff" + GOOD.encode("utf-16-be"), 0, "", "is UTF-16"),
    bad("UTF-16 without a mark", GOOD.encode("utf-16-le"), 0, "", "is UTF-16"),
    bad("UTF-32", GOOD.encode("utf-32"), 0, "", "is UTF-16"),
    bad("Windows-1251", RUSSIAN.encode("cp1251"), 2, "attribution", UTF_8),
    bad("KOI8-R", RUSSIAN.encode("koi8-r"), 2, "attribution", UTF_8),
    bad("Windows-1252", ACCENTS.encode("cp1252"), 2, "attribution", UTF_8),
    bad("Mac Roman", ACCENTS.encode("mac-roman"), 2, "attribution", UTF_8),
    bad("Shift JIS", sheet(REACTION | {"attribution": "上院議員"}).encode("shift-jis"), 2,
        "attribution", UTF_8),
    bad("GB 18030", sheet(REACTION | {"attribution": "参议员"}).encode("gb18030"), 2,
        "attribution", UTF_8),
    bad("one bad byte far down", f"{GOOD}{''.join(f'r{n}{ROW[7:]}' + chr(10) for n in range(900))}"
        .encode() + b"last,talks,\xe9,x,x,x\n", 903, "attribution", "line 903"),
    bad("bad byte in a cell of lines", f'summary,{HEADER}\n"one\ntwo '.encode() + b'\xff",\n', 2,
        "summary", "line 3, column “summary”"),
    bad("bad byte in the header", b"slug,stan\xe7e\n", 1, "", "line 1, cell 2"),
    bad("cut within a character", sheet(REACTION | {"attribution": "é"}).encode().split(b"\xa9")[0],
        2, "attribution", UTF_8),
    bad("surrogates in UTF-8", GOOD.replace("A s", "\ud83d").encode("utf-8", "surrogatepass"), 2,
        "attribution", UTF_8),
]  # fmt: skip
DISGUISED = [
    bad(f"{what} named .csv", data, 0, "", says)
    for what, data, says in (
        ("PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "This is a PDF"),
        ("PNG", b"\x89PNG\r\n\x1a\n\x00\x00", "This is a picture"),
        ("gzip", gzip.compress(GOOD.encode()), "This is a gzip archive"),
        ("old workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old workbook"),
        ("database", b"SQLite format 3\0" + bytes(100), "an SQLite database"),
        ("web page", "<!DOCTYPE html><html><body>Sign in</body></html>", "a web page"),
        ("table of a web page", "\n <table><tr><td>slug</td></tr></table>", "a web page"),
        ("XML", '<?xml version="1.0"?><rows/>', "This is XML"),
        ("JSON", '[{"slug": "new-one"}]', "This is JSON"),
        ("noise", bytes(range(1, 32)) * 9, "This is a binary file"),
        ("half a zip", b"PK\x03\x04" + bytes(60), "zip is damaged"),
    )
]
NAMED = [
    bad("text named .xlsx", GOOD, 0, "", "This is text, not an XLSX", "reactions.xlsx"),
    bad("text named .zip", GOOD, 0, "", "This is text, not a zip", "reactions.zip"),
    bad("text named .txt", GOOD, 0, "", "name it “reactions.csv”", "reactions.txt"),
    bad("old name of workbooks", GOOD, 0, "", "name it “reactions.csv”", "reactions.xls"),
    bad("unknown table", GOOD, 0, "", "There is no table “reaction”", "reaction.csv"),
    bad("table of no record", GOOD, 0, "", "There is no table “auth_user”", "auth_user.csv"),
]
BAD_FORMATS = [*HEADERS, *SHAPES, *QUOTES, *ENCODINGS, *DISGUISED, *NAMED]
