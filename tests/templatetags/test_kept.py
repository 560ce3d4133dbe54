"""Pieces of pages are made once for what they are made of, and of nothing else."""

from datetime import date

import pytest
from django.db.models import Model
from django.template import engines
from django.test import Client

from meetings.models import Source
from meetings.templatetags import kept
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    """The rows of which pieces were made, in their order."""
    return []


@pytest.fixture
def title(made):
    def make_title(row):
        made.append(row)
        return row.title

    return kept.kept_piece(make_title)


def test_piece_is_made_once_for_a_row_as_it_is(title, made):
    source = make.make_source(title="Joint statement")

    shown = [title(Source.objects.get(pk=source.pk)) for _ in range(3)]

    assert (shown, len(made)) == (["Joint statement"] * 3, 1)


@pytest.mark.parametrize(
    ("column", "value"),
    [("title", "Another"), ("url", "https://other.example/"), ("accessed", date(2020, 1, 2))],
)
def test_piece_is_made_again_when_any_column_differs(title, made, column, value):
    source = make.make_source(title="Joint statement")
    title(source)

    setattr(source, column, value)

    assert title(source) == source.title
    assert len(made) == 2


def test_piece_may_not_read_what_it_is_not_said_to_be_made_of():
    source = make.make_source()
    without_title = Source.objects.only("slug").get(pk=source.pk)
    fetched = Source.objects.prefetch_related("meetings").get(pk=source.pk)

    for row, name in ((without_title, "title"), (fetched, "meetings")):

        def read(row, name=name):
            value = getattr(row, name)
            return str(value) if isinstance(value, str) else str(list(value.all()))

        with pytest.raises(kept.NotMadeOfThis, match="Name the value"):
            kept.kept_piece(read)(row)


def test_piece_sees_nothing_else_of_the_page():
    component = "components/document_links.html"
    template = engines["django"].from_string(f'{{% load kept %}}{{% kept "{component}" x=x %}}')

    shown = template.render({"x": 1, "source": make.make_source(url="https://a.example/")})

    assert shown.strip() == ""


def test_pieces_are_no_more_than_so_many(title, monkeypatch):
    monkeypatch.setattr(kept, "MOST_PIECES", 2)

    for number in range(5):
        title(make.make_source(title=f"Source {number}"))

    pieces = title.__closure__[1].cell_contents
    assert isinstance(pieces, kept.Pieces)
    assert len(pieces.pieces) <= 2


def test_second_making_of_a_page_renders_none_of_its_sources_again(monkeypatch):
    meeting = make.make_meeting(slug="helsinki", body="They met. [@one] They spoke. [@two]")
    for slug in ("one", "two"):
        meeting.sources.add(make.make_source(slug=slug, title=f"Title of {slug}"))
    first = Client().get("/meetings/helsinki/").content.decode()
    rows = []
    monkeypatch.setattr(kept, "alone", lambda value: rows.append(value) or value)

    second = Client().get("/meetings/helsinki/").content.decode()
    Source.objects.filter(slug="two").update(title="Another title")
    third = Client().get("/meetings/helsinki/").content.decode()

    assert second == first
    assert "Title of two" not in third
    assert third.count("Another title") == first.count("Title of two")
    assert {row.slug for row in rows if isinstance(row, Model)} == {"two"}
