"""Folders and zips to be refused: by a name, a place, an entry, or by what their tables name."""

import io
import stat
import zipfile
from zipfile import ZipInfo

from meetings.importing.readers import Limits

from .cases import Bad, content, sheet
from .records import NEW, REACTION
from .workbooks import of_row, packed

CSV = sheet(REACTION)
ZIP = "record.zip"
LISTS_PLACES = '{"resources":[{"path":"places.csv"}]}'


def zipped(name, files, says, file=ZIP, line=0, column="", **options):
    return Bad(f"zip: {name}", content(packed(files), ZIP), line, column, says, file, **options)


def folder(name, files, says, file, line=0, column=""):
    def make(place):
        for path, data in files.items():
            (place / "record" / path).parent.mkdir(parents=True, exist_ok=True)
            (place / "record" / path).write_text(data, encoding="utf-8")
        return place / "record"

    return Bad(f"folder: {name}", make, line, column, says, file)


def special(name, says, *, mode=0, flags=0, file="reactions.csv", data=CSV):
    """Return a zip whose entry has a mode or a flag of its own."""
    info = ZipInfo(file)
    info.external_attr = mode << 16
    info.create_system = 3
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(info, data)
    packed_bytes = bytearray(stream.getvalue())
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed_bytes[packed_bytes.index(sign) + offset] |= flags
    return Bad(f"zip: {name}", content(bytes(packed_bytes), ZIP), 0, "", says, f"{ZIP}/{file}")


def damaged(text) -> bytes:
    """Return a zip with some bytes of its file changed, which its checksum tells."""
    return packed({"reactions.csv": text}, method=zipfile.ZIP_STORED).replace(
        b"senator", b"senatus"
    )


def lying() -> bytes:
    """Return a zip whose list says that a file is shorter than it is."""
    found = packed({"reactions.csv": CSV + CSV[CSV.index("\n") + 1 :].replace("new", "old")})
    place = found.index(b"PK\x01\x02") + 24
    return found[:place] + len(CSV).to_bytes(4, "little") + found[place + 4 :]


ENTRIES = [
    zipped("unknown table", {"reaction.csv": CSV}, "no table “reaction”", f"{ZIP}/reaction.csv"),
    zipped("file of another kind", {"reactions.csv": CSV, "notes.docx": "x"},
           "no table “notes”", f"{ZIP}/notes.docx"),
    zipped("two files of one table", {"reactions.csv": CSV, "Reactions.CSV": CSV}, "Keep one",
           f"{ZIP}/Reactions.CSV"),
    zipped("one table in two formats", {"reactions.csv": CSV, "reactions.xlsx": of_row(REACTION)},
           "Keep one", f"{ZIP}/reactions.xlsx"),
    zipped("two folders", {"a/reactions.csv": CSV, "b/places.csv": "slug\n"}, "beside each other",
           f"{ZIP}/b/places.csv"),
    zipped("two folders deep", {"a/b/reactions.csv": CSV}, "beside each other",
           f"{ZIP}/a/b/reactions.csv"),
    zipped("path upwards", {"../reactions.csv": CSV}, "leads out of the zip",
           f"{ZIP}/../reactions.csv"),
    zipped("path upwards from within", {"a/../../reactions.csv": CSV}, "leads out of the zip",
           f"{ZIP}/a/../../reactions.csv"),
    zipped("absolute path", {"/etc/reactions.csv": CSV}, "leads out of the zip",
           f"{ZIP}//etc/reactions.csv"),
    zipped("drive", {"C:\\reactions.csv": CSV}, "leads out of the zip", f"{ZIP}/C:/reactions.csv"),
    zipped("zip in a zip", {"reactions.csv": packed({"x": "y"})}, "This is a zip, not text",
           f"{ZIP}/reactions.csv"),
    zipped("zip without tables", {"README.md": "words"}, "There is no table in it"),
    zipped("empty zip", {}, "There is no table in it"),
    zipped("PDF in a zip", {"reactions.csv": "%PDF-1.7"}, "This is a PDF", f"{ZIP}/reactions.csv"),
    zipped("empty file in a zip", {"reactions.csv": ""}, "is empty", f"{ZIP}/reactions.csv", 1),
    zipped("wrong row in a zip", {"reactions.csv": CSV.replace("critical", "angry")},
           "is not a stance", f"{ZIP}/reactions.csv", 2, "stance"),
    zipped("package that is no JSON", {"reactions.csv": CSV, "datapackage.json": "{"},
           "no data package", f"{ZIP}/datapackage.json"),
    zipped("package that lists nothing", {"reactions.csv": CSV, "datapackage.json": "[]"},
           "no data package", f"{ZIP}/datapackage.json"),
    zipped("table that its package does not list",
           {"reactions.csv": CSV, "places.csv": "slug\nport\n", "datapackage.json": LISTS_PLACES},
           "The package does not list this file", f"{ZIP}/reactions.csv"),
    zipped("more than it may unpack to", {"reactions.csv": CSV, "places.csv": bytes(3_000_000)},
           "would unpack to", limits=Limits(size=100_000)),
    zipped("a little that unpacks to much", {"places.csv": b"slug\n" + bytes(12_000_000)},
           "claims to unpack to", limits=Limits(size=5_000_000)),
    zipped("thousands of files", {f"{n}.csv": "" for n in range(2001)}, "2,001 files in it"),
    zipped("more rows than are taken, together",
           {"actors.csv": "slug,name,kind\na,A,person\n", "places.csv": "slug\na\nb\n"},
           "There are 3 rows; the limit here is 2", f"{ZIP}/actors.csv", 2,
           limits=Limits(rows=2)),
    special("link", "a link to another file", mode=stat.S_IFLNK | 0o777, data="/etc/passwd"),
    special("device", "a link to another file", mode=stat.S_IFCHR | 0o666, data=""),
    special("password", "has a password", flags=1),
    Bad("zip: checksum that is wrong", content(damaged(CSV), ZIP), 0, "", "damaged",
        f"{ZIP}/reactions.csv"),
    Bad("zip: checksum of a longer file that is wrong", content(damaged(CSV + "\n" * 9000), ZIP), 1,
        "", "damaged", f"{ZIP}/reactions.csv"),
    Bad("zip: size that is wrong", content(lying(), ZIP), 0, "", "damaged",
        f"{ZIP}/reactions.csv"),
]  # fmt: skip
FOLDERS = [
    folder("unknown table in a folder", {"reaction.csv": CSV}, "no table", "reaction.csv"),
    folder("folder in a folder", {"a/reactions.csv": CSV}, "This is a folder", "a"),
    folder("empty folder", {"README": ""}, "There is no table in it", "record"),
    folder("two files of one table in a folder", {"reactions.csv": CSV, "REACTIONS.csv": CSV},
           "Keep one", "reactions.csv"),
    folder("raw formula is kept, and refused as a slug",
           {"places.csv": "slug\n'=a\n",
            "datapackage.json": LISTS_PLACES},
           "Use small letters", "places.csv", 2, "slug"),
    folder("table that its package does not list",
           {"reactions.csv": CSV, "places.csv": "slug\nport\n", "datapackage.json": LISTS_PLACES},
           "The package does not list this file", "reactions.csv"),
    folder("package that lists no table that is there",
           {"reactions.csv": CSV, "datapackage.json": '{"resources":[]}'},
           "The package does not list this file", "reactions.csv"),
    folder("part of an entry that is in no file and not in the database",
           {"places.csv": "slug\nport\n",
            "outcomes.csv": sheet(NEW["outcomes"] | {"meeting": "x"})},
           "There is no meeting", "outcomes.csv", 2, "meeting"),
    folder("name of a row that is wrong itself",
           {"places.csv": "slug,country\nport,UK\n",
            "meetings.csv": sheet(NEW["meetings"] | {"place": "port"})},
           "is not a country", "places.csv", 2, "country"),
    folder("name of no row in any file",
           {"places.csv": "slug\nport\n",
            "meetings.csv": sheet(NEW["meetings"] | {"place": "prot"})},
           "There is no place", "meetings.csv", 2, "place"),
    folder("public entry with a part that cites nothing",
           {"issues.csv": sheet(NEW["issues"] | {"sources": "paper", "status": "published"}),
            "positions.csv": sheet({"issue": "new-issue", "government": "FI", "text": "For."})},
           "has no source", "positions.csv", 2, "text"),
]  # fmt: skip
BAD_PACKS = [*ENTRIES, *FOLDERS]
