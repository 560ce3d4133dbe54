"""What a file is by its content, whatever its name says; what is no table is named and refused."""

import re
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

HEAD = 4_096
ZIP_SIGNS = (b"PK\x03\x04", b"PK\x05\x06")
SIGNS = (
    (b"\xd0\xcf\x11\xe0", "an old workbook (.xls), or one with a password"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"SQLite format 3", "an SQLite database"),
    (b"PAR1", "a Parquet file"),
    (b"{\\rtf", "a rich text document"),
    (b"\x7fELF", "a program"),
)
UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
# How a text begins that is no CSV.
TEXTS = (
    (re.compile(rb"<(!doctype html|html|head|body|table)\b", re.IGNORECASE), "a web page"),
    (re.compile(rb"<\?xml|<[a-z]+[\s>/]", re.IGNORECASE), "XML"),
    (re.compile(rb"[{\[]\s*([\"{\[\]}]|$)"), "JSON"),
)
# What a zip is that holds an entry of this name, in this order.
ENTRIES = (
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "a binary workbook (.xlsb)"),
    ("word/document.xml", "a Word document"),
    ("ppt/presentation.xml", "a presentation"),
    ("Index/Document.iwa", "a Numbers, Pages or Keynote document"),
    ("content.xml", "an OpenDocument file"),
)
CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class Unlike(Exception):
    """A file that is not what it must be; says what it is and what to do."""


def kind_of(stream: BinaryIO) -> str:
    """Return ``csv``, ``xlsx`` or ``zip``; raise Unlike for any other file. Leaves it rewound."""
    head = stream.read(HEAD)
    stream.seek(0)
    if head.startswith(ZIP_SIGNS):
        kind = kind_of_zip(stream)
        stream.seek(0)
        return kind
    return kind_of_text(head)


def kind_of_zip(stream: BinaryIO) -> str:
    """Return whether a zip is a workbook."""
    try:
        with ZipFile(stream) as archive:
            names = set(archive.namelist())
    # The last two of what zipfile raises: a name or date that none can be, a method it lacks.
    except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Unlike("This zip is damaged. Make it anew, or get it again whole.") from error
    kind = next((kind for name, kind in ENTRIES if name in names), "zip")
    if kind not in {"xlsx", "zip"}:
        raise refused(kind)
    return kind


def kind_of_text(head: bytes) -> str:
    """Return ``csv`` for what may be one: text that is no other format."""
    for sign, what in SIGNS:
        if head.startswith(sign):
            raise refused(what)
    nulls = max(head[::2].count(0), head[1::2].count(0))
    if head.startswith(UTF_16) or (len(head) > 3 and nulls > len(head) / 5):
        raise Unlike("The file is UTF-16. Save it as “CSV UTF-8” and choose it again.")
    if len(CONTROLS.findall(head)) > len(head) / 10:
        raise refused("a binary file")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for pattern, what in TEXTS:
        if pattern.match(text):
            raise refused(what)
    return "csv"


def refused(what: str) -> Unlike:
    return Unlike(f"This is {what}. Save the table as “CSV UTF-8” or XLSX, and choose that.")


WORDS = {"csv": "text", "xlsx": "an XLSX workbook", "zip": "a zip"}


def refuse_disguise(kind: str, suffix: str, stem: str) -> None:
    """Raise Unlike if a file's name says that it is another format than it is.

    ``suffix`` is in small letters; a file without one is what it is.
    """
    ending = f".{kind}"
    if suffix in {"", ending}:
        return
    named = f"{stem}{ending}"
    if suffix in {".csv", ".xlsx", ".zip"}:
        raise Unlike(f"This is {WORDS[kind]}, not {WORDS[suffix[1:]]}. Name it “{named[:60]}”.")
    raise Unlike(
        f"Files end in .csv, .xlsx or .zip. This is {WORDS[kind]}: name it “{named[:60]}”."
    )
