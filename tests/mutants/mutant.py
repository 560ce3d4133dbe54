"""What a fault is: a text of the code, and the one that is put in its place."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """A fault: ``old`` text of a file becomes ``new``, and the test of the promise must fail."""

    promise: str
    path: str
    old: str
    new: str
    test: str
