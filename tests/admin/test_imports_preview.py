"""The preview of a large plan: few questions, some rows at a time, the first of many errors."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from .wizard import page, plan, reactions, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]


@pytest.mark.parametrize("query", ["", "?show=new", "?show=new&p=4", "?show=%00&p=x"])
def test_preview_asks_the_same_few_questions_however_many_rows(desk, query):
    few, many = plan(desk, reactions(2)), plan(desk, reactions(200))
    counts = []
    for imported in (few, many):
        with CaptureQueriesContext(connection) as queries:
            text = page(desk, "preview", imported, query)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6
    assert text.count("<dt>slug</dt>") == 50


def test_at_most_a_thousand_errors_are_on_screen_and_the_total_is_said(desk, monkeypatch):
    monkeypatch.setattr("meetings.admin.imports.wizard.MOST_ERRORS", 60)
    imported = plan(desk, reactions(70, stance="angry"))

    text = page(desk, "preview", imported)

    assert "70 errors in 70 places" in text
    assert "The first 60 places are shown below." in text
    assert "Page 1 of 2" in text
    assert desk.get(url("problems", imported)).getvalue().decode().count("angry") == 140
