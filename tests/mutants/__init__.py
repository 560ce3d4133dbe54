"""Faults put into a copy of the code, one at a time: the tests named for the promise must fail.

Each once went unseen by the whole suite, or guards what cannot be mended afterwards. ``make soak``
runs them (``python -m tests.mutants``, or with words of a promise, those alone). A text that is no
longer in the code is reported too: move the entry along with the code, or say in the commit why
its fault cannot be made any more.
"""

from pathlib import Path

from . import of_answers, of_the_record

ROOT = Path(__file__).resolve().parent.parent.parent
MUTANTS = (*of_the_record.MUTANTS, *of_answers.MUTANTS)
