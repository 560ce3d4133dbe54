"""Many processes at once: one of them does it, or each does all of its own or nothing."""

from contextlib import nullcontext

import pytest
from django.conf import settings
from django.db import OperationalError, connection

from meetings.editing.errors import Refused
from meetings.editing.revisions import record_loaded
from meetings.importing import imports, undo
from meetings.models import Actor, Reaction, Revision
from tests import factories as make
from tests.admin.wizard import FORM, url
from tests.database_sessions import write_meanwhile
from tests.soak import repeats

from .concurrency import imported_rows, post_together, run_together
from .helpers import import_file, plan_file, reaction, write
from .tasks import run_command

TEN = range(10)
COLUMNS = ("name", "sort_name", "description")


@pytest.fixture
def record(committed_db):
    make.make_source(slug="press")
    make.make_meeting(slug="geneva", body="Held [@press].")
    for n in range(5):
        make.make_actor(slug=f"known-{n}", name="Known", sort_name="Known", description="Known")
    record_loaded()


@pytest.fixture
def session(client, record):
    """The session of an editor at the desk."""
    client.force_login(make.make_editor())
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def editor():
    return make.User.objects.get(username="ana")


@pytest.mark.parametrize("rounds", repeats(1, 20))
@pytest.mark.parametrize("act", ["confirm", "undo"])
def test_ten_at_the_desk_do_it_once(act, rounds, session, tmp_path, copy_database):
    file = write(tmp_path, "reactions", *(reaction(slug=f"r-{n}") for n in range(5)))
    plan = plan_file(file, editor()).imported if act == "confirm" else import_file(file).imported
    copy = copy_database()
    given = (act, url(act, plan), FORM, session)
    assert copy.run_at_once(1, post_together, *given)[0][0] == 302
    after = copy.table_digests()

    for _ in range(rounds):
        copy.restore()
        answers = copy.run_at_once(10, post_together, *given)
        assert sorted(status for status, _ in answers) == [200] * 9 + [302]
        refused = {"confirm": "was carried out already", "undo": "was undone already"}[act]
        assert all(refused in text for status, text in answers if status == 200)
        assert copy.table_digests() == after


@pytest.mark.parametrize("rounds", repeats(1, 20))
def test_ten_undos_by_command_are_one(rounds, record, tmp_path, copy_database):
    file = write(tmp_path, "reactions", *(reaction(slug=f"r-{n}") for n in range(5)))
    number = import_file(file).imported.pk
    copy = copy_database()
    copy.run(run_command, "undo_import", str(number))
    after = copy.table_digests()

    for _ in range(rounds):
        copy.restore()
        answers = copy.run_at_once(10, run_together, run_command, "undo_import", str(number))
        assert sorted(code for code, _ in answers) == [0] + [1] * 9
        assert all("was undone already" in said for code, said in answers if code)
        assert copy.table_digests() == after


def test_import_is_refused_when_somebody_deletes_what_it_names_meanwhile(
    record, tmp_path, monkeypatch
):
    """PostgreSQL asks only at the end whether it is there; SQLite lets nobody else write before."""
    user = make.make_editor()
    file = write(tmp_path, "reactions", reaction(actors="known-0", status="draft"))
    plan = plan_file(file, user).imported
    write_rows = imports.apply_changes

    def deleting_afterwards(*given):
        write_rows(*given)
        write_meanwhile(Actor.objects.filter(slug="known-0").delete)

    monkeypatch.setattr(imports, "apply_changes", deleting_afterwards)
    is_alone = connection.vendor == "sqlite"
    with nullcontext() if is_alone else pytest.raises(Refused, match="Plan again"):
        imports.apply_plan(imported=plan, user=user, note="Added.")

    assert Actor.objects.filter(slug="known-0").exists() == is_alone
    assert Reaction.objects.exists() == Revision.objects.filter(act="import").exists() == is_alone


def test_nobody_changes_an_entry_while_it_goes_back(record, tmp_path, monkeypatch):
    imported = import_file(write(tmp_path, "reactions", reaction())).imported
    refused = []

    def change():
        if connection.vendor == "postgresql":
            connection.cursor().execute("SET lock_timeout = 100")
        try:
            Reaction.objects.update(role="Minister")
        except OperationalError as error:
            refused.append(error)

    def checking(*given, check=undo.check_each):
        write_meanwhile(change)
        check(*given)

    monkeypatch.setattr(undo, "check_each", checking)
    undo.undo_import(imported=imported, note="Wrong file.")

    assert refused
    assert Reaction.objects.values_list("role", "status").get() == ("", "withdrawn")


def new(n):
    """Return reactions that all bring, half the other way round, and some that only one does."""
    slugs = [f"shared-{i}" for i in range(5)] + [f"own-{n}-{i}" for i in range(3)]
    rows = [
        reaction(slug=slug, attribution=str(n), reacted_on=f"2018-07-{day}")
        for day, slug in enumerate(slugs, start=10)
    ]
    return "reactions", rows[:: -1 if n % 2 else 1]


def known(n):
    """Return one column of actors that are there."""
    return "actors", [{"slug": f"known-{i}", COLUMNS[n % 3]: str(n)} for i in range(5)]


@pytest.mark.parametrize("rounds", repeats(1, 20))
@pytest.mark.parametrize("brings", [[new], [known], [known, new]], ids=["new", "known", "both"])
def test_ten_imports_of_the_same_keys_are_each_whole_or_nothing(
    brings, rounds, record, tmp_path, copy_database
):
    folders = [tmp_path / str(n) for n in TEN]
    for n, folder in enumerate(folders):
        folder.mkdir()
        for rows_of in brings:
            table, rows = rows_of(n)
            write(folder, table, *rows)
    copy = copy_database()

    for _ in range(rounds):
        copy.restore()
        answers = copy.run_each(
            *((run_together, run_command, "import_record", str(folder)) for folder in folders)
        )
        done = {str(n) for n in TEN if answers[n][0] == 0}
        found = copy.run(imported_rows)

        assert done
        assert [said for code, said in answers if code and not is_clear(said)] == []
        assert found["inconsistent"] == []
        assert found["imports"] == ["done"] * len(done)
        shared = [n for slug, n in found["reactions"] if slug.startswith("shared")]
        own = [(slug, n) for slug, n in found["reactions"] if slug.startswith("own")]
        assert len(shared) == (5 if new in brings else 0)
        assert len(own) == (3 * len(done) if new in brings else 0)
        assert {n for _, n in own} == (done if new in brings else set())
        assert {*shared} <= done
        assert len({*shared}) <= 1
        (actor,) = set(found["actors"])
        assert set(actor) <= done | {"Known"}


def is_clear(said):
    """Return whether a refusal is one sentence or two, without a trace of the code."""
    return said.startswith("CommandError: Nothing was imported. ") and "\n" not in said.strip()
