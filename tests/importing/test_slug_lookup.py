"""Suggestions for unknown slugs: one for each, and not for too many."""

import pytest

from meetings.editing import slug_lookup
from meetings.models import Actor, Place
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def looked_for(monkeypatch):
    """The slugs that were compared with all others, in order."""
    found = []
    monkeypatch.setattr(
        slug_lookup, "closest_match", lambda slug, known: found.append(slug) or known[0]
    )
    make.make_place(slug="geneva")
    make.make_actor(slug="kallas")
    return found


def test_slug_is_looked_for_once_for_each_kind_of_row(looked_for):
    asked = slug_lookup.SlugLookup()

    hints = [asked.suggest(model, "x") for model in (Place, Actor, Place, Actor)]

    assert hints == ["geneva", "kallas", "geneva", "kallas"]
    assert looked_for == ["x", "x"]


def test_after_some_hundred_slugs_none_is_proposed(looked_for):
    asked = slug_lookup.SlugLookup()

    hints = [
        asked.suggest(Place, f"x-{number}") for number in range(slug_lookup.MOST_SUGGESTIONS + 50)
    ]

    assert len(looked_for) == slug_lookup.MOST_SUGGESTIONS
    assert hints.count("geneva") == slug_lookup.MOST_SUGGESTIONS
    assert hints[-1] == ""
    assert asked.suggest(Place, "x-0") == "geneva"


def test_rows_are_looked_up_once_and_those_not_there_again(django_assert_num_queries):
    make.make_place(slug="geneva")
    asked = slug_lookup.SlugLookup()

    with django_assert_num_queries(1):
        assert asked.ids(Place, ["geneva"]).keys() == asked.ids(Place, ["geneva"]).keys()
    assert asked.missing(Place, ["geneva", "hanoi"]) == {"hanoi"}
    hanoi = make.make_place(slug="hanoi")

    assert asked.ids(Place, ["hanoi"]) == {"hanoi": hanoi.pk}


def test_no_more_rows_are_remembered_than_fit(monkeypatch):
    monkeypatch.setattr(slug_lookup, "MOST_REMEMBERED_ROWS", 3)
    slugs = [make.make_place(slug=f"place-{number}").slug for number in range(10)]
    asked = slug_lookup.SlugLookup()

    for slug in slugs:
        assert asked.ids(Place, [slug, "place-0"]).keys() == {slug, "place-0"}
        assert len(asked.known[Place]) <= 5
