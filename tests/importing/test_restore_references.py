"""References given back what they were, as entries are."""

import pytest

from meetings.editing.revisions import record_loaded
from meetings.importing import restore
from meetings.models import Place, Source
from tests import factories as make

from .test_restore import problems, restored, save

pytestmark = pytest.mark.django_db


def test_references_are_restored_too():
    place = make.make_place(slug="oslo", city="Oslo")
    record_loaded()
    save(place, city="Christiania")

    restored(place)

    assert Place.objects.get(pk=place.pk).city == "Oslo"


def test_source_does_not_take_back_an_address_that_is_anothers():
    source = make.make_source(slug="one", url="https://example.org/a")
    record_loaded()
    save(source, url="https://example.org/b")
    make.make_source(slug="two", url="https://example.org/a")

    planned = restore.plan_restore(entry=source, number=1)

    assert "This address is already source “two”." in problems(planned)[0]
    assert Source.objects.get(slug="one").url == "https://example.org/b"
