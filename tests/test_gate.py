"""What the gate chooses to check."""

import pytest

from . import gate
from .conftest import sees_no_difference
from .mutants import MUTANTS, ROOT


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("tests/test_gate.py", {"tests/test_gate.py"}),
        ("tests/views/test_data.py", {"tests/views/test_data.py"}),
        ("meetings/text/sentences.py", {"tests/text/test_sentences.py"}),
        ("meetings/models/discussions.py", {"tests/models/test_discussions.py"}),
        ("meetings/exporting/codebook/__init__.py", {"tests/exporting/test_codebook.py"}),
        ("tests/factories.py", set()),
        ("README.md", {"tests/test_papers.py"}),
        ("docs/editing.md", {"tests/test_papers.py"}),
        ("diplomacy/settings.py", {"tests/test_papers.py"}),
    ],
)
def test_daily_check_runs_the_tests_of_what_changed(file, expected):
    assert set(gate.tests_of([file])) == expected


def test_second_database_is_not_asked_by_tests_without_one(request):
    assert sees_no_difference(request.node)


@pytest.mark.django_db
def test_second_database_is_asked_by_tests_of_rows(request):
    assert not sees_no_difference(request.node)


def test_second_database_is_asked_by_tests_whose_fixtures_are_rows(request, db):
    assert not sees_no_difference(request.node)


@pytest.mark.django_db
@pytest.mark.one_database
def test_second_database_is_not_asked_by_tests_of_pages_alone(request):
    assert sees_no_difference(request.node)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.promise)
def test_every_fault_of_the_soak_is_written_for_the_code_of_today(mutant):
    path = ROOT / mutant.path

    assert path.exists()
    assert path.read_text(encoding="utf-8").count(mutant.old) == 1
    assert (ROOT / mutant.test.partition("::")[0]).exists()
