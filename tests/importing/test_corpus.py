"""The corpus of files: bad ones are refused with line and column, good ones are read."""

import pytest

from tests.importing.corpus import BAD, GOOD
from tests.importing.corpus.records import make_records
from tests.importing.helpers import plan_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def records():
    make_records()


def ids(cases):
    return [case.name for case in cases]


def test_corpus_is_large_and_its_cases_are_apart():
    assert len(BAD) >= 150
    assert len(GOOD) >= 50
    assert len(set(ids(BAD) + ids(GOOD))) == len(BAD) + len(GOOD)


@pytest.mark.parametrize("case", BAD, ids=ids(BAD))
def test_bad_file_is_refused_with_place_and_reason(case, records, tmp_path):
    plan = plan_file(case.make(tmp_path), limits=case.limits)

    places = [(p.file, p.line, p.column, p.problem) for p in plan.problems]
    assert plan.imported.state == plan.imported.State.WRONG, "accepted"
    assert any(
        (file, line, column) == (case.file, case.line, case.column) and case.says in problem
        for file, line, column, problem in places
    ), places[:5]
    assert all(file and problem for file, _, _, problem in places)
    # Of the file as a whole, or in a line of it.
    assert all(line > 0 or not column for _, line, column, _ in places)
    if case.line:
        assert all(line > 0 for _, line, _, _ in places)


@pytest.mark.parametrize("case", GOOD, ids=ids(GOOD))
def test_good_file_is_read_as_it_is(case, records, tmp_path):
    plan = plan_file(case.make(tmp_path))

    assert [str(problem) for problem in plan.problems] == []
    assert plan.imported.state == plan.imported.State.READY
    assert [(row.table, row.cells) for row in plan.rows] == case.rows
