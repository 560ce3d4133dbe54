"""The prose of the sample record: invented sentences, in paragraphs that cite sources."""

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from meetings.models import Reaction

Stance = Reaction.Stance

GIVEN_NAMES = (
    "Avel",
    "Brino",
    "Cadra",
    "Delvo",
    "Esmar",
    "Falin",
    "Goran",
    "Hedra",
    "Ilvan",
    "Jorin",
    "Kelda",
    "Lomar",
    "Mirel",
    "Nadro",
    "Orven",
    "Perla",
    "Quina",
    "Roven",
    "Selka",
    "Tavin",
)
FAMILY_NAMES = (
    "Alder",
    "Brack",
    "Corvel",
    "Dray",
    "Elster",
    "Fenmar",
    "Galt",
    "Harrow",
    "Istel",
    "Jask",
    "Kormel",
    "Lath",
    "Morven",
    "Nestel",
    "Ostrel",
    "Pavor",
    "Quell",
    "Rask",
    "Sorrel",
    "Tarn",
)
NAME_ENDINGS = ("berg", "dal", "field", "gate", "holm", "mar", "ova", "son", "stad", "wick")

TOPICS = (
    "Fishing rights",
    "Postal unions",
    "River navigation",
    "Grain tariffs",
    "Telegraph cables",
    "Border surveys",
    "Seal hunting",
    "Railway gauges",
    "Lighthouse dues",
    "Patents",
    "Arms limits",
    "Prisoner exchanges",
    "Air routes",
    "Student exchanges",
    "Reparations",
    "Nuclear testing",
    "Space research",
    "Debt relief",
    "Satellite frequencies",
    "Ozone",
)

MEETING_SENTENCES = (
    "The delegations of {sides} met in {place} and spoke of {issue}",
    "Both sides had announced the meeting a week before and had named {issue} as its subject",
    "The talks began an hour late and went on after the evening meal",
    "A second session in {place} was held without advisers",
    "The programme listed a visit to the harbour, a reception and a press conference",
    "The two delegations exchanged drafts, of which neither has been published",
    "Newspapers of the day describe the welcome in {place} as correct and brief",
    "The delegations left {place} on different days",
)
ACCOUNT_SENTENCES = (
    "The government stated that {issue} had been discussed at length",
    "Its account said that an understanding on {issue} was within reach",
    "It stated that its own proposal on {issue} had been put on the table in {place}",
    "It said that experts of {sides} would meet again within three months",
    "It stated that no text had been signed",
    "It said that questions of detail on {issue} had been left to the ministries",
)
OUTCOME_SENTENCES = (
    "A joint commission on {issue} was to meet twice a year",
    "The delegations announced an exchange of notes on {issue}",
    "A draft convention on {issue} was to be sent to the parliaments of {sides}",
    "No statement was issued",
    "A second meeting was proposed for the following year",
)
ISSUE_SENTENCES = (
    "The question of {issue} has come up at meetings since the first of them",
    "Governments have used the word in more than one sense, and this page keeps them apart",
    "Two conventions on {issue} are in force, and a third was never ratified",
    "Figures on {issue} differ between the published series",
    "What was agreed on {issue} has been carried out in part",
)
REACTION_SENTENCES = {
    Stance.SUPPORTIVE: (
        "The statement welcomed the meeting and its results on {issue}",
        "It said that talks in {place} had been overdue",
    ),
    Stance.CRITICAL: (
        "The statement said that the meeting had left {issue} where it was",
        "It asked why no text had been published after {place}",
    ),
    Stance.MIXED: (
        "The statement welcomed the talks and regretted that {issue} had been put off",
        "It called the visit to {place} useful and its preparation poor",
    ),
    Stance.NEUTRAL: (
        "The statement took note of the meeting and of its communiqué",
        "It listed what is known of {issue} and gave no judgement",
    ),
}
QUOTATIONS = {
    "en": ("The talks were useful, and they will go on.", "We have yet to see a text."),
    "ru": ("Переговоры были полезными и будут продолжены.", "Текста мы пока не видели."),
    "fr": ("Les entretiens ont été utiles et se poursuivront.", "Aucun texte n’a été publié."),
}


class RowReference(NamedTuple):
    """A written row, as other rows name it."""

    pk: int
    slug: str
    name: str = ""


class ProseWriter:
    """Writes paragraphs for one entry, each with a marker, and collects the ids of the sources."""

    def __init__(self, rng: Random, sources: Sequence[RowReference], **slots: str):
        self.rng = rng
        self.sources = sources
        self.slots = slots
        self.cited: set[int] = set()

    def cite(self) -> RowReference:
        """Return a random source, and add it to those cited."""
        source = self.rng.choice(self.sources)
        self.cited.add(source.pk)
        return source

    def marker(self) -> str:
        """Return a citation marker: of one source, perhaps with a page, or of two sources."""
        kind = self.rng.random()
        if kind < 0.1:
            return f"[@{self.cite().slug}; @{self.cite().slug}]"
        if kind < 0.25:
            return f"[@{self.cite().slug}, p. {self.rng.randint(1, 400)}]"
        return f"[@{self.cite().slug}]"

    def paragraph(self, pool: Sequence[str], sentences: int = 2, **slots: str) -> str:
        """Return a paragraph of sentences from a pool, with a marker at its end."""
        chosen = self.rng.sample(pool, min(sentences, len(pool)))
        text = ". ".join(chosen).format_map(self.slots | slots)
        return f"{text} {self.marker()}."

    def text(self, pool: Sequence[str], paragraphs: int = 2, sentences: int = 3, **slots) -> str:
        """Return several paragraphs of Markdown."""
        return "\n\n".join(self.paragraph(pool, sentences, **slots) for _ in range(paragraphs))
