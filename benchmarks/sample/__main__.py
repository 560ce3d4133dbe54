"""Fill the database with an invented record; every row says that it is a sample.

python -m benchmarks.sample [--meetings 200] [--seed 1]
"""

import argparse
import os

import django

from manage import use_local_key


def main(given: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sample", description=__doc__)
    parser.add_argument("--meetings", type=int, default=200, help="How many (default: 200).")
    parser.add_argument("--seed", type=int, default=1, help="0 or more (default: 1).")
    options = parser.parse_args(given)
    if options.meetings < 1 or options.seed < 0:
        parser.error("Give at least one meeting, and a seed of 0 or more.")
    use_local_key()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diplomacy.settings")
    django.setup()
    write(options.meetings, options.seed, parser)


def write(meetings: int, seed: int, parser: argparse.ArgumentParser) -> None:
    """Write the record, and print how many rows each table has been given."""
    from .record import SampleExists, make_sample_record

    try:
        written = make_sample_record(number=meetings, seed=seed)
    except SampleExists as error:
        parser.error(f"{error} Nothing was written; choose another --seed.")
    for table, rows in written.items():
        print(f"{rows:>8,} {table}")
    print("First revisions are made by: python manage.py record_loaded")


if __name__ == "__main__":
    main()
