"""The map of places: the projection, what shares a dot, and who is on it."""

from types import SimpleNamespace

import pytest

from meetings.models import Place
from meetings.views.pictures import maps
from tests import factories as make


@pytest.mark.parametrize(
    ("longitude", "latitude", "x", "y"),
    [
        (0, 0, 0, 0),
        (180, 0, 2.7066299836, 0),
        (-180, 0, -2.7066299836, 0),
        (0, 90, 0, 1.3173627592),
        (0, -90, 0, -1.3173627592),
        (180, 90, 1.6035886, 1.3173627592),
    ],
)
def test_projection_gives_the_corners_of_the_published_map(longitude, latitude, x, y):
    """The width is 2.0546 times the height, and a pole 0.5925 times as long as the equator.

    2.70663 / 1.31736 = 2.0546; 1.60359 / 2.70663 = 0.5925
    """
    assert maps.equal_earth(longitude, latitude) == pytest.approx((x, y), abs=1e-6)


def test_projection_keeps_areas():
    """A small square's area is that on the sphere: its side times its side times cos(latitude)."""
    step, areas = 0.01, []
    for latitude in (0, 30, 60, 80):
        x, y = maps.equal_earth(20, latitude)
        east, up = maps.equal_earth(20 + step, latitude), maps.equal_earth(20, latitude + step)
        area = (east[0] - x) * (up[1] - y) - (east[1] - y) * (up[0] - x)
        areas.append(area / maps.cos(maps.radians(latitude)) / maps.radians(step) ** 2)

    assert areas == pytest.approx([1, 1, 1, 1], abs=1e-3)


def place(city, longitude, latitude, *, is_held=True, country="FI"):
    values = {"city": city, "slug": city.lower(), "country": country, "is_held": is_held}
    return SimpleNamespace(longitude=longitude, latitude=latitude, **values)


def test_venues_of_a_city_share_its_dot():
    world = maps.WorldMap(
        [place("Hamburg", 9.98, 53.54, is_held=False), place("Hamburg", 9.97, 53.56)]
    )

    assert [(dot.count, dot.is_held) for dot in world.dots] == [(1, True)]
    assert (world.held, world.others) == (1, 0)


def test_cities_whose_dots_would_touch_share_one_with_their_number():
    cities = [place("Helsinki", 25, 60.2, is_held=False), place("Tallinn", 24.8, 59.4)]

    world = maps.WorldMap([*cities, place("Osaka", 135.4, 34.6)])

    assert [(dot.count, dot.is_held) for dot in world.dots] == [(2, True), (1, True)]
    assert (world.held, world.others) == (2, 1)


def test_places_without_coordinates_have_no_dot():
    assert maps.WorldMap([place("Unknown", None, None)]).dots == []


def test_dots_are_few_however_many_the_places():
    world = maps.WorldMap(
        place(f"City {n}", n * 7 % 360 - 180, n * 11 % 140 - 55) for n in range(10_000)
    )

    assert 20 < len(world.dots) <= maps.MOST_DOTS
    assert sum(dot.count for dot in world.dots) == 10_000


HELSINKI = {"latitude": "60.168200", "longitude": "24.956600"}
WASHINGTON = {"city": "Washington", "country": "US", "latitude": "38.9", "longitude": "-77.04"}


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/places/"])
def test_map_shows_where_meetings_were_held_and_where_not(client, address):
    make.make_meeting(place=make.make_place(**HELSINKI))
    make.make_meeting(place=make.make_place(**WASHINGTON), event_status="cancelled")

    html = client.get(address).content.decode()

    assert '<circle class="is-held" cx="552" cy="41" r="9"/>' in html
    assert html.count("<circle") == 2
    assert html.count('<circle class="is-planned"') == 1
    assert "held in 1 city, called off or only planned in 1 more." in html


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/places/"])
def test_places_of_drafts_are_not_on_the_map(client, address):
    make.make_meeting(status="draft", place=make.make_place(**HELSINKI))
    make.make_meeting(place=make.make_place(**WASHINGTON), event_status="planned")
    make.make_meeting(status="draft", place=Place.objects.get(city="Washington"))

    html = client.get(address).content.decode()

    assert html.count("<circle") == html.count('<circle class="is-planned"') == 1
    assert "only planned in 1." in html


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/places/"])
def test_record_without_places_has_no_map(client, address):
    assert "<svg" not in client.get(address).content.decode()
