"""Numbers of repetitions: few in ``make test``, many in ``make soak``."""

import pytest


def repeats(few: int, many: int) -> list:
    """Return both numbers, as parameters of a test; the second one is run with SOAK=1 only."""
    return [few, pytest.param(many, marks=pytest.mark.soak)]
