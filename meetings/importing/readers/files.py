"""Tables in a path or an upload: the file of one table, or a folder or zip of such files."""

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

from ...tables.registry import TABLES, TABLES_BY_NAME, Table
from ..problems import Problem, closest_match, printable
from . import csv_files, xlsx_files
from .errors import FileError
from .header import Sheet, read_sheet
from .limits import Limits, RowCounter
from .rows import DAMAGE_ERRORS, Record, ReportingStream, until_damaged
from .sniffing import file_kind, refuse_disguise
from .zip_safety import entry_problem, open_member, open_source, refuse_bomb

PACKAGE_NAME = "datapackage.json"
LONGEST_PACKAGE_BYTES = 10_000_000
UNLISTED = "The package does not list this file. List it in datapackage.json, or take it out."
IGNORED_NAMES = ("__MACOSX", "Thumbs.db", "desktop.ini")
TABLE_ORDER = [table.name for table in TABLES]


def report_to_nobody() -> None:
    """Report no progress."""


@dataclass
class SourceFile:
    """One file: its own name, the name in its problems, and a function that opens it."""

    name_in_folder: str
    file: str
    open: Callable[..., AbstractContextManager[BinaryIO]]


@dataclass
class ReadingState:
    """State of reading one import: limits, problems and rows so far.

    ``raw`` are the files that a data package lists, whose formulas are not escaped. ``report`` is
    called whenever more of a file is read, whether rows come of it or not.
    """

    limits: Limits
    problems: list[Problem]
    counter: RowCounter
    raw: set[str] = field(default_factory=set)
    report: Callable[[], None] = report_to_nobody

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
    report: Callable[[], None] = report_to_nobody,
) -> list[Sheet]:
    """Return the tables of a file, folder or zip, each after those that it refers to.

    ``name`` is the file's name for its user; ``table`` is given for a single file whose name is
    not that of its table. Problems are added to ``problems``, those of rows while ``rows`` of a
    sheet is read; a sheet with problems in its header has no rows. ``report`` is called
    whenever more of a file is read, and may raise an error that ends the reading.
    """
    limits = limits or Limits()
    name = printable(name)
    state = ReadingState(limits, problems, RowCounter(limits), report=report)
    try:
        sheets = list(sheets_of(source, name, table, state))
    except FileError as error:
        state.add(name, str(error))
        return []
    except DAMAGE_ERRORS as error:
        state.add(name, damage_message(error))
        return []
    return sorted(sheets, key=lambda sheet: TABLE_ORDER.index(sheet.table.name))


def sheets_of(
    source: Path | BinaryIO, name: str, table: str, state: ReadingState
) -> Iterator[Sheet]:
    """Yield the tables of a source, in the order of its files."""
    if isinstance(source, Path) and source.is_dir():
        kind, files = "folder", list(files_of_folder(source, state))
    else:
        refuse_size(source, state.limits)
        with open_source(source) as stream:
            kind = file_kind(stream)
        files = [SourceFile(name, name, partial(open_source, source))]
    if kind == "zip":
        refuse_disguise(kind, suffix_of(name), stem_of(name))
        files = list(files_of_zip(source, name, state))
    if kind in {"folder", "zip"}:
        if table:
            raise FileError("A table is named for a single file. Here every file names its own.")
        yield from sheets_of_files(files, state)
    else:
        state.raw = listed_beside(source, state)
        yield from sheet_of_file(files[0], table or stem_of(name), state)


def damage_message(error: Exception) -> str:
    """Return the message about a file that cannot be read at all."""
    if isinstance(error, OSError) and error.strerror:
        return f"This cannot be read: {error.strerror}."
    return "This is damaged. Save it again, or get it again whole."


def refuse_size(source: Path | BinaryIO, limits: Limits) -> None:
    """Raise FileError for a file of more bytes than the limit."""
    with open_source(source) as stream:
        size = stream.seek(0, SEEK_END)
    if limits.size is not None and size > limits.size:
        raise FileError(
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
    """Return whether a file is a README, hidden, or left behind by an operating system."""
    hidden = any(part.startswith((".", "~$")) or part in IGNORED_NAMES for part in path.parts)
    return hidden or path.stem.casefold() == "readme"


def files_of_folder(folder: Path, state: ReadingState) -> Iterator[SourceFile]:
    """Yield the files of a folder; folders inside it are problems."""
    for path in sorted(folder.iterdir()):
        if is_ignored(PurePosixPath(path.name)):
            continue
        name = printable(path.name)
        if path.is_dir():
            state.add(name, "This is a folder. Put the files of all tables beside each other.")
        else:
            yield SourceFile(name, name, partial(open_source, path))


def files_of_zip(source: Path | BinaryIO, name: str, state: ReadingState) -> Iterator[SourceFile]:
    """Yield the files of a zip, which must all be in one folder; others are problems."""
    with open_source(source) as stream:
        refuse_bomb(stream, state.limits.unpacked)
        with ZipFile(stream) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    folders = set()
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        file = printable(f"{name}/{path}")
        if problem := entry_problem(entry):
            state.add(file, problem)
        elif not is_ignored(path):
            folders.add(path.parent)
            if len(path.parts) > 2 or len(folders) > 1:
                state.add(file, "Put the files of all tables beside each other in the zip.")
            else:
                yield SourceFile(path.name, file, partial(open_member, source, entry))


def sheets_of_files(files: list[SourceFile], state: ReadingState) -> Iterator[Sheet]:
    """Yield the tables of the files of one folder or zip, named by their files."""
    packages = [file for file in files if file.name_in_folder.casefold() == PACKAGE_NAME]
    known = len(state.problems)
    for package in packages:
        state.raw |= listed_files(package, state)
    is_package = packages and len(state.problems) == known
    seen: dict[str, str] = {}
    tables = [file for file in files if file not in packages]
    for file in tables:
        name = stem_of(file.name_in_folder).casefold()
        if name in seen and name in TABLES_BY_NAME:
            state.add(file.file, f"The table “{name}” is also in {seen[name]}. Keep one.")
        elif (
            is_package
            and name in TABLES_BY_NAME
            and file.name_in_folder.casefold() not in state.raw
        ):
            # Its formulas would be read as escaped, unlike those of the other files.
            state.add(file.file, UNLISTED)
        else:
            seen[name] = file.file
            yield from sheet_of_file(file, name, state)
    if not tables and not state.problems:
        raise FileError(
            f"There is no table in it. Name its files after tables: {', '.join(TABLES_BY_NAME)}."
        )


def listed_beside(source: Path | BinaryIO, state: ReadingState) -> set[str]:
    """Return the files that a data package in the folder of a file lists, if there is one."""
    beside = source.parent / PACKAGE_NAME if isinstance(source, Path) else None
    if beside is None or not beside.is_file():
        return set()
    return listed_files(SourceFile(PACKAGE_NAME, PACKAGE_NAME, partial(open_source, beside)), state)


def listed_files(package: SourceFile, state: ReadingState) -> set[str]:
    """Return the names, in small letters, of the files that a data package lists."""
    try:
        with package.open() as stream:
            found = json.loads(stream.read(LONGEST_PACKAGE_BYTES))
        paths = [resource["path"] for resource in found["resources"]]
        names = [path for some in paths for path in ([some] if isinstance(some, str) else some)]
        return {PurePosixPath(name).name.casefold() for name in names}
    except (ValueError, TypeError, KeyError, RecursionError):
        text = "This is no data package: it must be JSON with “resources”, each with its “path”."
        state.add(package.file, text)
        return set()


def sheet_of_file(file: SourceFile, name: str, state: ReadingState) -> Iterator[Sheet]:
    """Yield the table of a file, or nothing, and a problem, if its name or format is wrong."""
    table = TABLES_BY_NAME.get(name.casefold())
    if table is None:
        names = ", ".join(TABLES_BY_NAME)
        text = f"There is no table “{name[:60]}”. Name the file after one of: {names}."
        state.add(file.file, text, name, closest_match(name, TABLES_BY_NAME))
        return
    try:
        with file.open() as stream:
            kind = file_kind(stream)
            refuse_disguise(kind, suffix_of(file.name_in_folder), stem_of(file.name_in_folder))
            if kind == "zip":
                raise FileError("This is a zip in a zip. Unpack it, and pack its files alone.")
            if kind == "xlsx":
                refuse_bomb(stream, state.limits.unpacked)
    except FileError as error:
        state.add(file.file, str(error))
        return
    except DAMAGE_ERRORS as error:
        state.add(file.file, damage_message(error))
        return
    sheet = Sheet(table, file.file)
    is_raw = file.name_in_folder.casefold() in state.raw
    records = until_damaged(records_of(file, kind, table, state))
    read_sheet(sheet, records, state.problems, state.counter, is_raw=is_raw)
    yield sheet


def records_of(file: SourceFile, kind: str, table: Table, state: ReadingState) -> Iterator[Record]:
    """Yield the records of a file, which is open meanwhile."""
    with file.open(is_whole=kind == "xlsx") as opened:
        if kind == "csv":
            yield from csv_files.csv_records(ReportingStream(opened, state.report))
        else:
            yield from xlsx_files.xlsx_records(opened, table, state.limits, state.report)
