"""The sitemap: every public page once, in maps of a bounded length, and when it last changed."""

from datetime import UTC, datetime

import pytest
from django.conf import settings as site
from lxml import etree

from meetings.editing import acts
from meetings.editing.revisions import record_loaded
from meetings.models import Publication, Revision
from meetings.sitemaps import SITEMAPS, RecordSitemap
from tests import factories as make
from tests.addresses import details, lists
from tests.writers import written

pytestmark = pytest.mark.django_db

MAP = {"m": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def addresses_in(client, address):
    """Return the addresses that a map or the index names."""
    tree = etree.fromstring(client.get(address).content)
    named = [element.text for element in tree.iterfind("m:*/m:loc", MAP)]
    assert all(name.startswith(f"{site.SITE_URL}/") for name in named)
    return [name.removeprefix(site.SITE_URL) for name in named]


@pytest.fixture
def rows():
    make.make_page(slug="method")
    for number in range(5):
        meeting = make.make_meeting(slug=f"meeting-{number}")
        make.make_participation(meeting=meeting)
        make.make_reaction(meeting=meeting)
    make.make_meeting(slug="hidden", status="draft")


def test_maps_name_every_public_page_once(client, rows):
    maps = addresses_in(client, "/sitemap.xml")

    pages = [address for path in maps for address in addresses_in(client, path)]

    plain = {address for address in lists() if "?" not in address} - {"/", "/search/"}
    assert maps == [f"/sitemap-{section}.xml" for section in SITEMAPS]
    assert sorted(pages) == sorted({*plain, *details()})
    assert not [address for address in pages if "hidden" in address]


def test_long_map_is_split(client, rows, monkeypatch):
    monkeypatch.setattr(RecordSitemap, "limit", 2)

    maps = [path for path in addresses_in(client, "/sitemap.xml") if "meetings" in path]
    parts = [addresses_in(client, path) for path in maps]

    first = "/sitemap-meetings.xml"
    assert maps == [first, f"{first}?p=2", f"{first}?p=3"]
    assert [len(part) for part in parts] == [2, 2, 1]
    assert {a for part in parts for a in part} == {f"/meetings/meeting-{n}/" for n in range(5)}
    assert client.get(f"{first}?p=4").status_code == 404
    assert RecordSitemap.limit <= 50_000


def test_map_says_when_a_page_last_changed(client):
    issue = make.make_issue()
    make.make_issue(slug="older")
    issue.summary = "Other words."
    acts.save(entry=issue, after=written(issue, issue.save))
    Revision.objects.update(made_at=datetime(2026, 3, 1, tzinfo=UTC))
    Publication.objects.update(since=datetime(2026, 2, 1, tzinfo=UTC))

    tree = etree.fromstring(client.get("/sitemap-issues.xml").content)

    days = {e.findtext("m:loc", "", MAP): e.findtext("m:lastmod", None, MAP) for e in tree}
    assert days == {
        site.SITE_URL + issue.get_absolute_url(): "2026-03-01",
        f"{site.SITE_URL}/issues/older/": None,
    }


def test_scheduled_page_changed_when_its_time_came(client):
    issue = make.make_issue(publish_at=datetime(2026, 3, 1, tzinfo=UTC))
    record_loaded()
    Revision.objects.update(made_at=datetime(2026, 2, 1, tzinfo=UTC))

    page = client.get("/sitemap-issues.xml").content.decode()

    assert issue.get_absolute_url() in page
    assert "<lastmod>2026-03-01</lastmod>" in page


def test_robots_are_told_of_the_sitemap_and_kept_from_searches_alone(client, rows):
    lines = client.get("/robots.txt").content.decode().splitlines()

    kept = [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow")]
    assert f"Sitemap: {site.SITE_URL}/sitemap.xml" in lines
    kept_from = {a for a in [*lists(), *details()] if a.startswith(tuple(kept))}
    # What a search finds is on the pages that robots do read.
    assert kept_from == {a for a in lists() if a.startswith("/search/")}


def test_pages_name_the_address_of_the_map_as_their_own(client, rows):
    for path in addresses_in(client, "/sitemap.xml"):
        for address in addresses_in(client, path):
            html = client.get(address).content.decode()
            assert f'<link rel="canonical" href="{site.SITE_URL}{address}">' in html
            assert f'<meta property="og:url" content="{site.SITE_URL}{address}">' in html
            assert "noindex" not in html
