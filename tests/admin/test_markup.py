"""Markup typed into any text is text at the desk too: forms store it as files do, and show it."""

import csv
import io
import os

import pytest
from django.db import transaction
from django.urls import reverse

from meetings.editing.snapshots import snapshot
from meetings.models import Import
from meetings.tables.registry import ENTRY_TABLES, TABLES, VERSIONED_TABLES
from tests.importing.corpus.records import NEW
from tests.importing.helpers import import_file, write
from tests.markup import ATTACKS, FILLED_IN, PAIRS, PARTS, alive, patterns, write_record

from .helpers import address, errors, open_form, send
from .wizard import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
IS_WHOLE = bool(os.environ.get("SOAK"))
TABLE = pytest.mark.parametrize("table", VERSIONED_TABLES, ids=lambda table: table.name)


@pytest.fixture(scope="module", autouse=True)
def record(django_db_setup, django_db_blocker, tmp_path_factory):
    """The record with attacks in every text, brought in as files, for the whole module."""
    with django_db_blocker.unblock(), transaction.atomic():
        folder = tmp_path_factory.mktemp("record")
        assert import_file(write_record(folder)).problems == []
        yield
        transaction.set_rollback(True)


def entries(table):
    """Return rows of a table, another one of each: outside of the soak a single one."""
    rows = list(table.model.objects.order_by("slug"))
    first = VERSIONED_TABLES.index(table) % len(PAIRS)
    return rows if IS_WHOLE else rows[first : first + 1]


def is_harmless(answer):
    html = answer.content.decode()
    assert [*alive(html)] == []
    return FILLED_IN not in html


def typed(data, number):
    """Return a form's data with each attack of a row turned into one of the next row."""
    pairs = list(zip(PAIRS[number], PAIRS[(number + 1) % len(PAIRS)], strict=True))
    found = {}
    for name, value in data.items():
        if isinstance(value, str) and "url" not in name and not name.endswith("-was"):
            for old, new in pairs:
                value = value.replace(old, new)
        found[name] = value
    return found


@TABLE
def test_forms_store_what_is_typed_as_it_is_and_show_it_as_text(desk, table):
    for entry in entries(table):
        number = int(entry.slug[1:])
        data = typed(open_form(desk, entry), number) | {"change_note": "".join(PAIRS[number])}

        answer = send(desk, entry, data)

        assert answer.status_code == 302, errors(answer)
        entry.refresh_from_db()
        stored = repr(snapshot(entry))
        for attack in PAIRS[(number + 1) % len(PAIRS)]:
            assert repr(attack)[1:-1] in stored
        for name in ("change", "history", "delete"):
            assert is_harmless(desk.get(address(entry, name))), name
        compared = desk.post(address(entry, "restore"), {"number": "1"})
        assert is_harmless(desk.get(compared.url))


@pytest.mark.parametrize("act", ["publish", "withdraw"])
@pytest.mark.parametrize("table", ENTRY_TABLES, ids=lambda table: table.name)
def test_pages_of_acts_show_it_as_text(desk, table, act):
    for entry in entries(table):
        assert is_harmless(desk.get(address(entry, act)))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_lists_and_exports_show_it_as_text(desk, table):
    name = f"admin:meetings_{table.model._meta.model_name}"

    listed = desk.get(reverse(f"{name}_changelist"), {"q": "alert(1)"})
    exported = desk.get(reverse(f"{name}_export"))

    assert is_harmless(listed)
    rows = csv.reader(io.StringIO(exported.getvalue().decode("utf-8-sig"), newline=""))
    assert not [cell for cells in rows for cell in cells if cell[:1] in set("=+-@\t\r")]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_columns_of_some_form_take_no_attack(desk, table, tmp_path):
    """Each is refused with its place, and the page that says so shows it as text."""
    plain = NEW.get(table.name, {}) | {n: v.format(0) for n, v in PARTS[table.name].items()}
    rows, columns = [], patterns(table)
    for number, column in enumerate(columns * (len(ATTACKS) if IS_WHOLE else 2)):
        rows.append(plain | {column: ATTACKS[(7 * number) % len(ATTACKS)]})
    path = write(tmp_path, table.name, *rows)

    walk = Walk(desk, path)

    refused = {(p.line, p.column) for p in import_file(path).problems}
    assert {(n + 2, columns[n % len(columns)]) for n in range(len(rows))} <= refused
    assert all(is_harmless(answer) for answer in walk.answers if answer.status_code == 200)


def test_names_of_files_columns_and_tables_are_shown_as_text(desk, tmp_path):
    for number, pair in enumerate(PAIRS[:: 1 if IS_WHOLE else 3]):
        name = "".join(pair).replace("/", " ")
        path = write(tmp_path, "places", {"slug": f"x{number}", name: name}, name=f"{name}.csv")

        walk = Walk(desk, path)

        assert all(is_harmless(answer) for answer in walk.answers if answer.status_code == 200)
    assert is_harmless(desk.get(reverse("admin:meetings_import_changelist")))
    assert Import.objects.exists()
