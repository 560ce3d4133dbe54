"""Large and hostile files, as `python -m benchmarks.large_files` measures them."""

import os
import re
import subprocess
import sys

import pytest

from benchmarks.large_files import CASES
from meetings.importing import uploads
from meetings.importing.plan import rows
from tests import factories as make

MOST_MEGABYTES = 300
LONGEST_SILENCE_SECONDS = 5


@pytest.mark.soak
@pytest.mark.parametrize("name", CASES)
def test_large_file_takes_little_memory_and_its_worker_is_never_silent(name):
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.large_files", name],
        env=os.environ | {"DATABASE_URL": ""},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    print(done.stdout)

    peak, silence = re.search(r"peak MB (\d+).*longest silence ([\d.]+)", done.stdout).groups()
    assert int(peak) <= MOST_MEGABYTES
    assert float(silence) <= LONGEST_SILENCE_SECONDS


@pytest.mark.django_db
def test_entries_with_long_texts_are_compared_in_smaller_batches(monkeypatch):
    """Of rows of some 60 characters each, one alone or three have place."""
    content = "slug,venue\n" + "".join(f"a{n},{'x' * 30}\n" for n in range(6))
    plan = uploads.store_upload(
        user=make.make_editor(), name="places.csv", content=content.encode()
    )
    uploads.plan_upload(imported=plan, user=plan.made_by)
    slugs = [f"a{n}" for n in range(6)]
    monkeypatch.setattr(rows, "FIRST_MEASURED", 2)

    batches = []
    for most in (10, 200, 10_000):
        monkeypatch.setattr(rows, "BATCH_LENGTH", most)
        batches.append(rows.few_enough(plan.rows.all(), slugs))

    assert batches == [slugs[:1], slugs[:3], slugs]
