"""Processor time of what grows with the record: lists, filters and searches of 100,000 reactions.

Then the same kept page with 1,000,000 reactions, as a ratio to that with those of ``fixtures/``.

python -m benchmarks.sizes [--meetings 10900] [--reactions 1000000] [--rounds 5]
"""

import argparse
import os

from .answers import HELLO, answer, seconds, set_up_site
from .records import set_up_django, temporary_database

KEPT = "/reactions/"
# The first page after a change, and then others: some values are made once for each state.
MADE = (
    "/reactions/",
    "/reactions/?page=10",
    "/reactions/?sort=name",
    "/reactions/?country=FI",
    "/reactions/?issue=sample-1-issue-1",
    "/reactions/?capacity=legislature&stance=mixed",
    "/meetings/?q=visit&country=FI",
    "/accounts/",
    "/accounts/?issue=sample-1-issue-1",
)
# A rare word, two words, a word of every entry.
SEARCHES = ("/search/?q=4321", "/search/?q=harbour+treaty", "/search/?q=sample")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--meetings", type=int, default=10_900)
    parser.add_argument("--reactions", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    os.environ["DEBUG"] = ""
    set_up_django()
    set_up_site()
    with temporary_database():
        print_times(given)


def print_times(given: argparse.Namespace) -> None:
    """Print the times of a small record, of a large one, and of a kept page at each size."""
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application
    from django.db import connection

    from meetings.editing.revisions import record_loaded
    from meetings.models import Reaction
    from meetings.tables.registry import refresh_statistics

    from .sample.record import make_sample_record

    application = get_wsgi_application()
    call_command("loaddata", "record", verbosity=0)
    record_loaded()
    kept = [(Reaction.objects.count(), kept_ratio(application, given.rounds))]
    make_sample_record(number=given.meetings, seed=1)
    record_loaded()
    refresh_statistics()
    print(f"{connection.vendor}, {Reaction.objects.count():,} reactions")
    print(f"{'milliseconds of processor time':44}{'first':>8}{'then':>8}")
    for address in (*MADE, *SEARCHES):
        first, then = made_times(application, address, given.rounds)
        print(f"{address:44}{first * 1000:8.0f}{then * 1000:8.0f}")
    kept.append((Reaction.objects.count(), kept_ratio(application, given.rounds)))
    copy_reactions(given.reactions)
    kept.append((Reaction.objects.count(), kept_ratio(application, given.rounds)))
    for reactions, ratio in kept:
        times = ratio / kept[0][1]
        print(f"{KEPT} kept, {reactions:,} reactions: {ratio:.2f} × hello; {times:.2f} times")


def made_times(application, address: str, rounds: int) -> tuple[float, float]:
    """Return the time of an address made after a change, and made again in the same state."""
    from django.core.cache import caches

    def make():
        caches["pages"].clear()
        caches["shared_pages"].clear()
        return answer(application, address)

    make()
    caches["values"].clear()
    first, _ = seconds(1, make, 1)
    return first, seconds(rounds, make, 1)[0]


def kept_ratio(application, rounds: int) -> float:
    """Return the time of a kept page as a ratio to the bare view that says hello."""
    bare, _ = seconds(4 * rounds, lambda: answer(application, HELLO))
    kept, _ = seconds(4 * rounds, lambda: answer(application, KEPT))
    return kept / bare


def copy_reactions(number: int) -> None:
    """Copy the reactions, with their periods of publication, until there are ``number``.

    By statements of the database: acts would take an hour.
    """
    from django.db import connection

    from meetings.models import Publication, Reaction
    from meetings.tables.registry import refresh_statistics

    found = Reaction.objects.order_by("pk").values_list("pk", flat=True)
    first, count = found[0], len(found)
    names = [f.column for f in Reaction._meta.concrete_fields if f.column not in {"id", "slug"}]
    columns = ", ".join(names)
    table, periods = Reaction._meta.db_table, Publication._meta.db_table
    with connection.cursor() as cursor:
        for copy in range(1, -(-number // count)):
            step = copy * 10 * (first + count)
            cursor.execute(
                f"INSERT INTO {table} (id, slug, {columns})"
                f" SELECT id + {step}, slug || '-copy-{copy}', {columns} FROM {table}"
                f" WHERE id < {10 * (first + count)} ORDER BY id LIMIT {number - copy * count}"
            )
            cursor.execute(
                f'INSERT INTO {periods} ("table", object_id, since)'
                f' SELECT "table", object_id + {step}, since FROM {periods}'
                f" WHERE \"table\" = 'reaction' AND object_id < {10 * (first + count)}"
            )
    refresh_statistics()


if __name__ == "__main__":
    main()
