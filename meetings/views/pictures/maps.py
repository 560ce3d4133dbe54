"""Dots of places on the map of the world; places that are close together share one.

The projection is Equal Earth, which keeps areas true: Šavrič, Patterson and Jenny, "The Equal
Earth map projection", International Journal of Geographical Information Science 33 (2019),
https://doi.org/10.1080/13658816.2018.1504949. ``templates/components/land.svg`` was made with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import asin, cos, hypot, radians, sin, sqrt

# The coefficients of the polynomial, and half the width of the map of a unit sphere.
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
HALF_WIDTH = 2.706630
# The map in its own units: from the north of Greenland to Cape Horn, without the Antarctic.
WIDTH, HEIGHT = 1000, 432
SCALE = WIDTH / (2 * HALF_WIDTH)
NORTH = 242
# Dots closer than this, in units of the map, are merged; there are never more than so many.
DOT_REACH = 20.0
MOST_DOTS = 120


def equal_earth(longitude: float, latitude: float) -> tuple[float, float]:
    """Project a point given in degrees to the plane, for a sphere of radius 1."""
    theta = asin(sqrt(3) / 2 * sin(radians(latitude)))
    square = theta * theta
    sixth = square**3
    x_scale = 3 * (9 * A4 * square * sixth + 7 * A3 * sixth + 3 * A2 * square + A1)
    x = 2 * sqrt(3) * radians(longitude) * cos(theta) / x_scale
    y = theta * (A4 * square * sixth + A3 * sixth + A2 * square + A1)
    return x, y


def map_point(longitude: float, latitude: float) -> tuple[float, float]:
    """Return the coordinates on the map of a point in degrees, from the top left corner."""
    x, y = equal_earth(longitude, latitude)
    return WIDTH / 2 + x * SCALE, NORTH - y * SCALE


@dataclass
class Dot:
    """A dot on the map: one city, or several whose dots would touch."""

    x: float
    y: float
    is_held: bool
    cities: set[tuple[str, str]]

    @property
    def count(self) -> int:
        return len(self.cities)


class WorldMap:
    """The dots of places, with the number of cities where a meeting was held and of others.

    A city has one dot, at its first place; a place without coordinates has none.
    """

    def __init__(self, places: Iterable):
        cities: dict[tuple[str, str], Dot] = {}
        for place in places:
            if place.latitude is not None:
                city = (place.city or place.slug, str(place.country))
                point = map_point(float(place.longitude), float(place.latitude))
                dot = cities.setdefault(city, Dot(*point, False, {city}))
                dot.is_held = dot.is_held or place.is_held
        self.held = sum(dot.is_held for dot in cities.values())
        self.others = len(cities) - self.held
        self.cities = len(cities)
        self.countries = len({country for _, country in cities if country})
        self.dots = merge_dots(list(cities.values()))


def merge_dots(dots: list[Dot]) -> list[Dot]:
    """Return the dots with those merged that touch; and with more, until they are few enough."""
    reach = DOT_REACH
    dots = merge_within(dots, reach)
    while len(dots) > MOST_DOTS:
        reach *= 1.5
        dots = merge_within(dots, reach)
    return dots


def merge_within(dots: list[Dot], reach: float) -> list[Dot]:
    """Return the dots merged so that no two are closer than ``reach``, each at its first city."""
    kept: list[Dot] = []
    for dot in dots:
        for other in kept:
            if hypot(other.x - dot.x, other.y - dot.y) < reach:
                other.is_held = other.is_held or dot.is_held
                other.cities |= dot.cities
                break
        else:
            kept.append(dot)
    return kept
