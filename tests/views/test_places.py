"""The places: by country beside the map, and each on a map of its own."""

import re

import pytest

from meetings.views.pictures.maps import map_point
from tests import factories as make

pytestmark = pytest.mark.django_db

HERE = {"latitude": "60.17", "longitude": "24.95"}


def dots(html):
    return re.findall(r'<circle class="([^"]+)" cx="(\d+)" cy="(\d+)"', html)


def test_list_names_the_places_under_their_countries_and_says_where_none_met(client):
    for city, country, status in (
        ("Helsinki", "FI", "held"),
        ("Graz", "AT", "cancelled"),
        ("Turku", "FI", "planned"),
    ):
        place = make.make_place(city=city, country=country)
        make.make_meeting(place=place, event_status=status)

    html = client.get("/places/").content.decode()

    shown = re.findall(
        r"<h2>([^<]+)</h2>|<li><a href=\"/places/.*?>([^<]+)</a> <[^>]+>([^<]+)<", html
    )
    assert ["".join(parts) for parts in shown] == [
        "Austria",
        "Graz1 meeting, none held",
        "Finland",
        "Helsinki1 meeting",
        "Turku1 meeting, none held",
    ]


@pytest.mark.parametrize(("status", "dot"), [("held", "is-held"), ("cancelled", "is-planned")])
def test_page_of_a_place_marks_it_alone_on_the_map(client, status, dot):
    place = make.make_place(city="Helsinki", **HERE)
    make.make_meeting(place=place, event_status=status)
    make.make_meeting(place=make.make_place(city="Osaka", latitude="34.6", longitude="135.4"))

    html = client.get(place.get_absolute_url()).content.decode()

    x, y = map_point(24.95, 60.17)
    assert dots(html) == [(dot, f"{x:.0f}", f"{y:.0f}")]
    assert "Map of the world with Helsinki marked" in html
    assert ("no meeting was held there" in html) is (status != "held")


def test_place_without_coordinates_has_no_map(client):
    place = make.make_place()
    make.make_meeting(place=place)

    assert "<svg" not in client.get(place.get_absolute_url()).content.decode()
