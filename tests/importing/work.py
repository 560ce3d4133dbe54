"""What processes of their own do, and how they are killed while they do it."""

import os
import signal
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

from django.core.management import execute_from_command_line
from django.db import connection
from django.utils import timezone

from meetings.importing import progress, uploads, worker
from meetings.models import Import


def command(*words: str) -> tuple[int, str]:
    """Give a command as on a terminal; return its exit code, and what it said."""
    said = StringIO()
    code = 0
    with redirect_stdout(said), redirect_stderr(said):
        try:
            execute_from_command_line(["manage.py", *words, "--skip-checks"])
        except SystemExit as end:
            code = int(end.code or 0)
    return code, said.getvalue()


def give(*words: str) -> None:
    """Give a command that must do what it says."""
    code, said = command(*words)
    assert code == 0, said


def confirm(pk: int, user) -> None:
    """Confirm a plan as the desk does."""
    note = "From the press office."
    uploads.confirm_upload(
        imported=Import.objects.get(pk=pk), user=user, note=note, kind="addition"
    )


def next_piece() -> None:
    """Do what waits next, and tell of every batch: how often is not to depend on the time."""
    progress.REPORT_INTERVAL_SECONDS = 0
    worker.run_next()


def take_up(pk: int) -> str:
    """Work, a while later, on what waits or was left behind; return what became of one import."""
    late = timezone.now() - 2 * worker.LOST_AFTER
    Import.objects.filter(beat_at__isnull=False).update(beat_at=late)
    while worker.run_next():
        pass
    return Import.objects.get(pk=pk).state


class Steps:
    """Counts the statements of a process, and its commits before and after; dies at one of them.

    ``commits`` are the steps before a commit.
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


def steps_of(work, *given) -> tuple[int, list[int]]:
    """Do some work; return how many steps that takes, and which ones are before a commit."""
    with Steps() as steps:
        work(*given)
    return steps.count, steps.commits


def die(last: int, work, *given) -> None:
    """Do some work up to one of its steps."""
    with Steps(last):
        work(*given)
    raise AssertionError(f"It took less than {last} steps.")
