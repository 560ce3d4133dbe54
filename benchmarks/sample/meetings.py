"""The meetings of the sample record, with their parts, and the reactions to each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django_countries.fields import Country

from meetings.models import Account, Discussion, Meeting, Outcome, Participation, Readout

from . import reactions
from .stage import Bundle, Stage
from .words import ACCOUNT, MEETING, OUTCOME, Prose, Ref

Basis = Discussion.Basis
Finding = Account.Finding
EventStatus = Meeting.EventStatus
Format = Meeting.Format

# Of ten issues discussed, eight are known from the governments, one from the press, one was due.
BASES = (*[Basis.ACCOUNTS] * 8, Basis.PRESS, Basis.AGENDA)
FINDINGS = (*[Finding.STATED] * 7, *[Finding.NOT_MENTIONED] * 2, Finding.NO_ACCOUNT)
ROLES = ("Head of government", "Foreign minister", "Ambassador", "Adviser", "Interpreter")


@dataclass
class Scene:
    """What a meeting's rows have in common."""

    number: int
    event_status: str
    starts_on: date
    place: Ref
    governments: list[str]
    issues: list[Ref]
    prose: Prose
    names: str


def make(stage: Stage) -> None:
    """Write the meetings, and the reactions to each once it is written."""
    scenes = (scene(stage, number) for number in range(1, stage.size + 1))
    for batch in stage.write(bundles(stage, scenes)):
        stage.meetings += [Ref(bundle.entry.pk, bundle.entry.slug) for bundle in batch]
        reactions.make(stage, batch)


def bundles(stage: Stage, scenes: Iterator[Scene]) -> Iterator[Bundle[Meeting]]:
    for current in scenes:
        entry = meeting(stage, current)
        parts = [
            *participations(stage, current, entry),
            *readouts(stage, current, entry),
            *outcomes(stage, current, entry),
            *discussions(stage, current, entry),
        ]
        yield Bundle(entry, parts, {"sources": current.prose.cited}, about=current)


def scene(stage: Stage, number: int) -> Scene:
    rng = stage.rng
    status = EventStatus.HELD
    if number % 15 in {2, 3}:
        status = EventStatus.CANCELLED if number % 15 == 2 else EventStatus.PLANNED
    starts_on = stage.day((number - rng.random()) / stage.size)
    if status == EventStatus.PLANNED:
        starts_on = stage.today + timedelta(days=rng.randint(10, 400))
    governments = sides(stage, 4 if number % 6 == 5 else 2)
    place = rng.choice(stage.places)
    issues = stage.several(stage.issues, 4)
    names = " and ".join(sorted(str(Country(code).name) for code in governments))
    prose = stage.prose(
        rng.randint(3, 7), sides=names, place=place.name, issue=issues[0].name.lower()
    )
    return Scene(number, status, starts_on, place, governments, issues, prose, names)


def sides(stage: Stage, number: int) -> list[str]:
    """Return two to ``number`` different governments."""
    codes = list(stage.actors)
    chosen = stage.several(codes, number)
    return (
        chosen if len(chosen) > 1 else [*chosen, codes[(codes.index(chosen[0]) + 1) % len(codes)]]
    )


def meeting(stage: Stage, scene: Scene) -> Meeting:
    rng, prose, number = stage.rng, scene.prose, scene.number
    held = scene.event_status == EventStatus.HELD
    style = Format.values[number % len(Format.values)]
    at_conference = style in {Format.PULL_ASIDE, Format.MULTILATERAL}
    length = rng.choice((20, 45, 90, 120, 240)) if held and rng.random() < 0.8 else None
    return Meeting(
        slug=stage.slug("meeting", number),
        title=f"Sample {Format(style).label.lower()} {number}: {scene.names}",
        starts_on=scene.starts_on,
        ends_on=scene.starts_on + timedelta(days=number % 4) if number % 3 else None,
        date_note="The first day is given differently in two sources." if number % 20 == 9 else "",
        forum=f"Sample Conference {number // 10}" if at_conference else "",
        format=style,
        event_status=scene.event_status,
        place_id=scene.place.pk,
        duration_minutes=length,
        duration_note=prose.paragraph(MEETING, 1) if number % 10 == 4 else "",
        participants_note=prose.paragraph(MEETING, 1) if number % 10 == 6 else "",
        summary=f"An invented meeting of {scene.names} in {scene.place.name}.",
        body=prose.text(MEETING, paragraphs=rng.randint(2, 3)),
        accounts_differ=prose.paragraph(ACCOUNT) if held and number % 3 else "",
        **stage.publication(number),
    )


def participations(stage: Stage, scene: Scene, entry: Meeting) -> Iterator[models.Model]:
    order = 0
    for code in scene.governments:
        for actor in stage.several(stage.actors[code], 3):
            order += 10
            yield Participation(
                meeting=entry,
                actor_id=actor.pk,
                government=code,
                role=ROLES[order // 10 % len(ROLES)],
                order=order,
            )


def readouts(stage: Stage, scene: Scene, entry: Meeting) -> Iterator[models.Model]:
    if scene.event_status == EventStatus.PLANNED:
        return
    for position, code in enumerate(scene.governments):
        if (scene.number + position) % 8:
            yield Readout(
                meeting=entry,
                government=code,
                issued_on=scene.starts_on + timedelta(days=position),
                language="ru" if code == "RU" else "en",
                text=scene.prose.text(ACCOUNT),
            )


def outcomes(stage: Stage, scene: Scene, entry: Meeting) -> Iterator[models.Model]:
    states = Outcome.State.values
    for index in range(stage.rng.randint(1, 3)):
        yield Outcome(
            meeting=entry,
            order=10 * (index + 1),
            state=states[(scene.number + index) % len(states)],
            text=scene.prose.paragraph(OUTCOME, 1),
        )


def discussions(stage: Stage, scene: Scene, entry: Meeting) -> Iterator[models.Model]:
    planned = scene.event_status == EventStatus.PLANNED
    for position, issue in enumerate(scene.issues):
        basis = Basis.AGENDA if planned else BASES[(scene.number + 3 * position) % len(BASES)]
        yield Discussion(
            meeting=entry,
            issue_id=issue.pk,
            basis=basis,
            summary=scene.prose.paragraph(MEETING, issue=issue.name.lower()),
            outcome="" if planned else scene.prose.paragraph(OUTCOME, 1, issue=issue.name.lower()),
        )
        yield from accounts(stage, scene, entry, issue, basis)


def accounts(stage, scene, entry, issue: Ref, basis: str) -> Iterator[Account]:
    """Yield two governments' accounts; where the issue is known from them, the first states it."""
    for position, code in enumerate(scene.governments[:2]):
        finding = Finding.STATED if position == 0 else stage.rng.choice(FINDINGS)
        if basis != Basis.ACCOUNTS:
            finding = Finding.NO_ACCOUNT if basis == Basis.AGENDA else Finding.NOT_MENTIONED
        stated = finding == Finding.STATED
        yield Account(
            meeting=entry,
            issue_id=issue.pk,
            government=code,
            finding=finding,
            text=scene.prose.paragraph(ACCOUNT, 3, issue=issue.name.lower()) if stated else "",
        )
