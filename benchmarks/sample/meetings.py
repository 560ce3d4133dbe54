"""The meetings of the sample record, with their parts, and the reactions to each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django_countries.fields import Country

from meetings.models import Account, Discussion, Meeting, Outcome, Participation, Readout

from . import reactions
from .builder import EntryRows, SampleBuilder
from .prose import (
    ACCOUNT_SENTENCES,
    MEETING_SENTENCES,
    OUTCOME_SENTENCES,
    ProseWriter,
    RowReference,
)

Basis = Discussion.Basis
Finding = Account.Finding
EventStatus = Meeting.EventStatus
Format = Meeting.Format

# Of ten discussions, eight rest on accounts, one on the press, and one on an agenda.
BASES = (*[Basis.ACCOUNTS] * 8, Basis.PRESS, Basis.AGENDA)
FINDINGS = (
    *[Finding.STATED] * 6,
    *[Finding.NOT_MENTIONED] * 2,
    Finding.DENIED,
    Finding.NO_ACCOUNT,
)
ROLES = ("Head of government", "Foreign minister", "Ambassador", "Adviser", "Interpreter")


@dataclass
class MeetingFacts:
    """The facts that all rows of one meeting share."""

    number: int
    event_status: str
    starts_on: date
    place: RowReference
    governments: list[str]
    issues: list[RowReference]
    prose: ProseWriter
    names: str


def make_meetings(builder: SampleBuilder) -> None:
    """Write the meetings, and the reactions to each once it is written."""
    all_facts = (meeting_facts(builder, number) for number in range(1, builder.size + 1))
    for batch in builder.write(entry_rows(builder, all_facts)):
        builder.meetings += [RowReference(bundle.entry.pk, bundle.entry.slug) for bundle in batch]
        reactions.make_reactions(builder, batch)


def entry_rows(
    builder: SampleBuilder, all_facts: Iterator[MeetingFacts]
) -> Iterator[EntryRows[Meeting]]:
    for current in all_facts:
        entry = meeting(builder, current)
        parts = [
            *participations(builder, current, entry),
            *readouts(builder, current, entry),
            *outcomes(builder, current, entry),
            *discussions(builder, current, entry),
        ]
        yield EntryRows(entry, parts, {"sources": current.prose.cited}, about=current)


def meeting_facts(builder: SampleBuilder, number: int) -> MeetingFacts:
    rng = builder.rng
    status = EventStatus.HELD
    if number % 15 in {2, 3}:
        status = EventStatus.CANCELLED if number % 15 == 2 else EventStatus.PLANNED
    starts_on = builder.date_at((number - rng.random()) / builder.size)
    if status == EventStatus.PLANNED:
        starts_on = builder.today + timedelta(days=rng.randint(10, 400))
    governments = governments_met(builder, 4 if number % 6 == 5 else 2)
    place = rng.choice(builder.places)
    issues = builder.choose_several(builder.issues, 4)
    names = " and ".join(sorted(str(Country(code).name) for code in governments))
    prose = builder.prose_writer(
        rng.randint(3, 7), sides=names, place=place.name, issue=issues[0].name.lower()
    )
    return MeetingFacts(number, status, starts_on, place, governments, issues, prose, names)


def governments_met(builder: SampleBuilder, number: int) -> list[str]:
    """Return the codes of two to ``number`` different governments."""
    codes = list(builder.actors)
    chosen = builder.choose_several(codes, number)
    return (
        chosen if len(chosen) > 1 else [*chosen, codes[(codes.index(chosen[0]) + 1) % len(codes)]]
    )


def meeting(builder: SampleBuilder, facts: MeetingFacts) -> Meeting:
    rng, prose, number = builder.rng, facts.prose, facts.number
    held = facts.event_status == EventStatus.HELD
    style = Format.values[number % len(Format.values)]
    at_conference = style in {Format.PULL_ASIDE, Format.MULTILATERAL}
    length = rng.choice((20, 45, 90, 120, 240)) if held and rng.random() < 0.8 else None
    return Meeting(
        slug=builder.slug("meeting", number),
        title=f"Sample {Format(style).label.lower()} {number}: {facts.names}",
        starts_on=facts.starts_on,
        ends_on=facts.starts_on + timedelta(days=number % 4) if number % 3 else None,
        date_note="The first day is given differently in two sources." if number % 20 == 9 else "",
        forum=f"Sample Conference {number // 10}" if at_conference else "",
        format=style,
        event_status=facts.event_status,
        place_id=facts.place.pk,
        duration_minutes=length,
        duration_note=prose.paragraph(MEETING_SENTENCES, 1) if number % 10 == 4 else "",
        participants_note=prose.paragraph(MEETING_SENTENCES, 1) if number % 10 == 6 else "",
        summary=f"An invented meeting of {facts.names} in {facts.place.name}.",
        body=prose.text(MEETING_SENTENCES, paragraphs=rng.randint(2, 3)),
        accounts_differ=prose.paragraph(ACCOUNT_SENTENCES) if held and number % 3 else "",
        **builder.publication(number),
    )


def participations(
    builder: SampleBuilder, facts: MeetingFacts, entry: Meeting
) -> Iterator[models.Model]:
    order = 0
    for code in facts.governments:
        for actor in builder.choose_several(builder.actors[code], 3):
            order += 10
            yield Participation(
                meeting=entry,
                actor_id=actor.pk,
                government=code,
                role=ROLES[order // 10 % len(ROLES)],
                order=order,
            )


def readouts(builder: SampleBuilder, facts: MeetingFacts, entry: Meeting) -> Iterator[models.Model]:
    if facts.event_status == EventStatus.PLANNED:
        return
    for position, code in enumerate(facts.governments):
        if (facts.number + position) % 8:
            yield Readout(
                meeting=entry,
                government=code,
                issued_on=facts.starts_on + timedelta(days=position),
                language="ru" if code == "RU" else "en",
                text=facts.prose.text(ACCOUNT_SENTENCES),
            )


def outcomes(builder: SampleBuilder, facts: MeetingFacts, entry: Meeting) -> Iterator[models.Model]:
    states = Outcome.State.values
    for index in range(builder.rng.randint(1, 3)):
        yield Outcome(
            meeting=entry,
            order=10 * (index + 1),
            state=states[(facts.number + index) % len(states)],
            text=facts.prose.paragraph(OUTCOME_SENTENCES, 1),
        )


def discussions(
    builder: SampleBuilder, facts: MeetingFacts, entry: Meeting
) -> Iterator[models.Model]:
    planned = facts.event_status == EventStatus.PLANNED
    for position, issue in enumerate(facts.issues):
        basis = Basis.AGENDA if planned else BASES[(facts.number + 3 * position) % len(BASES)]
        yield Discussion(
            meeting=entry,
            issue_id=issue.pk,
            basis=basis,
            summary=facts.prose.paragraph(MEETING_SENTENCES, issue=issue.name.lower()),
            outcome=""
            if planned
            else facts.prose.paragraph(OUTCOME_SENTENCES, 1, issue=issue.name.lower()),
        )
        yield from accounts(builder, facts, entry, issue, basis)


def accounts(builder, facts, entry, issue: RowReference, basis: str) -> Iterator[Account]:
    """Yield the accounts of two governments; where the basis is accounts, the first states it."""
    for position, code in enumerate(facts.governments[:2]):
        finding = Finding.STATED if position == 0 else builder.rng.choice(FINDINGS)
        if basis != Basis.ACCOUNTS:
            finding = Finding.NO_ACCOUNT if basis == Basis.AGENDA else Finding.NOT_MENTIONED
        has_text = finding in {Finding.STATED, Finding.DENIED}
        yield Account(
            meeting=entry,
            issue_id=issue.pk,
            government=code,
            finding=finding,
            text=facts.prose.paragraph(ACCOUNT_SENTENCES, 3, issue=issue.name.lower())
            if has_text
            else "",
        )
