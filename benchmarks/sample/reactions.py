"""The reactions of the sample record: about ten to each meeting."""

from collections.abc import Iterator
from datetime import timedelta

from meetings.models import Meeting, Reaction
from meetings.models.reactions import Capacity, Stance

from .stage import Bundle, Stage
from .words import QUOTATIONS, REACTION

ROLES = {
    Capacity.EXECUTIVE: "Minister",
    Capacity.LEGISLATURE: "Member of parliament",
    Capacity.INTELLIGENCE: "Director of an intelligence service",
    Capacity.FORMER_OFFICIAL: "Former ambassador",
    Capacity.PARTY: "Party chair",
    Capacity.INTERNATIONAL_ORGANISATION: "Secretary general",
    Capacity.ANALYST: "Fellow of an institute",
    Capacity.MEDIA: "Editor",
    Capacity.PUBLIC: "",
}
AFFILIATIONS = ("Harbour Party", "Hill Party", "River Union", "Plain League", "Forest Alliance")
PARTISAN = {Capacity.LEGISLATURE, Capacity.PARTY, Capacity.FORMER_OFFICIAL}
# Kinds of voice that speak without a person's name.
UNNAMED = {Capacity.PUBLIC: "Survey of readers", Capacity.MEDIA: "Leading article"}
KEEP = 10


def make(stage: Stage, meetings: list[Bundle[Meeting]]) -> None:
    """Write the reactions to meetings just written; keep some ids for the themes."""
    for batch in stage.write(bundles(stage, meetings)):
        stage.reactions += [bundle.entry.pk for bundle in batch[::KEEP]]


def bundles(stage: Stage, meetings: list[Bundle[Meeting]]) -> Iterator[Bundle]:
    for meeting in meetings:
        for index in range(stage.rng.randint(5, 15)):
            yield reaction(stage, meeting.entry, meeting.about, index)


def reaction(stage: Stage, meeting: Meeting, scene, index: int) -> Bundle:
    rng = stage.rng
    number = next(stage.reaction_numbers)
    capacity = Capacity(Capacity.values[number % len(Capacity.values)])
    stance = rng.choice(list(Stance))
    issues = rng.sample(scene.issues, min(len(scene.issues), rng.choice((0, 1, 1, 1, 2))))
    prose = stage.prose(2, issue=(issues or scene.issues)[0].name.lower(), place=scene.place.name)
    voice, links = speaker(stage, scene, capacity)
    links["issues"] = {issue.pk for issue in issues}
    entry = Reaction(
        slug=stage.slug(f"reaction-{scene.number}", index + 1),
        meeting=meeting,
        role=ROLES[capacity],
        capacity=capacity,
        reacted_on=min(scene.starts_on + timedelta(days=rng.randint(0, 9)), stage.today),
        stance=stance,
        summary=prose.paragraph(REACTION[stance]),
        **voice,
        **(quotation(stage, prose) if number % 5 == 0 else {}),
        **stage.publication(number),
    )
    links["sources"] = prose.cited
    return Bundle(entry, links=links)


def speaker(stage: Stage, scene, capacity: Capacity) -> tuple[dict, dict[str, set[int]]]:
    """Return the columns that say who spoke, and the ids of the actors."""
    code = stage.often(scene.governments if stage.rng.random() < 0.7 else list(stage.actors))
    affiliation = stage.often(AFFILIATIONS)
    voice = {
        "country": "" if capacity == Capacity.INTERNATIONAL_ORGANISATION else code,
        "affiliation": f"{affiliation} (sample)" if capacity in PARTISAN else "",
    }
    if capacity in UNNAMED:
        return voice | {"attribution": f"{UNNAMED[capacity]}, {affiliation} Courier (sample)"}, {}
    actor = stage.often(stage.actors[code])
    return voice | {"attribution": actor.name}, {"actors": {actor.pk}}


def quotation(stage: Stage, prose) -> dict:
    """Return the columns of a quotation, its source among those cited."""
    language = stage.rng.choice(list(QUOTATIONS))
    return {
        "quotation": stage.rng.choice(QUOTATIONS[language]),
        "quotation_language": language,
        "quotation_source_id": prose.cite().pk,
    }
