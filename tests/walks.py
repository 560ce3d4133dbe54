"""How many modules of the house a page, a save and an import walk through, by the interpreter.

``python -m pytest tests/test_walks.py -s`` prints them in the order in which they are entered.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent / "meetings"


class Walk:
    """The modules of ``meetings`` that were entered, in order, and how often one led to another."""

    def __init__(self) -> None:
        self.modules: list[str] = []
        self.switches = 0
        self.last = ""

    def enter(self, path: str) -> None:
        if not path.startswith(str(HOUSE)):
            return
        name = str(Path(path).relative_to(HOUSE).with_suffix(""))
        self.switches += name != self.last
        self.last = name
        if name not in self.modules:
            self.modules.append(name)


@contextmanager
def walking() -> Iterator[Walk]:
    """Record the modules that are entered within the block."""
    walk = Walk()

    def profile(frame, event, argument):
        if event == "call":
            walk.enter(frame.f_code.co_filename)

    sys.setprofile(profile)
    try:
        yield walk
    finally:
        sys.setprofile(None)
