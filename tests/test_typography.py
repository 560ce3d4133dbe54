"""Quotation marks and dashes in the words that templates and code put before readers.

The texts of the content are checked by ``tests/fixture_content/check_text.py``. Left out is what
takes a migration to change: the hints beside the fields of forms (``help_text``), and labels.
"""

import ast
import re
from pathlib import Path

import pytest

from .typography import faults

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").glob("**/*.html"))
CODE = [
    path
    for path in sorted((ROOT / "meetings").glob("**/*.py"))
    if "migrations" not in path.parts and "commands" not in path.parts
]
SYNTAX = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}|<(script|style|code|pre)\b.*?</\1>", re.S)
READ_ALOUD = re.compile(r'\b(?:alt|aria-label|content|label|placeholder|title)="([^"]*)"')
LABELS = {"Governments' accounts"}
APOSTROPHE = re.compile(r"(?<=[A-Za-z])'(?:s|t|re|ve|ll)\b|(?<=s)' (?=[a-z])")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("the record's words", "straight"),
        ('a "plan"', "straight"),
        ("held - or not", "hyphen between spaces"),
        ("2017-2021", "range"),
        ("and so on...", "three dots"),
        ("held -- or not", "two hyphens"),
    ],
)
def test_rules_find_what_they_are_for(text, rule):
    found = faults(text)

    assert found
    assert all(rule in fault for fault in found)


@pytest.mark.parametrize(
    "text",
    [
        "the record’s “words”, 2017–2021 – and so on…",
        "- an item of a list",
        "On 2018-07-16 [@kremlin-2018-07-16]; see [it](/meetings/call-2017-01-28/)",
        "Public Law 115–44, a three-way call, `it's code`",
    ],
)
def test_rules_leave_what_is_right(text):
    assert faults(text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_have_typographic_quotation_marks_and_dashes(path):
    text = SYNTAX.sub("", path.read_text(encoding="utf-8"))
    words = [re.sub("<[^>]*>", "", text), *READ_ALOUD.findall(text)]

    assert [fault for part in words for fault in faults(part)] == []


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_words_in_code_have_typographic_apostrophes(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    hints = {
        id(node)
        for call in ast.walk(tree)
        if isinstance(call, ast.keyword) and call.arg == "help_text"
        for node in ast.walk(call.value)
    }
    docstrings = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    words = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if id(node) not in hints | docstrings
    ]

    assert {text for text in words if APOSTROPHE.search(text)} <= LABELS
