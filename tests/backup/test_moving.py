"""A record moves from SQLite to PostgreSQL, and back, by a backup."""

import os
import re
import subprocess
import sys

import pytest
from django.db import connection

from tests.servers import ROOT


@pytest.fixture
def new_postgresql(django_db_setup, django_db_blocker):
    """The address of an empty PostgreSQL database."""
    with django_db_blocker.unblock():
        name = f"{connection.settings_dict['NAME']}_moved"
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}"')
        settings = connection.settings_dict | {"NAME": name}
        yield "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**settings)
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def manage(database: str, *words: str) -> str:
    """Run a command of the project on a database; return what it says."""
    given = {"DATABASE_URL": database, "DEBUG": "1", "DJANGO_SETTINGS_MODULE": "diplomacy.settings"}
    answer = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=os.environ | given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def digest(said: str) -> str:
    return re.search(r"Digest (\w+)", said)[1]


# Of the gate, test_upgrade.py restores into PostgreSQL what was written by SQLite.
@pytest.mark.soak
@pytest.mark.postgresql
def test_record_moves_to_postgresql_and_back_with_its_accounts(new_postgresql, tmp_path):
    first, second = tmp_path / "first.backup", tmp_path / "second.backup"
    old, new = (f"sqlite:///{tmp_path / name}.sqlite3" for name in ("old", "new"))
    manage(old, "prepare")

    said = [
        manage(old, "backup", str(first)),
        manage(new_postgresql, "restore_backup", str(first)),
        manage(new_postgresql, "backup", str(second)),
        manage(new, "restore_backup", str(second)),
    ]

    assert len(set(map(digest, said))) == 1
    assert "Sign in" not in manage(new_postgresql, "prepare")
