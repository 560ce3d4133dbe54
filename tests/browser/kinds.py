"""One address of every kind of page, of the content, and of every way in which a page can fail.

Of the content's own entries the fullest are looked at, whichever those are today.
"""

import json
from collections import Counter
from pathlib import Path
from urllib.parse import quote_plus

import pytest

from tests.content import WITHDRAWN
from tests.urls import STATUSES

FIXTURE = Path(__file__).parents[2] / "fixtures" / "record.json"
CONTENT = json.loads(FIXTURE.read_text(encoding="utf-8"))


def rows(model):
    """Return the rows of a model that are public by their own status and time."""
    found = [row["fields"] for row in CONTENT if row["model"] == f"meetings.{model}"]
    public = ("published", None)
    return [
        row for row in found if (row.get("status", "published"), row.get("publish_at")) == public
    ]


def named(model, column):
    """Return how often the rows of a model name each slug in a column."""
    keys = [key for row in rows(model) for key in row[column] or ()]
    return Counter(key[0] if isinstance(key, list) else key for key in keys)


def fullest(model, size, among=None):
    """Return the row of which something is largest; of equals the first."""
    return max((row for row in rows(model) if among is None or row["slug"] in among), key=size)


AT_MEETINGS = named("discussion", "meeting") + named("reaction", "meeting")
MEETING = fullest("meeting", lambda row: AT_MEETINGS[row["slug"]])["slug"]
AT_TABLE = named("participation", "meeting")
MOST_PEOPLE = fullest("meeting", lambda row: AT_TABLE[row["slug"]])["slug"]
CANCELLED = fullest("meeting", lambda row: row["event_status"] == "cancelled")["slug"]
OF_ISSUES = named("discussion", "issue")
ISSUE = fullest("issue", lambda row: OF_ISSUES[row["slug"]])["slug"]
REACTION = fullest("reaction", lambda row: len(row["quotation"]))["slug"]
THEME = fullest("theme", lambda row: len(row["views_for"]))["slug"]
MILESTONE = fullest("milestone", lambda row: len(row["sources"]))["slug"]
TIMES = named("participation", "actor") + named("reaction", "actors")
PERSON = fullest("actor", lambda row: TIMES[row["slug"]])["slug"]
HELD_AT = named("meeting", "place")
PLACE = fullest("place", lambda row: HELD_AT[row["slug"]])["slug"]
# Sources are public once something public lists them.
CLAIMS = named("claim", "source")
LISTED = named("meeting", "sources") | named("issue", "sources")
SOURCE = fullest("source", lambda row: len(row["note"]), LISTED)["slug"]
LONG_ADDRESS = fullest("source", lambda row: len(row["url"]), LISTED)["slug"]
FOLLOWED = max(rows("source"), key=lambda row: CLAIMS[row["slug"]])["slug"]
WORDS = fullest("issue", lambda row: row["title"].count(" "))["title"]
WORD = max(WORDS.split(), key=len)
MISSPELT = WORD[:3] + WORD[4:]

KINDS = {
    "home": "/",
    "home, newest first": "/?order=newest",
    "meetings": "/meetings/",
    "meetings filtered": "/meetings/?event_status=held&format=summit&sort=-date",
    "meetings with ignored values": "/meetings/?event_status=angry&year=long+ago",
    "nothing found": "/meetings/?year=1900",
    "meeting": f"/meetings/{MEETING}/",
    "history": f"/meetings/{MEETING}/history/",
    "revision": f"/meetings/{MEETING}/r1/",
    "changes of a revision": f"/meetings/{MEETING}/r1/changes/",
    "cancelled meeting": f"/meetings/{CANCELLED}/",
    "accounts": "/accounts/",
    "issues": "/issues/",
    "issues filtered": f"/issues/?meeting={MEETING}",
    "issue": f"/issues/{ISSUE}/",
    "issues by meeting": "/issues/by-meeting/",
    "some issues by meeting": "/issues/by-meeting/?sort=total&from=2018&to=2019",
    "reactions": "/reactions/",
    "reactions filtered": "/reactions/?country=US&stance=critical&page=2",
    "no reactions found": "/reactions/?stance=supportive&affiliation=Democratic&year=2019",
    "reaction": f"/reactions/{REACTION}/",
    "themes": "/themes/",
    "theme": f"/themes/{THEME}/",
    "timeline": "/timeline/",
    "milestone": f"/milestones/{MILESTONE}/",
    "people": "/people/",
    "people filtered": "/people/?kind=organisation",
    "person": f"/people/{PERSON}/",
    "person, second page": f"/people/{PERSON}/?page=2",
    "places": "/places/",
    "place": f"/places/{PLACE}/",
    "sources": "/sources/?page=2",
    "source": f"/sources/{SOURCE}/",
    "source, second page": f"/sources/{SOURCE}/?page=2",
    "source with a long address": f"/sources/{LONG_ADDRESS}/",
    "source with claims": f"/sources/{FOLLOWED}/",
    "search": "/search/",
    "search, found": f"/search/?q={quote_plus(WORDS)}",
    "search, of one kind": "/search/?q=Лавров&kind=reactions&sort=date",
    "search, misspelt": f"/search/?q={quote_plus(MISSPELT)}",
    "data": "/data/",
    "codebook": "/data/codebook/",
    "about": "/about/",
    "method": "/method/",
    "accessibility": "/accessibility/",
    "changes": "/changes/",
    "corrections": "/corrections/",
    "withdrawn": WITHDRAWN,
    "not found": "/nowhere/",
} | {f"error {status}": f"/errors/{status}/" for status in STATUSES}

# What shows a type of page that stands above once more, otherwise filtered, sorted or turned over:
# the checks that take long look at it in ``make soak`` alone.
VARIANTS = {
    *("home, newest first", "meetings with ignored values", "nothing found", "issues filtered"),
    *("meetings filtered", "some issues by meeting", "reactions", "no reactions found"),
    *("people filtered", "person, second page", "source, second page", "search, of one kind"),
    *("source with a long address", "search, misspelt", "about", "accessibility", "error 400"),
    *("error 403", "error 404", "error 429"),
}
TYPES = [pytest.param(kind, marks=pytest.mark.soak) if kind in VARIANTS else kind for kind in KINDS]

# Of what is repeated on a page, item by item, as many are left; cells of a table stay together.
FEW_ALIKE = 3
THIN = """few => {
    const children = document.querySelectorAll('main :is(section, div, ol, ul, dl, tbody) > *');
    for (const e of children) {
        if (!e.isConnected || e.tagName === 'SECTION') continue;
        const alike = [...e.parentElement.children].filter(other =>
            other.tagName === e.tagName && other.className === e.className);
        alike.slice(few).forEach(other => other.remove());
    }
}"""
# What takes long for each element of a page looks at a few of those that are alike; at all of them
# in ``make soak``.
whole_or_thin = pytest.mark.parametrize(
    "is_whole", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["thin", "whole"]
)


def thin_out(page) -> None:
    """Leave the first few of the elements of a page that are alike in a row."""
    page.evaluate(THIN, FEW_ALIKE)


def status(kind: str) -> int:
    """Return the status with which a kind of page answers."""
    if kind.startswith("error "):
        return int(kind.removeprefix("error "))
    return {"withdrawn": 410, "not found": 404}.get(kind, 200)
