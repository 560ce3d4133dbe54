"""What is asked for by one list is what Django finds by a value each."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meetings.models import Reaction, Source
from tests import factories as make

pytestmark = pytest.mark.django_db

HARMLESS = ["geneva", "it's", '"quoted"', "a,b{c}", "back\\slash", "ёж 🦔", "%s", "NULL", ""]


@pytest.fixture
def sources():
    return [make.make_source(slug=f"s-{n}", title=title) for n, title in enumerate(HARMLESS)]


@pytest.mark.parametrize("asked", [[], HARMLESS[:1], HARMLESS, ["nowhere", *HARMLESS[3:5]]])
def test_texts_among_others_are_those_in_them(sources, asked):
    found = Source.objects.filter(title__in_array=asked).order_by("slug")

    assert [*found] == [*Source.objects.filter(title__in=asked).order_by("slug")]
    assert len(found) == len(set(asked) & set(HARMLESS))


def test_ids_and_keys_are_asked_for_alike(sources):
    reactions = [make.make_reaction() for _ in range(3)]
    some = {row.pk: row for row in reactions[:2]}
    meetings = [row.meeting_id for row in reactions[1:]]

    assert {*Reaction.objects.filter(pk__in_array=some)} == {*some.values()}
    assert {*Reaction.objects.filter(meeting__in_array=meetings)} == {*reactions[1:]}
    assert {*Reaction.objects.exclude(pk__in_array=some)} == {*reactions[2:]}
    assert Source.objects.filter(pk__in_array=[2**62, -1]).count() == 0


def test_thousands_are_one_value(sources):
    slugs = [f"s-{n}" for n in range(40_000)]

    with CaptureQueriesContext(connection) as asked:
        found = Source.objects.filter(slug__in_array=slugs).count()

    assert found == len(sources)
    assert len(asked) == 1
