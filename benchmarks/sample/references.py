"""The places, actors and sources of the sample record."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import cycle, islice

from meetings.models import Actor, Place, Source

from .stage import Bundle, Stage
from .words import ENDINGS, FAMILY, GIVEN, TOPICS, Ref

# Countries by about how often they meet, with a point in each.
COUNTRIES = {
    "US": (39.8, -98.6),
    "RU": (55.8, 49.1),
    "FI": (61.5, 23.8),
    "FR": (46.2, 2.2),
    "GB": (52.4, -1.5),
    "DE": (51.2, 10.4),
    "CN": (35.0, 103.8),
    "JP": (36.2, 138.3),
    "IN": (22.0, 79.0),
    "TR": (39.0, 35.2),
    "EG": (26.8, 30.8),
    "BR": (-10.3, -53.2),
    "MX": (23.6, -102.5),
    "CA": (52.1, -106.3),
    "IT": (42.8, 12.6),
    "ES": (40.0, -3.7),
    "PT": (39.5, -8.0),
    "SE": (62.0, 15.0),
    "NO": (61.0, 9.0),
    "PL": (52.1, 19.4),
    "CH": (46.8, 8.2),
    "KE": (0.2, 37.9),
    "NG": (9.1, 8.7),
    "ZA": (-29.0, 24.7),
    "SA": (24.2, 45.1),
    "VN": (16.2, 107.8),
    "KR": (36.5, 127.8),
    "AU": (-25.3, 133.8),
    "AR": (-34.6, -64.4),
    "NZ": (-41.8, 172.8),
}
PERSONS_EACH = 2
LANGUAGES = ("en", "en", "en", "en", "en", "ru", "ru", "fr", "de", "sr-Latn")
PUBLISHERS = ("Gazette", "Press Agency", "Foreign Office", "Archive", "Review", "University Press")


def make(stage: Stage) -> None:
    """Write the places, actors and sources, and let the stage know them."""
    stage.places = stage.write_all(places(stage))
    stage.sources = stage.write_all(sources(stage))
    number = max(20, stage.size // 5)
    codes = list(islice(COUNTRIES, number // PERSONS_EACH))
    written = stage.write_all(actors(stage, codes, number))
    stage.actors = {code: [] for code in codes}
    for actor, code in zip(written, cycle(codes), strict=False):
        stage.actors[code].append(actor)


def places(stage: Stage) -> Iterator[Bundle]:
    codes = list(COUNTRIES)
    for number in range(1, max(12, stage.size // 25) + 1):
        code = codes[number % len(codes)]
        latitude, longitude = (
            Decimal(f"{degrees + stage.rng.uniform(-1, 1):.4f}") for degrees in COUNTRIES[code]
        )
        place = Place(
            slug=stage.slug("place", number),
            venue=f"Sample Hall {number}",
            city=stage.rng.choice(FAMILY) + stage.rng.choice(ENDINGS),
            country=code,
            latitude=latitude,
            longitude=longitude,
        )
        yield Bundle(place)


def actors(stage: Stage, codes: list[str], number: int) -> Iterator[Bundle]:
    for index, code in zip(range(1, number + 1), cycle(codes), strict=False):
        family = stage.rng.choice(FAMILY) + stage.rng.choice(ENDINGS)
        given = stage.rng.choice(GIVEN)
        person = index % 8 != 0
        name = f"{given} {family}" if person else f"{family} Institute"
        actor = Actor(
            slug=stage.slug("actor", index),
            name=f"{name} (sample {index})",
            sort_name=f"{family}, {given} (sample {index})" if person else "",
            kind=Actor.Kind.PERSON if person else Actor.Kind.ORGANISATION,
            country=code,
            description="Invented for the sample record.",
        )
        yield Bundle(actor)


def sources(stage: Stage) -> Iterator[Bundle]:
    number = max(20, stage.size // 2)
    for index in range(1, number + 1):
        yield Bundle(source(stage, index, number))


def source(stage: Stage, index: int, number: int) -> Source:
    """Return one source; one in twenty has a note that cites the one before it."""
    rng = stage.rng
    address = f"https://example.org/{stage.prefix}/{index}"
    topic, family = rng.choice(TOPICS).lower(), rng.choice(FAMILY)
    day = stage.day(rng.random())
    cited = Ref(0, stage.slug("source", index - 1))
    return Source(
        slug=stage.slug("source", index),
        title=f"Sample document {index} on {topic}",
        authors=f"{family}, {rng.choice(GIVEN)} (sample)" if rng.random() < 0.5 else "",
        publisher=f"{family} {rng.choice(PUBLISHERS)} (sample)",
        published=None if index % 25 == 3 else day,
        url="" if index % 15 == 4 else address,
        archived_url=f"https://archive.example.org/{address}" if rng.random() < 0.7 else "",
        kind=Source.Kind.values[index % len(Source.Kind.values)],
        accessed=stage.today - timedelta(days=rng.randint(1, 900)),
        language=rng.choice(LANGUAGES),
        state_media=index % 12 == 0,
        checked=rng.random() < 0.8,
        check_note="Invented; nothing was read." if index % 5 == 0 else "",
        note=f"Follows an earlier document [@{cited.slug}]." if index % 20 == 10 else "",
    )
