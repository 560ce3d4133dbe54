"""What the benchmarks measure with: rows a second, the memory of a process, their arguments."""

import argparse
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable


def arguments(description: str | None, default: int) -> argparse.Namespace:
    """Return how many rows are asked for: of ours, of the library's, and for the memory."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--default", type=int, default=default, help="Rows for the library, or 0.")
    parser.add_argument("--memory", type=int, default=0, help="Compare with the memory of so many.")
    return parser.parse_args()


def timed(act: Callable[[], object], rows: int) -> tuple[float, float]:
    """Return how many rows a second an act takes by the clock, and by its processor time."""
    began, busy = time.perf_counter(), time.process_time()
    act()
    return rows / (time.perf_counter() - began), rows / (time.process_time() - busy)


def memory(module: str, address: str, *given: str) -> float:
    """Return the peak memory in MB of a process that does ``alone`` of a module on a database."""
    code = f"import sys; from {module} import alone; alone(*sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", code, *given],
        env=os.environ | {"DATABASE_URL": address},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def tell_peak() -> None:
    """Print the peak memory of this process, in MB."""
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def compare(few: tuple[int, float], many: tuple[int, float]) -> None:
    """Print two peaks of memory, each with its number of rows, and their ratio."""
    for rows, peak in (few, many):
        print(f"memory at {rows:,} rows: {peak:.0f} MB")
    print(f"{many[1] / few[1]:.2f} times")
