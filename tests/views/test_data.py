"""The pages as data: the same rows as the page counts, cell by cell the same as the record's."""

import csv
import gzip
import io
import json
from datetime import datetime
from itertools import combinations
from urllib.parse import urlencode

import html5lib
import pytest
from django.conf import settings

from meetings.models import Issue, Meeting, Revision
from meetings.tables.csv import FORMULA_SIGNS, escape_formula
from meetings.tables.registry import ADDED_COLUMNS, TABLES_BY_MODEL, TABLES_BY_NAME
from meetings.tables.resources import RESOURCES, row_cells
from meetings.views.accounts import LINE_COLUMNS
from tests.addresses import LISTS, details, few_of_each_kind, few_or_all, variants
from tests.content import record as record

pytestmark = pytest.mark.django_db

# The lists whose files are of a table's columns.
OF_TABLES = {name: view for name, view in LISTS.items() if name != "accounts"}


def read_csv(client, address):
    answer = client.get(address)
    text = answer.getvalue().decode("utf-8-sig")
    assert answer.status_code == 200, text
    assert answer["Content-Type"].startswith("text/csv; charset=utf-8")
    return text, list(csv.reader(io.StringIO(text, newline="")))


def read_json(client, address):
    answer = client.get(address)
    assert answer["Content-Type"].startswith("application/json")
    return json.loads(answer.getvalue())


def unescape_formula(cell):
    """Return a cell as a file is read back: one apostrophe before a sign is taken off."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULA_SIGNS) else cell


def last_change(entry):
    """Return when an entry was last revised, or a reference first shown after that."""
    revised = Revision.objects.of(entry).first().made_at
    return max(revised, getattr(entry, "first_public_at", revised))


def pairs(view):
    """Return queries of two filters each, besides the list's own variants."""
    groups = view.filterset_class(queryset=view().get_queryset()).groups
    firsts = [(group["name"], group["options"][0].value) for group in groups if group["options"]]
    return [urlencode(pair) for pair in combinations(firsts, 2)]


@pytest.mark.parametrize(("name", "view"), LISTS.items(), ids=LISTS)
def test_page_and_downloads_hold_the_same_rows(client, name, view):
    """Of the accounts compared, a row of the file is one of the accounts that the page counts."""
    columns = LINE_COLUMNS
    if name != "accounts":
        columns = (*TABLES_BY_MODEL[view.model].columns, *ADDED_COLUMNS)
    asked = [q for q in (*variants(view), *pairs(view)) if not q.startswith("page=")]

    for query in asked:
        context = client.get(f"/{name}/?{query}").context
        header, *rows = read_csv(client, f"/{name}.csv?{query}")[1]
        data = read_json(client, f"/{name}.json?{query}")
        slugs = [row[0] for row in rows]
        assert header == list(columns)
        total = context["total"] if name != "accounts" else context["accounts"]
        assert total == len(rows) == data["count"] == len(data["results"]), query
        assert slugs == [entry[header[0]] for entry in data["results"]]
        assert slugs == sorted(slugs) or "sort=" in query


def test_rows_come_in_the_order_asked_for(client):
    page = client.get("/reactions/?sort=-date&stance=critical").context["page_obj"]
    rows = read_csv(client, "/reactions.csv?sort=-date&stance=critical")[1]

    assert [row[0] for row in rows[1:26]] == [reaction.slug for reaction in page.object_list]


@pytest.mark.parametrize(("name", "view"), OF_TABLES.items(), ids=OF_TABLES)
def test_cells_are_those_of_the_record(client, name, view):
    """The widgets that read a file read the same values back."""
    table = TABLES_BY_MODEL[view.model]
    query = "?kind=in_person&kind=call" if name == "meetings" else ""
    text, (header, *rows) = read_csv(client, f"/{name}.csv{query}")
    found = {row.slug: row for row in view.model.objects.published()}

    assert len(rows) == len(found) > 0
    assert text.count("\r\n") >= len(found) + 1
    for row in rows:
        cells = dict(zip(header, map(unescape_formula, row), strict=True))
        entry = found[cells["slug"]]
        assert cells.pop("address") == settings.SITE_URL + entry.get_absolute_url()
        assert cells.pop("revision") == str(entry.revision)
        assert datetime.fromisoformat(cells.pop("changed")) == last_change(entry)
        assert cells == row_cells(table, found[cells["slug"]])
        for column, field in RESOURCES[table.name].fields.items():
            if column not in table.foreign_keys and column not in table.many_to_many:
                assert field.clean(cells) == getattr(found[cells["slug"]], column)


def test_list_and_entry_are_the_same_data(client):
    entries = read_json(client, "/meetings.json")["results"]

    assert len(entries) > 5
    for entry in entries:
        own = read_json(client, f"/meetings/{entry['slug']}.json")
        assert entry == {name: value for name, value in own.items() if name != "names"}


def test_entry_names_all_that_it_refers_to(client):
    entry = read_json(client, "/meetings/helsinki-2018.json")

    names = entry["names"]
    assert names["sources"].keys() >= {*entry["sources"]}
    assert names["actors"].keys() == {part["actor"] for part in entry["participations"]}
    assert names["issues"].keys() == {part["issue"] for part in entry["discussions"]}
    assert [*names["places"]] == [entry["place"]]
    for table, named in names.items():
        model = TABLES_BY_NAME[table].model
        for slug, name in named.items():
            row = model.objects.get(slug=slug)
            address = settings.SITE_URL + row.get_absolute_url()
            assert name == {"title": row.page_title, "address": address}


# How a row is written as data is asked of each database above, and what it asks for by queries.
@pytest.mark.one_database
@few_or_all
def test_every_page_of_a_row_has_its_data(client, most):
    for address in few_of_each_kind(details(), most):
        if address != "/":
            assert read_json(client, f"{address[:-1]}.json")["slug"] == address.split("/")[-2]


def test_pages_name_their_data(client):
    one_of_each = {address.split("/")[1]: address for address in details()}
    lists = [f"/{name}/" for name in LISTS]
    for address in [*one_of_each.values(), *lists, "/timeline/", "/places/", "/themes/"]:
        if address != "/":
            link = f'<link rel="alternate" type="application/json" href="{address[:-1]}.json">'
            assert link in client.get(address).content.decode(), address


def test_download_keeps_the_filters_and_says_how_many(client):
    page = client.get("/reactions/?stance=critical&stance=mixed&country=US&sort=-date&foo=1")

    query = "country=US&amp;stance=critical&amp;stance=mixed&amp;sort=-date"
    total = page.context["total"]
    text = page.content.decode()
    assert f'<a href="/reactions.csv?{query}">Download {total} (CSV)</a>' in text
    assert f'<a href="/reactions.json?{query}">JSON</a>' in text


def test_values_have_types(client):
    located = Meeting.objects.published().filter(place__latitude__isnull=False)
    slug = located.filter(accounts__isnull=False).first().slug
    meeting = read_json(client, f"/meetings/{slug}.json")
    place = read_json(client, f"/places/{meeting['place']}.json")

    assert type(meeting["duration_minutes"]) in {int, type(None)}
    assert meeting["publish_at"] is None
    assert meeting["sources"] == sorted(meeting["sources"]) != []
    assert {type(place["latitude"]), type(place["longitude"])} == {float}
    assert read_json(client, f"/sources/{meeting['sources'][0]}.json")["read"] in {
        "excerpt",
        "part",
        "whole",
        "not_opened",
    }
    assert {part["meeting"] for part in meeting["accounts"]} == {slug}


def words_of_cell(cell):
    """Return what a cell says of the accounts, without the issue, the meeting and the evidence."""
    words = "".join(cell.itertext()).partition(", evidence")[0]
    return words.split(": ")[-1].strip().removeprefix("–").strip()


def numbers_of_totals(cell):
    """Return the totals of an issue as the file has them: held, called off, planned."""
    said = dict(reversed("".join(line.itertext()).split(" ", 1)) for line in cell.iter("span"))
    return [said.get(words, "0") for words in ("held", "called off", "planned")]


def table_of(html):
    """Return the rows of the table of issues by meeting as a reader sees them, and its heads."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    table = next(e for e in tree.iter("table") if "matrix" in e.get("class", "").split())
    rows = [
        [words_of_cell(cell) for cell in row[:-1]] + [numbers_of_totals(row[-1])]
        for row in table.iterfind("tbody/tr")
    ]
    heads = [
        "".join(e.find("a").itertext()).split(": ")[-1] for e in table.findall("thead/tr[2]/th")
    ]
    return rows, heads


@pytest.mark.parametrize("query", ["", "sort=total", "from=2018", "from=2017&to=2018&sort=total"])
def test_table_is_the_same_on_the_page_and_in_the_file(client, query):
    """The page shows the first meetings, and the issues that are on record at one of them."""
    rows, heads = table_of(client.get(f"/issues/by-meeting/?{query}").content.decode())

    header, *cells = read_csv(client, f"/issues/by-meeting.csv?{query}")[1]
    data = read_json(client, f"/issues/by-meeting.json?{query}")["results"]

    columns = len(heads) + 1
    titles = [row[0] for row in rows]
    shown = [
        [unescape_formula(cell) for cell in row]
        for row in cells
        if unescape_formula(row[0]) in titles
    ]
    named = dict(Issue.objects.values_list("slug", "title"))
    values = [
        [named[row["issue"]], *(v or "None" for v in row["meetings"].values())] for row in data
    ]
    assert rows
    assert len({*header}) == len(header)
    for head, title in zip(header[1:columns], heads, strict=True):
        assert head.startswith(f"{title}, ")
    assert [row[:-3] for row in shown] == [row for row in values if row[0] in titles]
    # A table of several pages is sorted by what each page shows.
    is_whole = len(header) == columns + 3
    if is_whole:
        assert shown == [[*row[:-1], *row[-1]] for row in rows]
    else:
        assert sorted(row[:columns] for row in shown) == sorted(row[:columns] for row in rows)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "'"])
def test_formulas_are_made_harmless(sign):
    assert escape_formula(f"{sign}A1") == f"'{sign}A1"
    assert unescape_formula(escape_formula(f"{sign}1")) == f"{sign}1"
    assert escape_formula(f"1{sign}") == f"1{sign}"


def test_answers_are_compressed_where_asked(client):
    for address in ("/", "/reactions.csv", "/reactions.json", "/meetings.atom"):
        plain = client.get(address).getvalue()
        answer = client.get(address, headers={"accept-encoding": "gzip"})
        packed = answer.getvalue()
        assert answer["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in answer["Vary"]
        assert gzip.decompress(packed) == plain
        assert len(packed) < len(plain) / 2
