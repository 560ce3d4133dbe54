"""The reactions of the sample record: about ten to each meeting."""

from collections.abc import Iterator
from datetime import timedelta

from meetings.models import Meeting, Reaction
from meetings.models.reactions import Capacity, Stance

from .builder import EntryRows, SampleBuilder
from .prose import QUOTATIONS, REACTION_SENTENCES

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
# Capacities of statements without a person's name.
UNNAMED = {Capacity.PUBLIC: "Survey of readers", Capacity.MEDIA: "Leading article"}
KEPT_REACTION_INTERVAL = 10


def make_reactions(builder: SampleBuilder, meetings: list[EntryRows[Meeting]]) -> None:
    """Write the reactions to meetings just written; keep some ids for the themes."""
    for batch in builder.write(entry_rows(builder, meetings)):
        builder.reactions += [bundle.entry.pk for bundle in batch[::KEPT_REACTION_INTERVAL]]


def entry_rows(builder: SampleBuilder, meetings: list[EntryRows[Meeting]]) -> Iterator[EntryRows]:
    for meeting in meetings:
        for index in range(builder.rng.randint(5, 15)):
            yield reaction(builder, meeting.entry, meeting.about, index)


def reaction(builder: SampleBuilder, meeting: Meeting, facts, index: int) -> EntryRows:
    rng = builder.rng
    number = next(builder.reaction_numbers)
    capacity = Capacity(Capacity.values[number % len(Capacity.values)])
    stance = rng.choice(list(Stance))
    issues = rng.sample(facts.issues, min(len(facts.issues), rng.choice((0, 1, 1, 1, 2))))
    prose = builder.prose_writer(
        2, issue=(issues or facts.issues)[0].name.lower(), place=facts.place.name
    )
    voice, links = speaker(builder, facts, capacity)
    links["issues"] = {issue.pk for issue in issues}
    entry = Reaction(
        slug=builder.slug(f"reaction-{facts.number}", index + 1),
        meeting=meeting,
        role=ROLES[capacity],
        capacity=capacity,
        reacted_on=min(facts.starts_on + timedelta(days=rng.randint(0, 9)), builder.today),
        stance=stance,
        summary=prose.paragraph(REACTION_SENTENCES[stance]),
        **voice,
        **(quotation(builder, prose) if number % 5 == 0 else {}),
        **builder.publication(number),
    )
    links["sources"] = prose.cited
    return EntryRows(entry, links=links)


def speaker(builder: SampleBuilder, facts, capacity: Capacity) -> tuple[dict, dict[str, set[int]]]:
    """Return the columns that say who spoke, and the ids of the actors."""
    code = builder.choose(facts.governments if builder.rng.random() < 0.7 else list(builder.actors))
    affiliation = builder.choose(AFFILIATIONS)
    voice = {
        "country": "" if capacity == Capacity.INTERNATIONAL_ORGANISATION else code,
        "affiliation": f"{affiliation} (sample)" if capacity in PARTISAN else "",
    }
    if capacity in UNNAMED:
        return voice | {"attribution": f"{UNNAMED[capacity]}, {affiliation} Courier (sample)"}, {}
    actor = builder.choose(builder.actors[code])
    return voice | {"attribution": actor.name}, {"actors": {actor.pk}}


def quotation(builder: SampleBuilder, prose) -> dict:
    """Return the columns of a quotation, its source among those cited."""
    language = builder.rng.choice(list(QUOTATIONS))
    return {
        "quotation": builder.rng.choice(QUOTATIONS[language]),
        "quotation_language": language,
        "quotation_source_id": prose.cite().pk,
    }
