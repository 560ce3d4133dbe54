"""The places, actors and sources of the sample record."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import cycle, islice

from meetings.models import Actor, Claim, Place, Source

from .builder import EntryRows, SampleBuilder
from .prose import FAMILY_NAMES, GIVEN_NAMES, NAME_ENDINGS, TOPICS, RowReference

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


def make_references(builder: SampleBuilder) -> None:
    """Write the places, actors and sources, and keep them in the builder."""
    builder.places = builder.write_all(places(builder))
    builder.sources = builder.write_all(sources(builder))
    number = max(20, builder.size // 5)
    codes = list(islice(COUNTRIES, number // PERSONS_EACH))
    written = builder.write_all(actors(builder, codes, number))
    builder.actors = {code: [] for code in codes}
    for actor, code in zip(written, cycle(codes), strict=False):
        builder.actors[code].append(actor)


def places(builder: SampleBuilder) -> Iterator[EntryRows]:
    codes = list(COUNTRIES)
    for number in range(1, max(12, builder.size // 25) + 1):
        code = codes[number % len(codes)]
        latitude, longitude = (
            Decimal(f"{degrees + builder.rng.uniform(-1, 1):.4f}") for degrees in COUNTRIES[code]
        )
        place = Place(
            slug=builder.slug("place", number),
            venue=f"Sample Hall {number}",
            city=builder.rng.choice(FAMILY_NAMES) + builder.rng.choice(NAME_ENDINGS),
            country=code,
            latitude=latitude,
            longitude=longitude,
        )
        yield EntryRows(place)


def actors(builder: SampleBuilder, codes: list[str], number: int) -> Iterator[EntryRows]:
    for index, code in zip(range(1, number + 1), cycle(codes), strict=False):
        family = builder.rng.choice(FAMILY_NAMES) + builder.rng.choice(NAME_ENDINGS)
        given = builder.rng.choice(GIVEN_NAMES)
        person = index % 8 != 0
        name = f"{given} {family}" if person else f"{family} Institute"
        actor = Actor(
            slug=builder.slug("actor", index),
            name=f"{name} (sample {index})",
            sort_name=f"{family}, {given} (sample {index})" if person else "",
            kind=Actor.Kind.PERSON if person else Actor.Kind.ORGANISATION,
            country=code,
            description="Invented for the sample record.",
        )
        yield EntryRows(actor)


def sources(builder: SampleBuilder) -> Iterator[EntryRows]:
    number = max(20, builder.size // 2)
    for index in range(1, number + 1):
        row = source(builder, index, number)
        yield EntryRows(row, claims(row) if index % 10 == 1 else ())


def claims(row: Source) -> list[Claim]:
    """Return a claim of each assessment, which no entry carries."""
    return [
        Claim(
            source=row, order=10 * place, text="A claim invented for the sample.", assessment=value
        )
        for place, value in enumerate(Claim.Assessment.values, start=1)
    ]


def source(builder: SampleBuilder, index: int, number: int) -> Source:
    """Return one source; one in twenty has a note that cites the one before it."""
    rng = builder.rng
    address = f"https://example.org/{builder.prefix}/{index}"
    topic, family = rng.choice(TOPICS).lower(), rng.choice(FAMILY_NAMES)
    day = builder.date_at(rng.random())
    cited = RowReference(0, builder.slug("source", index - 1))
    return Source(
        slug=builder.slug("source", index),
        title=f"Sample document {index} on {topic}",
        authors=f"{family}, {rng.choice(GIVEN_NAMES)} (sample)" if rng.random() < 0.5 else "",
        publisher=f"{family} {rng.choice(PUBLISHERS)} (sample)",
        published=None if index % 25 == 3 else day,
        url="" if index % 15 == 4 else address,
        archived_url=f"https://archive.example.org/{address}" if rng.random() < 0.7 else "",
        kind=Source.Kind.values[index % len(Source.Kind.values)],
        accessed=builder.today - timedelta(days=rng.randint(1, 900)),
        language=rng.choice(LANGUAGES),
        ownership=Source.Ownership.values[index % len(Source.Ownership.values)],
        read=Source.Read.EXCERPT if rng.random() < 0.8 else Source.Read.NOT_OPENED,
        check_note="Invented; nothing was read." if index % 5 == 0 else "",
        note=f"Follows an earlier document [@{cited.slug}]." if index % 20 == 10 else "",
    )
