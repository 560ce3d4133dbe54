"""Measurements of the benchmarks: rows a second, peak memory, and the arguments."""

import argparse
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable


def arguments(description: str | None, default: int) -> argparse.Namespace:
    """Return the numbers of rows: for our code, for the library, and for the memory."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--default", type=int, default=default, help="Rows for the library, or 0.")
    parser.add_argument("--memory", type=int, default=0, help="Compare with the memory of so many.")
    return parser.parse_args()


def rows_a_second(act: Callable[[], object], rows: int) -> tuple[float, float]:
    """Return the rows a second of an act by wall clock and by processor time."""
    wall, processor = time.perf_counter(), time.process_time()
    act()
    return rows / (time.perf_counter() - wall), rows / (time.process_time() - processor)


def peak_memory(module: str, address: str, *given: str) -> float:
    """Return the peak memory in MB of a process that calls ``run_in_process`` of a module."""
    code = f"import sys; from {module} import run_in_process; run_in_process(*sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", code, *given],
        env=os.environ | {"DATABASE_URL": address},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def print_peak_memory() -> None:
    """Print the peak memory of this process in MB."""
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def print_memory_ratio(few: tuple[int, float], many: tuple[int, float]) -> None:
    """Print two peaks of memory in MB, each given with its number of rows, and their ratio."""
    for rows, peak in (few, many):
        print(f"memory at {rows:,} rows: {peak:.0f} MB")
    print(f"{many[1] / few[1]:.2f} times")
