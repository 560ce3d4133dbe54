"""Servers that start together prepare one database: one does the work, the others wait."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection

from meetings.management.commands import prepare

from .backup.test_moving import new_postgresql as new_postgresql
from .importing.conftest import copy_database as copy_database
from .importing.tasks import run_command
from .servers import ROOT


def prepare_slowly(barrier, folder: Path) -> tuple[int, str]:
    """Prepare at the same time as others; whoever looks for accounts takes a while to add one."""
    settings.STATIC_ROOT = folder
    looked = prepare.nobody_can_sign_in

    def look_and_wait():
        found = looked()
        time.sleep(0.5)
        return found

    prepare.nobody_can_sign_in = look_and_wait
    barrier.wait(60)
    return run_command("prepare", "--content=none")


def names() -> list[str]:
    return list(User.objects.values_list("username", flat=True))


def test_of_two_that_prepare_at_once_one_makes_the_first_account(copy_database, tmp_path):
    copy = copy_database()

    ended = copy.run_at_once(2, prepare_slowly, tmp_path)

    assert [code for code, _ in ended] == [0, 0], ended
    assert sum("with the password" in said for _, said in ended) == 1
    assert copy.run(names) == ["admin"]


@pytest.mark.soak
def test_two_prepare_an_empty_database_at_once(request, tmp_path, django_db_setup):
    address = f"sqlite:///{tmp_path / 'record.sqlite3'}"
    if connection.vendor == "postgresql":
        address = request.getfixturevalue("new_postgresql")
    given = {"DATABASE_URL": address, "DEBUG": "1", "DJANGO_SETTINGS_MODULE": "diplomacy.settings"}
    command = [sys.executable, "manage.py", "prepare"]
    both = [
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | given,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        for _ in range(2)
    ]

    said = [process.communicate(timeout=300)[0] for process in both]

    assert [process.returncode for process in both] == [0, 0], said
    assert sum("with the password" in words for words in said) == 1
