"""How often a test repeats what it proves: enough in ``make test``, in full in ``make soak``."""

import pytest


def counts(usual: int, whole: int) -> list:
    """Return both counts, to parametrise a test with; the whole one is run with SOAK=1 only."""
    return [usual, pytest.param(whole, marks=pytest.mark.soak)]
