"""What a path or an upload holds: one table's file, or a folder or zip of them."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from os import SEEK_END
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from zipfile import ZipFile

from ...tables.registry import BY_NAME, TABLES, Table
from ..problems import Problem, closest_match, printable
from . import csv_files, xlsx_files
from .header import Sheet, read_sheet
from .limits import Limits, Tally
from .rows import DAMAGED, Record, guarded
from .sniffing import Unlike, kind_of, refuse_disguise
from .zip_safety import member, opened, refuse_bomb, what_is_wrong

PACKAGE = "datapackage.json"
LONGEST_PACKAGE = 10_000_000
UNLISTED = "The package does not list this file. List it in datapackage.json, or take it out."
IGNORED = ("__MACOSX", "Thumbs.db", "desktop.ini")
ORDER = [table.name for table in TABLES]


@dataclass
class File:
    """One file: its own name, the name that its problems go by, and how to open it."""

    base: str
    file: str
    opened: Callable[..., AbstractContextManager[BinaryIO]]


@dataclass
class Reading:
    """The reading of one import: what it may take, and what was wrong so far."""

    limits: Limits
    problems: list[Problem]
    tally: Tally
    raw: set[str] = field(default_factory=set)

    def add(self, file: str, problem: str, value: str = "", suggestion: str = "") -> None:
        """Add a problem of a file as a whole."""
        self.problems.append(Problem(file, 0, 0, "", value, problem, suggestion))


def open_sheets(
    source: Path | BinaryIO,
    *,
    name: str,
    table: str = "",
    limits: Limits | None = None,
    problems: list[Problem],
) -> list[Sheet]:
    """Return the tables of a file, folder or zip, in the order in which they depend on each other.

    ``name`` is the file's as its user knows it; ``table`` is that of a single file whose name does
    not say it. A sheet with problems in its header has no rows; rows are read when asked for.
    """
    limits = limits or Limits()
    name = printable(name)
    reading = Reading(limits, problems, Tally(limits.rows))
    try:
        sheets = list(sheets_of(source, name, table, reading))
    except Unlike as error:
        reading.add(name, str(error))
        return []
    except DAMAGED as error:
        reading.add(name, why(error))
        return []
    return sorted(sheets, key=lambda sheet: ORDER.index(sheet.table.name))


def sheets_of(source: Path | BinaryIO, name: str, table: str, reading: Reading) -> Iterator[Sheet]:
    """Yield the tables of a source, in the order of its files."""
    if isinstance(source, Path) and source.is_dir():
        kind, files = "folder", list(files_of_folder(source, reading))
    else:
        refuse_size(source, reading.limits)
        with opened(source) as stream:
            kind = kind_of(stream)
        files = [File(name, name, partial(opened, source))]
    if kind == "zip":
        refuse_disguise(kind, suffix_of(name), stem_of(name))
        files = list(files_of_zip(source, name, reading))
    if kind in {"folder", "zip"}:
        if table:
            raise Unlike("A table is named for a single file. Here every file names its own.")
        yield from sheets_of_files(files, reading)
    else:
        reading.raw = listed_beside(source, reading)
        yield from one_file(files[0], table or stem_of(name), reading)


def why(error: Exception) -> str:
    """Return why a file cannot be read at all."""
    if isinstance(error, OSError) and error.strerror:
        return f"This cannot be read: {error.strerror}."
    return "This is damaged. Save it again, or get it again whole."


def refuse_size(source: Path | BinaryIO, limits: Limits) -> None:
    """Raise Unlike for a file of more bytes than are taken."""
    with opened(source) as stream:
        size = stream.seek(0, SEEK_END)
    if limits.size is not None and size > limits.size:
        raise Unlike(
            f"The file has {size:,} bytes; the limit here is {limits.size:,}."
            " Split it, or use import_record."
        )


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def stem_of(name: str) -> str:
    return PurePosixPath(name).stem


def suffix_of(name: str) -> str:
    return PurePosixPath(name).suffix.casefold()


def is_ignored(path: PurePosixPath) -> bool:
    """Return whether a file is none of the record's: a README, or what systems leave behind."""
    hidden = any(part.startswith((".", "~$")) or part in IGNORED for part in path.parts)
    return hidden or path.stem.casefold() == "readme"


def files_of_folder(folder: Path, reading: Reading) -> Iterator[File]:
    """Yield the files of a folder; another folder in it is a problem."""
    for path in sorted(folder.iterdir()):
        if is_ignored(PurePosixPath(path.name)):
            continue
        name = printable(path.name)
        if path.is_dir():
            reading.add(name, "This is a folder. Put the files of all tables beside each other.")
        else:
            yield File(name, name, partial(opened, path))


def files_of_zip(source: Path | BinaryIO, name: str, reading: Reading) -> Iterator[File]:
    """Yield the files of a zip, all at its top or all in one folder; others are problems."""
    with opened(source) as stream:
        refuse_bomb(stream, reading.limits.unpacked)
        with ZipFile(stream) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    places = set()
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        file = printable(f"{name}/{path}")
        if problem := what_is_wrong(entry):
            reading.add(file, problem)
        elif not is_ignored(path):
            places.add(path.parent)
            if len(path.parts) > 2 or len(places) > 1:
                reading.add(file, "Put the files of all tables beside each other in the zip.")
            else:
                yield File(path.name, file, partial(member, source, entry))


def sheets_of_files(files: list[File], reading: Reading) -> Iterator[Sheet]:
    """Yield the tables of files that lie beside each other, each named by its file."""
    packages = [file for file in files if file.base.casefold() == PACKAGE]
    known = len(reading.problems)
    for package in packages:
        reading.raw |= listed(package, reading)
    is_package = packages and len(reading.problems) == known
    seen: dict[str, str] = {}
    tables = [file for file in files if file not in packages]
    for file in tables:
        name = stem_of(file.base).casefold()
        if name in seen and name in BY_NAME:
            reading.add(file.file, f"The table “{name}” is also in {seen[name]}. Keep one.")
        elif is_package and name in BY_NAME and file.base.casefold() not in reading.raw:
            # It would be read by other rules than the rest, which nobody sees.
            reading.add(file.file, UNLISTED)
        else:
            seen[name] = file.file
            yield from one_file(file, name, reading)
    if not tables and not reading.problems:
        raise Unlike(f"There is no table in it. Name its files after tables: {', '.join(BY_NAME)}.")


def listed_beside(source: Path | BinaryIO, reading: Reading) -> set[str]:
    """Return what the data package lists that a file lies beside, if it lies beside one."""
    beside = source.parent / PACKAGE if isinstance(source, Path) else None
    if beside is None or not beside.is_file():
        return set()
    return listed(File(PACKAGE, PACKAGE, partial(opened, beside)), reading)


def listed(package: File, reading: Reading) -> set[str]:
    """Return the names of the files that a data package lists, in small letters."""
    try:
        with package.opened() as stream:
            found = json.loads(stream.read(LONGEST_PACKAGE))
        paths = [resource["path"] for resource in found["resources"]]
        names = [path for some in paths for path in ([some] if isinstance(some, str) else some)]
        return {PurePosixPath(name).name.casefold() for name in names}
    except (ValueError, TypeError, KeyError, RecursionError):
        text = "This is no data package: it must be JSON with “resources”, each with its “path”."
        reading.add(package.file, text)
        return set()


def one_file(file: File, name: str, reading: Reading) -> Iterator[Sheet]:
    """Yield the one table of a file, unless its name or its format says that it is none."""
    table = BY_NAME.get(name.casefold())
    if table is None:
        text = f"There is no table “{name[:60]}”. Name the file after one of: {', '.join(BY_NAME)}."
        reading.add(file.file, text, name, closest_match(name, BY_NAME))
        return
    try:
        with file.opened() as stream:
            kind = kind_of(stream)
            refuse_disguise(kind, suffix_of(file.base), stem_of(file.base))
            if kind == "zip":
                raise Unlike("This is a zip in a zip. Unpack it, and pack its files alone.")
            if kind == "xlsx":
                refuse_bomb(stream, reading.limits.unpacked)
    except Unlike as error:
        reading.add(file.file, str(error))
        return
    except DAMAGED as error:
        reading.add(file.file, why(error))
        return
    sheet = Sheet(table, file.file)
    is_raw = file.base.casefold() in reading.raw
    records = guarded(records_of(file, kind, table))
    read_sheet(sheet, records, reading.problems, reading.tally, is_raw=is_raw)
    yield sheet


def records_of(file: File, kind: str, table: Table) -> Iterator[Record]:
    """Yield the records of a file, which stays open as long."""
    with file.opened(is_whole=kind == "xlsx") as stream:
        if kind == "csv":
            yield from csv_files.records(stream)
        else:
            yield from xlsx_files.records(stream, table)
