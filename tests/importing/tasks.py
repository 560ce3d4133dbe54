"""Tasks for processes, and how to kill a process at one of its database statements."""

import os
import signal
from contextlib import redirect_stderr, redirect_stdout
from datetime import timedelta
from io import StringIO

from django.core.management import execute_from_command_line
from django.db import connection
from django.utils import timezone

from meetings.importing import progress, uploads, worker
from meetings.models import Import


def run_command(*words: str) -> tuple[int, str]:
    """Run a management command; return its exit code and output."""
    said = StringIO()
    code = 0
    with redirect_stdout(said), redirect_stderr(said):
        try:
            execute_from_command_line(["manage.py", *words, "--skip-checks"])
        except SystemExit as end:
            code = int(end.code or 0)
    return code, said.getvalue()


def require_command(*words: str) -> None:
    """Run a management command that must succeed."""
    code, said = run_command(*words)
    assert code == 0, said


def confirm(pk: int, user) -> None:
    """Confirm a plan as the desk does."""
    note = "From the press office."
    uploads.confirm_upload(
        imported=Import.objects.get(pk=pk), user=user, note=note, kind="addition"
    )


def run_next() -> None:
    """Work on the next waiting import; report every batch, so that the time does not matter."""
    progress.REPORT_INTERVAL_SECONDS = 0
    worker.run_next()


def run_abandoned(pk: int) -> str:
    """Work on all waiting and abandoned imports; return the state of one."""
    late = timezone.now() - timedelta(minutes=1)
    Import.objects.filter(held_until__isnull=False).update(held_until=late)
    while worker.run_next():
        pass
    return Import.objects.get(pk=pk).state


class StatementCounter:
    """Counts the statements and commits of a process, and kills it at number ``last``.

    Before and after a commit count as one step each; ``commits`` are the steps before.
    """

    def __init__(self, last: int = 0):
        self.last, self.count = last, 0
        self.commits: list[int] = []

    def __enter__(self):
        commit = connection.commit

        def committing():
            self.step()
            self.commits.append(self.count)
            commit()
            self.step()

        connection.commit = committing
        connection.execute_wrappers.append(self.execute)
        return self

    def __exit__(self, *error):
        connection.execute_wrappers.remove(self.execute)
        del connection.commit

    def execute(self, execute, sql, params, many, context):
        self.step()
        return execute(sql, params, many, context)

    def step(self):
        self.count += 1
        if self.count == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


def count_statements(work, *given) -> tuple[int, list[int]]:
    """Run a function; return its number of steps, and the steps before commits."""
    with StatementCounter() as steps:
        work(*given)
    return steps.count, steps.commits


def die_at(last: int, work, *given) -> None:
    """Run a function, killing the process at one of its steps."""
    with StatementCounter(last):
        work(*given)
    raise AssertionError(f"It took less than {last} steps.")
