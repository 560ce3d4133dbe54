"""Whatever a visitor sends, the answer is a clear page: never an error of the server."""

import string
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from . import factories as make
from .addresses import LISTS

# The sizes of the data page are kept; no address is asked for twice.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_are_kept")]

LONG = "x" * 100_000
CLEAR = {200, 301, 302, 400, 404, 410}
MARKUP = "<script>alert(1)</script>\"'"
TABLES = (
    "/",
    "/issues/by-meeting/",
    "/places/",
    "/themes/",
    "/timeline/",
    "/data/",
    "/data/codebook/",
)
DETAILS = (
    "/meetings/known/",
    "/issues/known/",
    "/reactions/known/",
    "/themes/known/",
    "/known/",
    "/milestones/known/",
    "/people/known/",
    "/places/known/",
    "/sources/known/",
)
PATHS = (*(f"/{name}/" for name in LISTS), *TABLES, *DETAILS)
DATA = (
    *(f"/{name}.{ending}" for name in LISTS for ending in ("json", "csv")),
    "/issues/by-meeting.csv",
    "/issues/by-meeting.json",
    "/timeline.json",
    "/timeline/contacts.svg",
    "/reactions/stance.svg",
    "/reactions/stance.csv",
    "/places.csv",
    "/meetings/known.json",
    "/known.json",
    "/meetings.atom",
    "/reactions.atom",
    "/data.json",
    "/data/codebook.json",
    "/data/meetings.json",
    "/data/redirects.csv",
)
OTHERS = (
    *DATA,
    "/meetings/known/cite.bib",
    "/sitemap.xml",
    "/sitemap-meetings.xml",
    "/robots.txt",
    "/healthz",
    "/nowhere/",
)
NAMES = (
    "page",
    "sort",
    "order",
    "from",
    "to",
    "q",
    "event_status",
    "format",
    "issue",
    "country",
    "year",
    "meeting",
    "capacity",
    "affiliation",
    "stance",
    "kind",
    "language",
    "ownership",
    "uses",
    "notes",
    "planned",
    "reactions",
    "meetings",
    "sources",
    "p",
)
# Percent-encoded, as they come over the wire.
VALUES = {
    "zero": "0",
    "negative": "-1",
    "words": "abc%",
    "enormous": "99999999999999999999",
    "digits": "9" * 5000,
    "exponent": "1e9",
    "foreign digits": quote("٣"),
    "nothing": "",
    "NUL": "%00",
    "NUL inside": "kn%00own",
    "not UTF-8": "%ff%fe",
    "surrogate": "%ED%A0%80",
    "non-character": quote("\uffff"),
    "emoji": quote("🤝🏽"),
    "markup": quote(MARKUP),
    "SQL": quote("' OR 1=1; DROP TABLE meetings_meeting; --"),
    "pattern": quote("%_\\[(*"),
    "template": quote("{{ 7|add:7 }}{% debug %}"),
    "line ends": "a%0d%0ab",
    "long": LONG,
    "year nought": "0000",
    "last year": "9999",
}


@pytest.fixture(scope="module", autouse=True)
def known(django_db_setup, django_db_blocker):
    """Make one public row of each kind, for the whole module."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_known()
        yield
        transaction.set_rollback(True)


def make_known():
    source = make.make_source(slug="known")
    place, actor = make.make_place(slug="known"), make.make_actor(slug="known")
    meeting = make.make_meeting(slug="known", place=place, sources=[source])
    issue = make.make_issue(slug="known")
    make.make_participation(meeting=meeting, actor=actor)
    make.make_discussion(meeting=meeting, issue=issue)
    make.make_reaction(slug="known", meeting=meeting, issues=[issue], actors=[actor])
    make.make_theme(slug="known")
    make.make_milestone(slug="known")
    make.make_page(slug="known")


@pytest.fixture
def client():
    """A visitor whose server errors come back as answers."""
    return Client(raise_request_exception=False)


def get(client, path, query="", **headers):
    return client.get(path, QUERY_STRING=query, **headers)


def is_clear(answer):
    """Return whether an answer is a page that says what is the matter, or leads to one."""
    if answer.status_code in {301, 302}:
        return True
    assert answer.getvalue() or answer.status_code != 200
    return answer.status_code in CLEAR and (
        not answer["Content-Type"].startswith("text/html") or b"<h1>" in answer.content
    )


def paired(paths, kinds):
    """Yield each address with some values and each value with some addresses; all in the soak."""
    for row, path in enumerate(paths):
        for column, kind in enumerate(kinds):
            is_whole = (row + column) % 5 != 0
            yield pytest.param(path, kind, marks=[pytest.mark.soak] if is_whole else [])


@pytest.mark.parametrize(("path", "kind"), [*paired([*PATHS, *OTHERS], VALUES)])
def test_odd_values_get_a_clear_page(client, path, kind):
    query = "&".join(f"{name}={VALUES[kind]}" for name in (*NAMES, *NAMES))

    assert is_clear(get(client, path, query))


@pytest.mark.parametrize(
    "kind",
    [
        "enormous",
        "NUL inside",
        *(pytest.param(kind, marks=pytest.mark.soak) for kind in ("surrogate", "non-character")),
    ],
)
@pytest.mark.parametrize("path", [*PATHS, *DATA])
def test_odd_values_of_one_parameter_get_a_clear_page(client, path, kind):
    """A value that empties a list hides what the others would do."""
    names = NAMES if path not in DETAILS else NAMES[-7:]

    answers = {name: get(client, path, f"{name}={VALUES[kind]}") for name in names}

    assert [name for name, answer in answers.items() if not is_clear(answer)] == []


# Names are refused before a database is asked.
@pytest.mark.one_database
@pytest.mark.parametrize("path", [*PATHS, *OTHERS])
def test_odd_names_get_a_clear_page(client, path):
    queries = {
        *(f"{value}=1&{value}" for value in VALUES.values()),
        "&" * 1500,
        "=&=&==",
        ";;a=1;b=2",
        "&".join(f"n{number}=1" for number in range(2000)),
        "&".join(f"year={number:04}" for number in range(900)),
        "&".join(f"issue=known-{number}" for number in range(900)),
    }

    assert [query[:40] for query in queries if not is_clear(get(client, path, query))] == []


@pytest.mark.parametrize(
    "kind", ["NUL", "markup", "long", "not UTF-8", "emoji", "surrogate", "SQL"]
)
@pytest.mark.parametrize(
    "prefix", ["/", "/meetings/", "/issues/", "/people/", "/sitemap-", "/meetings/known/"]
)
def test_odd_addresses_are_not_found(client, prefix, kind):
    # The test client decodes a path as a server does, and as a server leaves broken UTF-8 be.
    answers = [client.get(f"{prefix}{VALUES[kind]}{end}") for end in ("", "/", ".xml")]

    assert {answer.status_code for answer in answers} <= {301, 400, 404}
    assert all(is_clear(answer) for answer in answers)


@pytest.mark.parametrize("path", [path for path in DETAILS if path != "/known/"])
def test_unknown_slugs_are_not_found(client, path):
    slugs = ("unknown", "KNOWN", "known_", "_", "-", "--", "0", "known-", "k" * 101, "k" * 5000)

    answers = [client.get(path.replace("known", slug)) for slug in slugs]

    assert {answer.status_code for answer in answers} == {404}
    assert all("There is no page at this address" in a.content.decode() for a in answers)


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_HOST": "evil.example"},
        {"HTTP_HOST": "a b\x00"},
        {"HTTP_HOST": ""},
        {"HTTP_HOST": LONG},
        {"HTTP_ACCEPT": "\xff\xfe;q=x"},
        {"HTTP_ACCEPT": LONG},
        {"HTTP_ACCEPT_LANGUAGE": "xx-" + LONG},
        {"HTTP_COOKIE": "sessionid=\x00; csrftoken=<; =;"},
        {"HTTP_COOKIE": "sessionid=" + LONG},
        {"HTTP_IF_MODIFIED_SINCE": "yesterday"},
        {"HTTP_X_FORWARDED_PROTO": "gopher"},
        {"HTTP_RANGE": "bytes=9-1"},
        {"CONTENT_TYPE": "\x00", "CONTENT_LENGTH": "-1"},
    ],
    ids=lambda headers: " ".join(headers),
)
@pytest.mark.parametrize("path", ["/", "/meetings/", "/meetings/known/", "/nowhere/"])
def test_odd_headers_get_a_clear_page(client, path, headers):
    assert is_clear(get(client, path, **headers))


characters = st.characters(codec="utf-8") | st.sampled_from(string.punctuation + "\x00\ufffe")
values = st.text(characters, max_size=20) | st.sampled_from(
    ["known", "2018", "held", "critical", "US", "-date", "title", "true", "1", "2"]
)
queries = st.lists(st.tuples(st.sampled_from(NAMES) | values, values), max_size=6)


@settings(
    max_examples=150,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(path=st.sampled_from(PATHS + DATA), pairs=queries, tail=st.binary(max_size=8))
def test_any_query_gets_a_clear_page(client, path, pairs, tail):
    query = urlencode(pairs) + "&" + quote(tail)

    assert is_clear(get(client, path, query))
