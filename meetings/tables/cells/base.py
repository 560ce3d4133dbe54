"""What all widgets know: a cell in its one form, and the value of a cell so written."""

from enum import Enum, auto

from import_export import widgets


class Kind(Enum):
    """What the cells of a column are, which a spreadsheet can hold as something else than text."""

    TEXT = auto()
    NUMBER = auto()
    TRUTH = auto()
    DAY = auto()
    MOMENT = auto()


class Cells(widgets.Widget):
    """What all widgets know besides: a cell in its one form, and the value of a cell so written."""

    kind = Kind.TEXT

    def canonical(self, text: str) -> str:
        """Return a cell as it is written, for a text typed; raises ValidationError."""
        return self.render(self.clean(text))

    def value(self, cell: str):
        """Return the value of a cell that is in its one form; nothing is checked."""
        return cell
