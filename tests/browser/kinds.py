"""One address of every kind of page, of the content, and of every way in which a page can fail."""

import pytest

from tests.content import WITHDRAWN
from tests.urls import STATUSES

KINDS = {
    "home": "/",
    "home, newest first": "/?order=newest",
    "meetings": "/meetings/",
    "meetings filtered": "/meetings/?event_status=held&format=summit&sort=-date",
    "meetings with ignored values": "/meetings/?event_status=angry&year=long+ago",
    "nothing found": "/meetings/?year=1900",
    "meeting": "/meetings/helsinki-2018/",
    "cancelled meeting": "/meetings/budapest-2025/",
    "issues": "/issues/",
    "issues filtered": "/issues/?meeting=helsinki-2018",
    "issue": "/issues/ukraine/",
    "issues by meeting": "/issues/by-meeting/",
    "some issues by meeting": "/issues/by-meeting/?sort=total&from=2018&to=2019",
    "reactions": "/reactions/",
    "reactions filtered": "/reactions/?country=US&stance=critical&page=2",
    "no reactions found": "/reactions/?stance=supportive&affiliation=Democratic&year=2019",
    "reaction": "/reactions/graham-hamburg-cyber/",
    "themes": "/themes/",
    "theme": "/themes/personal-diplomacy/",
    "timeline": "/timeline/",
    "milestone": "/milestones/caatsa-signed-2017/",
    "people": "/people/",
    "people filtered": "/people/?kind=organisation",
    "person": "/people/donald-trump/",
    "person, second page": "/people/donald-trump/?page=2",
    "places": "/places/",
    "place": "/places/helsinki-presidential-palace/",
    "sources": "/sources/?page=2",
    "source": "/sources/article-lennon/",
    "source, second page": "/sources/article-lennon/?page=2",
    "source with a long address": "/sources/dw-kerch-2018/",
    "search": "/search/",
    "search, found": "/search/?q=arms+control",
    "search, of one kind": "/search/?q=Лавров&kind=reactions&sort=date",
    "search, misspelt": "/search/?q=sanctons",
    "data": "/data/",
    "codebook": "/data/codebook/",
    "about": "/about/",
    "method": "/method/",
    "accessibility": "/accessibility/",
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


def status(kind: str) -> int:
    """Return the status with which a kind of page answers."""
    if kind.startswith("error "):
        return int(kind.removeprefix("error "))
    return {"withdrawn": 410, "not found": 404}.get(kind, 200)
