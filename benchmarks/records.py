"""A temporary database for a benchmark, and any number of reactions."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import django

ROOT = Path(__file__).resolve().parent.parent
BATCH_ROWS = 5_000
SUMMARY = (
    "Said that the meeting had changed little, “as so many before it”, and that what was agreed in"
    " private would have to be seen in public [@source-{source}]. The statement is invented."
)


def set_up_django() -> None:
    """Set up Django with the settings of the tests."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()


@contextmanager
def temporary_database() -> Iterator[str]:
    """Create an empty database, yield its URL for other processes, and drop it."""
    from django.db import connection

    with TemporaryDirectory() as folder:
        is_file = connection.vendor == "sqlite"
        if is_file:
            connection.settings_dict["TEST"]["NAME"] = f"{folder}/benchmark.sqlite3"
        name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        given = os.environ.get("DATABASE_URL", "")
        try:
            yield f"sqlite:///{name}" if is_file else f"{given.rpartition('/')[0]}/{name}"
        finally:
            connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def write_reactions(number: int) -> None:
    """Write ``number`` public reactions, and the rows that they name."""
    from meetings.models import Actor, Issue, Meeting, Reaction, Source
    from meetings.tables.registry import refresh_statistics

    state = {"status": "published"}
    Meeting.objects.bulk_create(
        Meeting(
            slug=f"meeting-{n}",
            title=f"Meeting {n}",
            starts_on=date(1950, 1, 1) + timedelta(n),
            format="summit",
            event_status="held",
            **state,
        )
        for n in range(1_000)
    )
    Issue.objects.bulk_create(
        Issue(slug=f"issue-{n}", title=f"Issue {n}", **state) for n in range(50)
    )
    Actor.objects.bulk_create(
        Actor(slug=f"actor-{n}", name=f"Actor {n}", kind="person") for n in range(2_000)
    )
    Source.objects.bulk_create(
        Source(slug=f"source-{n}", title=f"Source {n}", kind="news") for n in range(5_000)
    )
    ids = {
        model: list(model.objects.order_by("pk").values_list("pk", flat=True))
        for model in (Meeting, Issue, Actor, Source)
    }
    numbers = iter(range(number))
    while batch := list(islice(numbers, BATCH_ROWS)):
        made = Reaction.objects.bulk_create(reaction(n, ids[Meeting], ids[Source]) for n in batch)
        for column, model in (("issues", Issue), ("actors", Actor), ("sources", Source)):
            through = getattr(Reaction, column).through
            known = ids[model]
            through.objects.bulk_create(
                through(
                    **{"reaction_id": row.pk, f"{model._meta.model_name}_id": known[n % len(known)]}
                )
                for n, row in zip(batch, made, strict=True)
            )
    refresh_statistics()


def reaction(number: int, meetings: list[int], sources: list[int]):
    from meetings.models import Reaction

    source = number % len(sources)
    return Reaction(
        slug=f"reaction-{number}",
        meeting_id=meetings[number % len(meetings)],
        attribution=f"Speaker {number}",
        role="Senator",
        affiliation="Party",
        capacity="legislature",
        country="FI",
        reacted_on=date(1950, 1, 2) + timedelta(number % 20_000),
        stance="mixed",
        summary=SUMMARY.format(source=source),
        quotation="As so many before it.",
        quotation_language="en",
        quotation_source_id=sources[source],
        status="published",
    )


def reaction_cells(number: int) -> dict[str, str]:
    """Return the cells of a reaction by column, as in a file."""
    source = f"source-{number % 5_000}"
    return {
        "slug": f"reaction-{number}",
        "meeting": f"meeting-{number % 1_000}",
        "issues": f"issue-{number % 50}",
        "attribution": f"Speaker {number}",
        "actors": f"actor-{number % 2_000}",
        "role": "Senator",
        "affiliation": "Party",
        "capacity": "legislature",
        "country": "FI",
        "reacted_on": (date(1950, 1, 2) + timedelta(number % 20_000)).isoformat(),
        "stance": "mixed",
        "summary": SUMMARY.format(source=number % 5_000),
        "quotation": "As so many before it.",
        "quotation_language": "en",
        "quotation_source": source,
        "sources": source,
        "status": "published",
    }
