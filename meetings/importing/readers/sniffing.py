"""Format of a file by its content rather than its name; other formats are named and refused."""

import re
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

from .errors import FileError

HEAD_BYTES = 4_096
ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
SIGNATURES = (
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
# How texts begin that are not CSV.
TEXT_PATTERNS = (
    (re.compile(rb"<(!doctype html|html|head|body|table)\b", re.IGNORECASE), "a web page"),
    (re.compile(rb"<\?xml|<[a-z]+[\s>/]", re.IGNORECASE), "XML"),
    (re.compile(rb"[{\[]\s*([\"{\[\]}]|$)"), "JSON"),
)
# What a zip is by the name of an entry in it; the first that matches counts.
ZIP_ENTRIES = (
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "a binary workbook (.xlsb)"),
    ("word/document.xml", "a Word document"),
    ("ppt/presentation.xml", "a presentation"),
    ("Index/Document.iwa", "a Numbers, Pages or Keynote document"),
    ("content.xml", "an OpenDocument file"),
)
# The workbook in an XLSX file, which some programs number; the list of parts tells which it is.
CONTENT_TYPES = "[Content_Types].xml"
WORKBOOK_PART = re.compile(r"xl/workbook[0-9]*\.xml")
CONTROL_CHARACTERS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def file_kind(stream: BinaryIO) -> str:
    """Return ``csv``, ``xlsx`` or ``zip``, and rewind; raise FileError for other files."""
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    if head.startswith(ZIP_SIGNATURES):
        kind = kind_of_zip(stream)
        stream.seek(0)
        return kind
    return kind_of_text(head)


def kind_of_zip(stream: BinaryIO) -> str:
    """Return ``xlsx`` or ``zip``; raise FileError for documents of other programs."""
    try:
        with ZipFile(stream) as archive:
            names = set(archive.namelist())
    # zipfile raises the last two for an impossible name or date, and an unknown method.
    except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise FileError("This zip is damaged. Make it again, or get a whole copy of it.") from error
    kind = next((kind for name, kind in ZIP_ENTRIES if name in names), "zip")
    if CONTENT_TYPES in names and any(map(WORKBOOK_PART.fullmatch, names)):
        kind = "xlsx"
    if kind not in {"xlsx", "zip"}:
        raise not_a_table(kind)
    return kind


def kind_of_text(head: bytes) -> str:
    """Return ``csv`` for text that is no other known format; raise FileError for the rest."""
    for sign, what in SIGNATURES:
        if head.startswith(sign):
            raise not_a_table(what)
    nulls = max(head[::2].count(0), head[1::2].count(0))
    if head.startswith(UTF_16) or (len(head) > 3 and nulls > len(head) / 5):
        raise FileError("The file is UTF-16. Save it as “CSV UTF-8” or XLSX, and choose that.")
    if len(CONTROL_CHARACTERS.findall(head)) > len(head) / 10:
        raise not_a_table("a binary file")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for pattern, what in TEXT_PATTERNS:
        if pattern.match(text):
            raise not_a_table(what)
    return "csv"


def not_a_table(what: str) -> FileError:
    return FileError(f"This is {what}. Save the table as “CSV UTF-8” or XLSX, and choose that.")


TEXT_SUFFIXES = {".csv", ".tsv"}
FORMAT_NAMES = {"csv": "text", "xlsx": "an XLSX workbook", "zip": "a zip"}


def refuse_disguise(kind: str, suffix: str, stem: str) -> None:
    """Raise FileError if a file's suffix is that of another format than its content.

    ``suffix`` is in small letters; a file without one is accepted.
    """
    ending = f".{kind}"
    if suffix in {"", ending} or (kind == "csv" and suffix in TEXT_SUFFIXES):
        return
    named, content = f"{stem}{ending}", FORMAT_NAMES[kind]
    if suffix in {*TEXT_SUFFIXES, ".xlsx", ".zip"}:
        said = "text" if suffix in TEXT_SUFFIXES else FORMAT_NAMES[suffix[1:]]
        raise FileError(f"This is {content}, not {said}. Name it “{named[:60]}”.")
    raise FileError(
        f"Files end in .csv, .tsv, .xlsx or .zip. This is {content}: name it “{named[:60]}”."
    )
