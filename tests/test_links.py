"""A walk from the front page over every internal link: all answer, all is reached."""

import os
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest

from .addresses import LISTS, details, references
from .content import record as record
from .walk import visit

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

HOST = "http://testserver"
NOT_ASKED = 0
# A text may link to where an entry was before it was renamed.
MOVED = 301
# Of files and of pages with one template so many are asked for; in ``make soak`` every page.
FEW_FILES, FEW_CHOICES, FEW_PAST = 10, 15, 4
FEW_ROWS = {"sources": 60, "reactions": 30, "people": 30}

# Files as they lie, and the form that sets the theme and leads back to its page.
LEADING_BACK = ("/static/", "/appearance/")


@dataclass
class Stop(HTMLParser):
    """One page of the walk: its answer, its title, where its links lead and where they may end."""

    address: str
    status: int = NOT_ASKED
    is_html: bool = False
    title: str = ""
    is_page: bool = False
    links: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)

    def __post_init__(self):
        super().__init__()
        self.is_in_title = False

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        # A drawing has a title of its own; the page's is the first.
        self.is_in_title = tag == "title" and not self.title
        self.ids.add(values.get("id"))
        if tag == "form":
            assert values.get("method", "get") == "get"
            self.links.append(values.get("action") or self.address)
        elif tag in {"a", "link"} and values.get("rel") != "canonical":
            self.links.append(values["href"])

    def handle_data(self, data):
        if self.is_in_title:
            self.title += data
            self.is_in_title = False

    @property
    def kind(self):
        """The kind of file or page of which a few are asked for, and how many; None of the others.

        Each row has its files, which other tests read. Most pages are of sources, reactions and
        people, or of lists with filters.
        """
        path, _, query = self.address.partition("?")
        _, *folder, name = path.split("/")
        section = folder[0] if folder else ""
        if name:
            return (section, name if folder[1:] else name.partition(".")[2]), FEW_FILES
        if os.environ.get("SOAK"):
            return None
        if past := re.search(r"/(history|timemap|changes|r)\d*/$", path):
            return (section, past[1]), FEW_PAST
        if query:
            return (section, "choices", "&" in query), FEW_CHOICES
        return ((section, "row"), FEW_ROWS[section]) if section in FEW_ROWS and folder[1:] else None

    @property
    def internal(self):
        """The links that stay on the site, each as its address and its fragment."""
        for link in self.links:
            parts = urlsplit(urljoin(HOST + self.address, link))
            if f"{parts.scheme}://{parts.netloc}" == HOST:
                yield parts.path + (f"?{parts.query}" if parts.query else ""), parts.fragment


@pytest.fixture(scope="module")
def walk(record):
    """Return every page that links lead to from the front page, by address."""
    stops, ahead, tried = {}, ["/"], Counter()
    while ahead:
        stop = Stop(ahead.pop())
        if stop.address in stops or stop.address.startswith(LEADING_BACK):
            continue
        if stop.kind:
            kind, few = stop.kind
            tried[kind] += 1
            if tried[kind] > few:
                stops[stop.address] = stop
                continue
        answer = visit(stop.address)
        stop.status = answer.status_code
        if answer["Content-Type"].startswith("text/html"):
            stop.is_page = True
            stop.feed(answer.content.decode())
        if "&" in stop.address:
            # What filters, orders and pages of a list combine to lead where the list itself leads.
            stop.links.clear()
        stops[stop.address] = stop
        ahead += [address for address, _ in stop.internal]
    return stops


@pytest.mark.parametrize(
    "is_whole", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["some", "all"]
)
def test_every_link_answers(walk, is_whole):
    answering = {200, MOVED, NOT_ASKED}

    assert len(walk) > 500
    assert {a: s.status for a, s in walk.items() if s.status not in answering} == {}


def test_every_public_row_is_reached(walk):
    assert [address for address in details() if address not in walk] == []


def test_every_file_of_a_reference_is_reached(walk):
    """From its page, where that was asked for."""
    pages = {address for address, stop in walk.items() if stop.is_page}
    files = [address for address in references() if address.rpartition("/")[0] + "/" in pages]

    assert len(files) > 500
    # No link leads to a bibliography without a source.
    assert [each for each in files if each not in walk and visit(each).content.strip()] == []


def test_every_list_is_reached_in_every_order(walk):
    for name, view in LISTS.items():
        path = f"/{name}/"
        orders = [path, *(f"{path}?sort={value}" for value in list(view.sorts)[1:])]
        assert [address for address in orders if address not in walk] == []


def test_no_two_pages_have_the_same_title(walk):
    titles = defaultdict(list)
    for stop in (stop for stop in walk.values() if stop.is_page and stop.status == 200):
        titles[stop.title].append(stop.address)

    assert "" not in titles
    assert {title: found for title, found in titles.items() if len(found) > 1} == {}


def test_links_write_their_parameters_in_one_order(walk):
    """Otherwise one page would have two addresses."""
    sets = defaultdict(list)
    for address in walk:
        path, _, query = address.partition("?")
        sets[path, frozenset(query.split("&"))].append(address)

    assert [found for found in sets.values() if len(found) > 1] == []


def test_every_fragment_has_its_target(walk):
    lost = [
        (stop.address, address, fragment)
        for stop in walk.values()
        for address, fragment in stop.internal
        if fragment and walk[address].status != NOT_ASKED and fragment not in walk[address].ids
    ]

    assert lost == []


def test_static_files_answer(walk, client):
    files = {a for stop in walk.values() for a, _ in stop.internal if a.startswith("/static/")}

    for address in files:
        answer = client.get(address)
        assert answer.status_code == 200
        answer.close()
