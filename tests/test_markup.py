"""Markup typed into any text of the record is text on every page, and in every feed and file."""

import csv
import io
import json
import os
import re
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client
from lxml import etree
from PIL import Image
from pybtex.database import parse_string

from meetings.tables.registry import TABLES
from tests.importing.helpers import import_file

from . import addresses
from .markup import (
    ATTACKS,
    EVIL,
    FILLED_IN,
    NUMBERS,
    PAIRS,
    alive,
    code,
    found_alive,
    parse,
    row,
    write_record,
)
from .reading import response_text

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
XHTML = "{http://www.w3.org/1999/xhtml}"
FORMULA = tuple("=+-@\t\r")
# Columns that no page shows: by them names are sorted.
UNSHOWN = {("actors", "sort_name")}


@pytest.fixture(scope="module", autouse=True)
def record(django_db_setup, django_db_blocker, tmp_path_factory):
    """The record with attacks in every text, brought in as files, for the whole module."""
    with django_db_blocker.unblock(), transaction.atomic():
        folder = tmp_path_factory.mktemp("record")
        assert import_file(write_record(folder)).problems == []
        yield
        transaction.set_rollback(True)


IS_WHOLE = bool(os.environ.get("SOAK"))
# Of the ten rows of a kind, those whose own pages and files are looked at outside of the soak.
FEW = 2


def chosen(found):
    """Return addresses: of lists those as they stand, of rows a few of each kind; in the soak all.

    Meetings all: their pages show most columns.
    """
    own = [re.match(r"/([a-z]+/)?[a-z](\d)[/.]", path) for path in found]
    kinds = sorted({match[1] or "" for match in own if match})
    for path, match in zip(found, own, strict=True):
        if match is None:
            is_taken = "?" not in path or path.count("&") > 2
        else:
            kind = match[1] or ""
            is_taken = (int(match[2]) + kinds.index(kind)) % len(PAIRS) < FEW
            is_taken |= kind == "meetings/" and path.endswith("/")
        if is_taken or IS_WHOLE:
            yield path


def answers(found):
    client = Client()
    for path in chosen(found):
        answer = client.get(path)
        assert answer.status_code == 200, path
        yield path, answer


@pytest.fixture(scope="module")
def pages(record, django_db_blocker):
    """The HTML of pages, by address."""
    with django_db_blocker.unblock():
        return {path: answer.content.decode() for path, answer in answers(addresses.pages())}


@pytest.fixture(scope="module")
def parsed(pages):
    return {path: parse(html) for path, html in pages.items()}


@pytest.fixture(scope="module")
def files(record, django_db_blocker):
    """The text of everything else by address, and its type."""
    found = [*addresses.references(), *addresses.texts()]
    with django_db_blocker.unblock():
        return {
            path: (answer["Content-Type"].partition(";")[0], response_text(answer))
            for path, answer in answers(found)
        }


def of_type(files, *types):
    found = {path: text for path, (kind, text) in files.items() if kind in types}
    assert found
    return found


def test_nothing_is_alive_on_any_page(pages, parsed):
    found = {path: faults for path in pages if (faults := [*found_alive(parsed[path])])}

    assert len(pages) > 40
    assert found == {}
    assert not [path for path, html in pages.items() if FILLED_IN in html]


def test_linked_data_of_every_page_is_what_it_says(parsed):
    number = 0
    for path, elements in parsed.items():
        for element in elements:
            if element.get("type") == "application/ld+json":
                described = json.loads(element.text)
                assert described["@context"] == "https://schema.org", path
                number += 1

    assert number > 20


def test_every_attack_in_every_column_is_shown_as_it_was_typed(pages):
    everything = "\n".join(pages.values())
    shown = {(*c, a) for c in NUMBERS for a in ATTACKS if code(*c, a) in everything}

    wanted = {(*c, a) for c in NUMBERS for a in ATTACKS if c not in UNSHOWN}

    assert len(ATTACKS) >= 18
    assert {(table, column) for table, column, _ in wanted - shown} <= UNSHOWN or not IS_WHOLE
    assert {one[:2] for one in wanted} == {one[:2] for one in shown} - UNSHOWN
    assert {one[2] for one in shown} == {*ATTACKS}


def test_every_attack_in_every_column_is_in_the_data_as_it_was_typed(files):
    tables = json.loads(files["/data/meetings.json"][1])
    for table in TABLES:
        stored = json.loads(files[f"/data/{table.name}.json"][1])["results"]
        for number in range(len(PAIRS)):
            sent = row(table, number)
            named = {name: sent[name] for name in table.columns if (table.name, name) in NUMBERS}
            assert any(named.items() <= found.items() for found in stored), (table.name, number)

    assert tables["count"] == len(PAIRS)


def test_data_is_json_of_which_no_part_is_a_page(files):
    for path, text in of_type(files, "application/json").items():
        json.loads(text)
        assert FILLED_IN not in text, path


def test_no_cell_of_a_table_is_a_formula(files):
    for path, text in of_type(files, "text/csv").items():
        rows = [*csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))]
        assert {len(cells) for cells in rows} == {len(rows[0])}, path
        assert not [c for cells in rows for c in cells if c.startswith(FORMULA)], path


def test_feeds_maps_and_pictures_are_xml_with_nothing_alive(files):
    found = of_type(files, "application/atom+xml", "application/xml", "image/svg+xml")
    for path, text in found.items():
        for element in etree.fromstring(text.encode()).iter(etree.Element):
            assert not element.tag.startswith(XHTML), path
            assert not element.tag.endswith(("}script", "}foreignObject")), path
            assert not [name for name in element.attrib if name.startswith("on")], path
            # A category's term is a word of the record; other attributes are not.
            others = [value for name, value in element.attrib.items() if name != "term"]
            assert EVIL not in "".join(others), path
            if element.get("type") == "html":
                assert [*alive(element.text or "")] == [], path


def test_references_are_one_work_each(files):
    found = {path: text for path, (_, text) in files.items() if "/cite." in path}
    assert len(found) > 50
    for path, text in found.items():
        if path.endswith(".bib"):
            (entry,) = parse_string(text, "bibtex").entries.values()
            assert "\\input" not in "".join(entry.fields.values()), path
        elif path.endswith(".ris"):
            tags = [line[:2] for line in text.splitlines() if line[2:6] == "  - "]
            assert (tags.count("TY"), tags.count("ER"), tags.count("UR")) == (1, 1, 1), path
            assert len(tags) == len([line for line in text.splitlines() if line]), path


def test_nothing_is_typed_as_what_it_is_not(client, pages, files):
    for path in [*files, *pages][::10]:
        assert client.get(path)["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/", "/meetings/m{}/", "/people/a{}/", "/sources/s{}/", "/g{}/"])
def test_cards_are_drawn(client, path):
    for number in range(0, len(PAIRS), 3):
        card = client.get(f"{path.format(number)}card.png")
        with Image.open(io.BytesIO(card.content)) as image:
            assert image.format == "PNG"


@pytest.mark.parametrize(
    "address", ["/search/?q={}", "/meetings/?year={}", "/reactions/?sort={}", "/nowhere/?{}"]
)
def test_what_a_reader_types_is_text(client, address):
    path, _, query = address.partition("?")
    for first in range(3):
        text = "".join("".join(pair) for pair in PAIRS[first::3])
        answer = client.get(path, QUERY_STRING=query.format(quote(text)))
        assert [*alive(answer.content.decode())] == [], text
