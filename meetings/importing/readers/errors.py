"""Errors of reading files, each with a message that says what to do; ``files`` reports them."""


class ReaderError(Exception):
    """Something in a file that cannot be read."""


class FileError(ReaderError):
    """A file that is no table, folder or zip of tables, or not what its name says."""


class RecordError(ReaderError):
    """A record after which nothing more of the file can be read.

    ``line`` is where it starts; ``index`` is the cell, if known, for which ``{cell}`` stands in
    the message.
    """

    def __init__(self, line: int, problem: str, index: int | None = None):
        super().__init__(problem)
        self.line = line
        self.problem = problem
        self.index = index


class EncodingError(ReaderError):
    """Bytes that are not UTF-8; ``before`` is the text before them on their line."""

    def __init__(self, before: str):
        super().__init__()
        self.before = before


class CellError(ReaderError):
    """A cell of a workbook that is not read; ``shown`` is what the sheet shows in it, if known."""

    def __init__(self, problem: str, shown: str = ""):
        super().__init__(problem)
        self.shown = shown
