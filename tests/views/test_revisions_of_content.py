"""Each revision of the whole content shows what the entry was that day, with what it cites."""

import re

import lxml.html
import pytest

from meetings.editing.public_revisions import public_history
from meetings.editing.revisions import record_loaded
from meetings.models import Actor, Place, Source
from meetings.tables.registry import ENTRY_TABLES, TABLES_BY_NAME
from meetings.text import markdown
from meetings.text.rendering import plain_text
from tests.content import record  # noqa: F401 (loads the content for this module)
from tests.reading import response_text

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

LATER = "Renamed afterwards"
few_or_all = pytest.mark.parametrize(
    "most", [6, pytest.param(None, marks=pytest.mark.soak)], ids=["some", "all"]
)
# Shown as other words, as a link, or not at all.
NOT_IN_WORDS = {"slug", "status", "publish_at", "sources", "language", "order", "basis"}


def words(text):
    return set(re.findall(r"[^\W\d_]{4,}", text.casefold()))


def own_words(state):
    """Return the words of a snapshot that a page shows: of its texts, and of lines of text."""
    found = set()
    for name, rows in state.items():
        table = TABLES_BY_NAME[name]
        prose = set(table.prose_columns)
        for row in rows:
            for column, cell in row.items():
                field = table.field(column)
                is_line = not field.is_relation and not field.choices
                if column in prose:
                    found |= words(plain_text(cell))
                elif is_line and column not in NOT_IN_WORDS | {"quotation_language", "country"}:
                    found |= words(cell) if not re.fullmatch(r"[\d-]*|[A-Z]{2}", cell) else set()
    return found


def cited_in(state):
    """Return the slugs of the sources that the texts of a snapshot cite."""
    return {
        slug
        for name, rows in state.items()
        for column in TABLES_BY_NAME[name].prose_columns
        for row in rows
        for slug in markdown.cited_slugs(row[column])
    }


def rename_all():
    """Give every person, place and source another name, each with a revision."""
    Source.objects.update(title=LATER, publisher=LATER)
    Actor.objects.update(name=LATER)
    Place.objects.update(city=LATER, venue=LATER)
    record_loaded()


@few_or_all
def test_revision_shows_its_own_cells_parts_and_sources_as_they_stood(client, most):
    titles = dict(Source.objects.values_list("slug", "title"))
    names = dict(Actor.objects.values_list("slug", "name"))
    rename_all()
    seen = 0

    for table in ENTRY_TABLES:
        rows = [row for row in table.model.objects.published() if row.get_absolute_url() != "/"]
        for row in rows[:: -(-len(rows) // most) if most else 1]:
            (revision,) = public_history(row)
            state = revision.row.snapshot
            html = response_text(client.get(revision.address))
            page = words(" ".join(lxml.html.fromstring(html).itertext()))
            people = {part["actor"] for part in state.get("participations", ())}
            expected = own_words(state)
            for slug in cited_in(state):
                expected |= words(titles[slug])
            for slug in people:
                expected |= words(names[slug])
            assert expected - page == set(), revision.address
            assert LATER not in html, revision.address
            seen += len(expected)

    assert seen > 1000
