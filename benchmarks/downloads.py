"""The whole public record as zip, workbook and database: size, time and memory by number of rows.

python -m benchmarks.downloads [--meetings 1000 10000]
"""

import argparse
import sys
from functools import partial

from . import measure
from .records import set_up_django, temporary_database


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--meetings", type=int, nargs="+", default=[1_000, 10_000])
    given = parser.parse_args()
    set_up_django()
    for meetings in given.meetings:
        with temporary_database() as address:
            print_files(meetings, address)


def print_files(meetings: int, address: str) -> None:
    """Print what each file of a sample record costs, and the memory of a process without one."""
    from django.db import connection

    from meetings.exporting.catalogue import row_counts
    from meetings.exporting.package import FORMATS

    from .sample.record import make_sample_record

    make_sample_record(number=meetings, seed=1)
    rows = sum(row_counts().values())
    print(f"{connection.vendor}, {rows:,} public rows; rows a second (of processor time)")
    print(f"  nothing: {memory_of(address, ''):.0f} MB of memory")
    for ending in FORMATS:
        clock, processor = measure.rows_a_second(partial(write, ending), rows)
        print(
            f"  {ending}: {rows / clock:.0f} s, {clock:,.0f} ({processor:,.0f}),"
            f" {memory_of(address, ending):.0f} MB of memory",
            flush=True,
        )


def memory_of(address: str, ending: str) -> float:
    return measure.peak_memory("benchmarks.downloads", address, ending)


def write(ending: str) -> None:
    """Write a file of the public record as the worker does, and say how large it is."""
    from meetings.exporting.package.public_files import build_file
    from meetings.models.public_state import public_state

    size = build_file(ending, public_state()).size
    print(f"  {ending}: {size / 1e6:.1f} MB", file=sys.stderr)


def run_in_process(ending: str) -> None:
    """Write a file in a separate process, and print its peak memory."""
    set_up_django()
    if ending:
        write(ending)
    measure.print_peak_memory()


if __name__ == "__main__":
    main()
