"""Folders and zips of several tables, raw and loose."""

import json

from .cases import Good, content, sheet
from .records import NEW, REACTION
from .workbooks import of_row, packed

FILES = {
    "reactions.csv": sheet(REACTION | {"meeting": "new-meeting"}),
    "meetings.csv": sheet(NEW["meetings"] | {"place": "new-place"}),
    "places.csv": sheet(NEW["places"]),
}
ROWS = [
    ("places", NEW["places"]),
    ("meetings", NEW["meetings"] | {"place": "new-place"}),
    ("reactions", REACTION | {"meeting": "new-meeting"}),
]
README = {"README.md": "# Words"}
PACKAGE = json.dumps({"resources": [{"name": "places", "path": "places.csv"}]})
FORMULA = "slug,venue\nnew-place,'=1\n"
RAW = [("places", {"slug": "new-place", "venue": "'=1"})]
LOOSE = [("places", {"slug": "new-place", "venue": "=1"})]


def zipped(name, files, rows=ROWS):
    return Good(f"zip: {name}", content(packed(files), "record.zip"), rows)


def folder(name, files, rows=ROWS, path=""):
    def make(place):
        (place / "record").mkdir()
        for file, data in files.items():
            (place / "record" / file).write_text(data, encoding="utf-8")
        return place / "record" / path

    return Good(f"folder: {name}", make, rows)


def in_folder(files):
    return {"record/": ""} | {f"record/{file}": data for file, data in files.items()}


LEFT_BEHIND = {"__MACOSX/._places.csv": "\0", ".DS_Store": "\0", "Thumbs.db": "\0"}

GOOD_PACKS = [
    zipped("tables that name each other", FILES),
    zipped("beside a README", FILES | README),
    zipped("in a folder of its own", in_folder(FILES | README)),
    zipped("what systems leave behind", FILES | LEFT_BEHIND),
    zipped("names in capitals", {file.upper(): data for file, data in FILES.items()}),
    zipped("workbook among them", {"places.csv": FILES["places.csv"],
           "meetings.xlsx": of_row(NEW["meetings"] | {"place": "new-place"})}, ROWS[:2]),
    zipped("loose formula", {"places.csv": FORMULA}, LOOSE),
    zipped("raw formula", {"places.csv": FORMULA, "datapackage.json": PACKAGE}, RAW),
    zipped("raw formula in a folder", in_folder({"places.csv": FORMULA,
           "datapackage.json": PACKAGE}), RAW),
    zipped("header alone", {"places.csv": "slug\n"}, []),
    zipped("old names with backslashes", {"record\\places.csv": FILES["places.csv"]}, ROWS[:1]),
    folder("tables that name each other", FILES),
    folder("beside a README and a hidden file", FILES | README | {".keep": ""}),
    folder("loose formula", {"places.csv": FORMULA}, LOOSE),
    folder("raw formula", {"places.csv": FORMULA, "datapackage.json": PACKAGE}, RAW),
    folder("raw file beside its package", {"places.csv": FORMULA, "datapackage.json": PACKAGE},
           RAW, "places.csv"),
    folder("loose file beside a package that does not list it", {"places.csv": FORMULA,
           "datapackage.json": '{"resources": [{"path": ["data/issues.csv"]}]}'}, LOOSE,
           "places.csv"),
]  # fmt: skip
