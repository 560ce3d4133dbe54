"""Tables in a path or an upload: the file of one table, or a folder, zip or workbook of tables."""

import hashlib
import json
import re
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
from .csv_files import CHUNK_BYTES, csv_records
from .errors import FileError, RecordError
from .header import Sheet, header_name, header_names, read_sheet, reading_ended
from .limits import Limits, RowCounter
from .rows import DAMAGE_ERRORS, Record, ReportingStream, until_damaged
from .sniffing import file_kind, refuse_disguise
from .workbooks import OpenWorkbook, kept_open
from .xlsx_files import opened_workbook
from .zip_safety import entry_problem, open_member, open_source, refuse_bomb

PACKAGE_NAME = "datapackage.json"
LONGEST_PACKAGE_BYTES = 10_000_000
UNLISTED = "The package does not list this file. List it in datapackage.json, or take it out."
# Texts about the tables, as a release has them beside these.
ABOUT_TABLES = {"readme", "license", "licence", "citation", "changes", "datacite"}
IGNORED_NAMES = ("__MACOSX", "Thumbs.db", "desktop.ini")
# What browsers and systems add to the name of a second copy: “reactions (1).csv”.
COPY_NUMBER = re.compile(r" ?\([0-9]{1,3}\)$")
# What tables are called elsewhere on the site.
OTHER_NAMES = {"people": "actors", "timeline": "milestones"}
TABLE_ORDER = [table.name for table in TABLES]


def report_to_nobody() -> None:
    """Report no progress."""


@dataclass(frozen=True)
class Reading:
    """How somebody wants a file to be read.

    ``worksheet`` is the sheet of a workbook, where it is not the one that would be chosen, and
    ``matches`` are the columns that were matched by hand, by the digest of a header.
    """

    worksheet: str = ""
    matches: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass
class SourceFile:
    """One file: its own name, the name in its problems, and a function that opens it."""

    name_in_folder: str
    file: str
    open: Callable[..., AbstractContextManager[BinaryIO]]


@dataclass
class ReadingState:
    """State of reading one import: limits, problems and rows so far.

    ``raw`` are the files that a data package lists, whose formulas are not escaped, with the hashes
    that it gives of them. ``report`` is
    called whenever more of a file is read, whether rows come of it or not.
    """

    limits: Limits
    problems: list[Problem]
    counter: RowCounter
    raw: dict[str, str] = field(default_factory=dict)
    reading: Reading = field(default_factory=lambda: Reading())
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
    reading: Reading | None = None,
) -> list[Sheet]:
    """Return the tables of a file, folder, zip or workbook, each after those that it refers to.

    ``name`` is the file's name for its user; ``table`` is given for a single file whose name is
    not that of its table. Problems are added to ``problems``, those of rows while ``rows`` of a
    sheet is read; a sheet with problems in its header has no rows. ``report`` is called
    whenever more of a file is read, and may raise an error that ends the reading.
    """
    limits = limits or Limits()
    name = printable(name)
    state = ReadingState(limits, problems, RowCounter(limits), report=report)
    state.reading = reading or Reading()
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
        yield from sheet_of_file(files[0], table or stem_of(name), state, is_alone=True)


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
    """Return a file's name without its suffix, and without the number of a copy."""
    return COPY_NUMBER.sub("", PurePosixPath(name).stem)


def suffix_of(name: str) -> str:
    return PurePosixPath(name).suffix.casefold()


def is_ignored(path: PurePosixPath) -> bool:
    """Return whether a file is about the tables, hidden, or left behind by an operating system."""
    hidden = any(part.startswith((".", "~$")) or part in IGNORED_NAMES for part in path.parts)
    return hidden or path.stem.casefold() in ABOUT_TABLES


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


def listed_beside(source: Path | BinaryIO, state: ReadingState) -> dict[str, str]:
    """Return the files that a data package in the folder of a file lists, if there is one."""
    beside = source.parent / PACKAGE_NAME if isinstance(source, Path) else None
    if beside is None or not beside.is_file():
        return {}
    return listed_files(SourceFile(PACKAGE_NAME, PACKAGE_NAME, partial(open_source, beside)), state)


def listed_files(package: SourceFile, state: ReadingState) -> dict[str, str]:
    """Return the names, in small letters, of the files that a data package lists, and hashes."""
    try:
        with package.open() as stream:
            found = json.loads(stream.read(LONGEST_PACKAGE_BYTES))
        listed = {}
        for resource in found["resources"]:
            path, digest = resource["path"], str(resource.get("hash") or "")
            for name in [path] if isinstance(path, str) else path:
                listed[PurePosixPath(name).name.casefold()] = digest
        return listed
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        text = "This is no data package: it must be JSON with “resources”, each with its “path”."
        state.add(package.file, text)
        return {}


def sheet_of_file(
    file: SourceFile, name: str, state: ReadingState, *, is_alone: bool = False
) -> Iterator[Sheet]:
    """Yield the table of a file, or nothing, and a problem, if its name or format is wrong.

    A workbook that is alone and not named after a table may have a sheet for each.
    """
    table = TABLES_BY_NAME.get(name.casefold())
    if table is None and not is_alone:
        add_unknown_table(file.file, name, state)
        return
    try:
        kind = kind_of_file(file, state)
    except FileError as error:
        state.add(file.file, str(error))
    except DAMAGE_ERRORS as error:
        state.add(file.file, damage_message(error))
    else:
        if kind == "xlsx":
            yield from sheets_of_workbook(file, name, table, state)
        elif table is None:
            add_unknown_table(file.file, name, state, is_alone=True)
        else:
            sheet = Sheet(table, file.file, is_edited=is_edited(file, state))
            yield read(sheet, records_of(file, sheet, state), file, state)


def is_edited(file: SourceFile, state: ReadingState) -> bool:
    """Return whether a file has another hash than its data package says."""
    method, _, digest = state.raw.get(file.name_in_folder.casefold(), "").partition(":")
    if method != "sha256":
        return False
    found = hashlib.sha256()
    with file.open() as stream:
        while chunk := stream.read(CHUNK_BYTES):
            found.update(chunk)
    return found.hexdigest() != digest


def kind_of_file(file: SourceFile, state: ReadingState) -> str:
    """Return ``csv`` or ``xlsx``; raise FileError for other files, and what claims too much."""
    with file.open() as stream:
        kind = file_kind(stream)
        refuse_disguise(kind, suffix_of(file.name_in_folder), stem_of(file.name_in_folder))
        if kind == "zip":
            raise FileError("This is a zip in a zip. Unpack it, and pack its files alone.")
        if kind == "xlsx":
            refuse_bomb(stream, state.limits.unpacked)
    return kind


def add_unknown_table(
    file: str, name: str, state: ReadingState, *, is_alone: bool = False, noun: str = "file"
) -> None:
    """Add the problem of a file or sheet that is not named after a table."""
    hint = OTHER_NAMES.get(name.casefold()) or closest_match(name, TABLES_BY_NAME)
    text = (
        f"There is no table “{name[:60]}”. Name the {noun} after one of:"
        f" {', '.join(TABLES_BY_NAME)}."
    )
    if is_alone:
        text += f" Or say which it is: at the desk above the file, by command --table {hint}"
        text = text.rstrip() + "."
    state.add(file, text, name, hint)


def read(sheet: Sheet, records: Iterator[Record], file: SourceFile, state: ReadingState) -> Sheet:
    """Return a sheet with its header read, and its rows to be read."""
    is_raw = file.name_in_folder.casefold() in state.raw
    read_sheet(
        sheet,
        until_damaged(records),
        state.problems,
        state.counter,
        is_raw=is_raw,
        matches=state.reading.matches,
    )
    return sheet


def records_of(file: SourceFile, sheet: Sheet, state: ReadingState) -> Iterator[Record]:
    """Yield the records of a file of text, which is open meanwhile."""
    with file.open(is_whole=False) as opened:
        stream = ReportingStream(opened, state.report)
        yield from csv_records(stream, sheet.table.file_columns, sheet.dialect)


def sheets_of_workbook(
    file: SourceFile, name: str, table: Table | None, state: ReadingState
) -> Iterator[Sheet]:
    """Yield the sheet of a workbook that is a table's, or without one the sheets of all tables."""
    opened = kept_open(
        partial(file.open, is_whole=True),
        partial(opened_workbook, limits=state.limits, report=state.report),
    )
    try:
        book = OpenWorkbook(opened)
        named = [] if table else book.sheets_of_tables()
        chosen = book.sheet_of(table, state.reading.worksheet) if table else None
        unread = book.others_with_rows(chosen) if chosen else []
    except RecordError as error:
        found = Sheet(table or TABLES[0], file.file)
        state.problems.append(reading_ended(found, error, None))
        return
    if table and chosen:
        sheet = Sheet(table, file.file, worksheet=chosen.title, unread=unread)
        yield read(sheet, records_of_worksheet(book, chosen, sheet, state), file, state)
    elif not named:
        add_unknown_table(file.file, name, state, is_alone=True)
    for title, worksheet in named:
        part = printable(f"{file.file}/{worksheet.title}")
        if title not in TABLES_BY_NAME:
            add_unknown_table(part, worksheet.title, state, noun="sheet")
            continue
        sheet = Sheet(TABLES_BY_NAME[title], part, worksheet=worksheet.title)
        yield read(sheet, records_of_worksheet(book, worksheet, sheet, state), file, state)


def records_of_worksheet(book: OpenWorkbook, worksheet, sheet: Sheet, state: ReadingState):
    """Return the records of a sheet of a workbook, in which cells have the kinds of columns."""

    def kinds_of(header: list[str]):
        given = [header_name(cell) for cell in header]
        return header_names(sheet.table, given, state.reading.matches).kinds

    return book.records(worksheet, kinds_of)
