"""What a new reader comes for, each from the home page, by keyboard alone, without scripts."""

import csv
import io
import re

import pytest
from pybtex.database import parse_string

from meetings.models import Meeting, Reaction
from meetings.templatetags.record import side_of

from .reader import Reader

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture
def browser_context_args(browser_context_args):
    viewport = {"width": 1280, "height": 900}
    return {**browser_context_args, "java_script_enabled": False, "viewport": viewport}


@pytest.fixture
def reader(page):
    return Reader(page)


def test_find_who_took_part_in_osaka(reader):
    meeting = Meeting.objects.published().get(place__city="Osaka")

    reader.follow(re.compile("Osaka"))
    reader.follow("Participants")

    sides = reader.section("Participants").locator("section")
    found = [
        (side.get_by_role("heading").inner_text(), link.inner_text())
        for side in sides.all()
        for link in side.get_by_role("link").all()
    ]
    people = meeting.participations.select_related("actor")
    expected = [(side_of(person.government), person.actor.name) for person in people]
    assert len(found) == len(expected) > 5
    assert sorted(found) == sorted(expected)
    assert reader.opened == 2


def reported_alone(issue, code):
    """Return the pages of the meetings of which one government, no other, stated an issue."""
    meetings = []
    for meeting in Meeting.objects.published().chronological():
        accounts = meeting.accounts.published().filter(issue__title=issue, finding="stated")
        if {account.government.code for account in accounts} == {code}:
            meetings.append(meeting.get_absolute_url())
    return meetings


@pytest.mark.parametrize("issue", ["Sanctions", "Ukraine", "Energy and Nord Stream 2"])
def test_see_which_meetings_russia_alone_reported_an_issue_from(reader, page, issue):
    """On the record of sanctions there is none, and the table has to show that too."""
    reader.follow("Issues by meeting")

    key = page.get_by_role("list", name="Key").inner_text()
    row = page.get_by_role("row", name=re.compile(rf"^{issue}"))
    cells = [cell.inner_text().strip() for cell in row.get_by_role("cell").all()]
    heads = page.locator("thead tr").last.get_by_role("link").all()
    columns = zip(heads, cells, strict=False)
    found = [head.get_attribute("href") for head, cell in columns if cell.endswith("RU only")]
    assert len(cells) == len(heads) + 1
    assert all(cells)
    assert "Russian account only (RU)" in key
    assert found == reported_alone(issue, "RU")
    assert reader.opened == 2


def test_some_meeting_was_reported_by_russia_alone(site):
    """Otherwise the test above would compare nothing with nothing."""
    assert reported_alone("Ukraine", "RU")
    assert reported_alone("Sanctions", "RU") == []


def test_list_critical_reactions_of_republican_members_of_congress_in_2018(reader, page):
    expected = Reaction.objects.published().filter(
        stance="critical",
        affiliation="Republican",
        capacity="legislature",
        country="US",
        reacted_on__year=2018,
    )

    reader.follow("Reactions")
    reader.tick("Legislature")
    reader.tick("Republican")
    reader.tick("Critical")
    reader.choose("Year", "2018")
    reader.follow("Apply filters")

    names = page.locator(".results").get_by_role("heading", level=3).all_inner_texts()
    assert page.get_by_role("status").inner_text().startswith(f"{expected.count()} of ")
    assert sorted(names) == sorted(reaction.attribution for reaction in expected)
    assert len(names) > 2


def test_copy_a_bibtex_entry(reader, page):
    meeting = Meeting.objects.published().get(slug="helsinki-2018")

    reader.follow(meeting.title)
    reader.follow("Cite this page")
    reader.reach("BibTeX")
    page.keyboard.press("Enter")
    saved = reader.download("BibTeX")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#cite pre").click()
    page.keyboard.press("ControlOrMeta+C")
    copied = page.evaluate("() => navigator.clipboard.readText()")
    for text in (copied, saved):
        (entry,) = parse_string(text, "bibtex").entries.values()
        assert meeting.title in entry.fields["title"].replace("{", "").replace("}", "")
        assert entry.fields["url"].endswith(meeting.get_absolute_url())


def test_download_all_reactions_as_csv(reader):
    reader.follow("Reactions")
    text = reader.download(re.compile(r"Download \d+ \(CSV\)"))

    slugs = {row["slug"] for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))}
    assert slugs == set(Reaction.objects.published().values_list("slug", flat=True))
    assert len(slugs) > 50
