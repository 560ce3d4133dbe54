"""What is doubtful about a file at the desk: shown before it goes in, and confirmed."""

import pytest

from meetings.models import Actor

from .wizard import confirm, csv_text, page, plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]
ROWS = (
    {"slug": "orban", "name": "Viktor Orbán", "kind": "person"},
    {"slug": "guterres", "name": "AntÃ³nio Guterres", "kind": "person"},
)


def plan_actors(desk, rows=ROWS):
    return plan(desk, csv_text(*rows), table="actors", name="actors.csv")


def test_preview_shows_each_warning_at_its_cell(desk):
    imported = plan_actors(desk)

    everything = page(desk, "preview", imported)
    doubtful = page(desk, "preview", imported, "?show=warned")

    assert imported.state == "ready"
    assert "1 warning" in everything
    assert "Viktor Orbán" in everything
    assert "Viktor Orbán" not in doubtful
    assert "Letters look broken: “Ã³”" in doubtful
    assert "Did you mean “António Guterres”?" in doubtful


def test_import_waits_until_the_warnings_are_confirmed(desk):
    imported = plan_actors(desk)

    refused = confirm(desk, imported)

    text = refused.content.decode()
    assert "There is a problem" in text
    assert "Look at the warnings, and confirm that they are meant." in text
    assert not Actor.objects.exists()

    confirm(desk, imported, accepts_warnings="on")

    assert imported.state == "done"
    assert Actor.objects.count() == 2


def test_file_without_warnings_asks_for_no_confirmation(desk):
    imported = plan_actors(desk, ROWS[:1])

    assert "accepts_warnings" not in page(desk, "confirm", imported)
    confirm(desk, imported)
    assert imported.state == "done"
