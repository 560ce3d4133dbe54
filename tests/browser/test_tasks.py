"""What a new reader comes for, each from the home page, by keyboard alone, without scripts."""

import csv
import io
import re
from collections import Counter

import pytest
from pybtex.database import parse_string

from meetings.models import Discussion, Issue, Meeting, Reaction
from meetings.templatetags.record import delegation_name

from .kinds import MEETING, MOST_PEOPLE
from .reader import Reader

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture
def browser_context_args(browser_context_args):
    viewport = {"width": 1280, "height": 900}
    return {**browser_context_args, "java_script_enabled": False, "viewport": viewport}


@pytest.fixture
def reader(page):
    return Reader(page)


def test_find_who_took_part_in_a_meeting(reader):
    meeting = Meeting.objects.published().get(slug=MOST_PEOPLE)

    reader.follow(meeting.title)
    reader.follow("Participants")

    sides = reader.section("Participants").locator("section")
    found = [
        (side.get_by_role("heading", level=3).inner_text(), link.inner_text())
        for side in sides.all()
        for link in side.get_by_role("link").all()
    ]
    people = meeting.participations.select_related("actor")
    expected = [(delegation_name(person.government), person.actor.name) for person in people]
    assert len(found) > 1
    assert sorted(found) == sorted(expected)
    assert reader.opened == 2


def reported_alone(issue):
    """Return the pages of the meetings of which one government alone stated an issue, with it."""
    found = {}
    # Not those on record from the press or from an agenda.
    rows = Discussion.objects.published().filter(issue=issue, basis__in=["accounts", ""])
    for discussion in rows:
        stated = [row.government.code for row in discussion.accounts if row.is_stated]
        # What the other denies having discussed is marked as denied.
        is_denied = any(row.finding == "denied" for row in discussion.accounts)
        if len(stated) == 1 and not is_denied:
            found[discussion.meeting.get_absolute_url()] = f"{stated[0]} only"
    return found


def test_see_which_meetings_one_government_alone_reported_an_issue_from(reader, page):
    """Of some issues there is none, and the table has to show that too."""
    expected = {issue.title: reported_alone(issue) for issue in Issue.objects.published()}

    reader.follow("Issues by meeting")

    found = {}
    heads = page.locator("thead tr").last.get_by_role("link").all()
    addresses = [head.get_attribute("href") for head in heads]
    for row in page.locator(".matrix tbody tr").all():
        cells = [cell.inner_text().strip() for cell in row.get_by_role("cell").all()]
        assert len(cells) == len(addresses) + 1
        assert all(cells)
        alone = [cell.splitlines()[-1] for cell in cells[:-1]]
        found[row.get_by_role("rowheader").inner_text()] = {
            address: words
            for address, words in zip(addresses, alone, strict=True)
            if words.endswith(" only")
        }
    # A long table has pages: the first shows the first meetings, and what is on record there.
    shown = {
        title: {address: words for address, words in alone.items() if address in addresses}
        for title, alone in expected.items()
    }
    assert found == {title: alone for title, alone in shown.items() if title in found}
    assert not any(alone for title, alone in shown.items() if title not in found)
    assert any(found.values())
    assert not all(found.values())
    assert reader.opened == 2


def test_list_reactions_of_one_kind_in_one_year(reader, page):
    """As critical ones of Republican members of Congress in 2018: whatever there is most of."""
    known = Reaction.objects.published().exclude(affiliation="").exclude(country="")
    rows = known.values_list("stance", "affiliation", "capacity", "reacted_on__year")
    ((stance, affiliation, capacity, year), number) = Counter(rows).most_common(1)[0]
    expected = known.filter(
        stance=stance, affiliation=affiliation, capacity=capacity, reacted_on__year=year
    )

    reader.follow("Reactions")
    reader.tick(Reaction.Capacity(capacity).label)
    if not page.locator(f'input[name="affiliation"][value="{affiliation}"]').is_visible():
        reader.reach(re.compile(r"\d+ more under Affiliation"))
        page.keyboard.press("Enter")
    reader.tick(affiliation)
    reader.tick(Reaction.Stance(stance).label)
    reader.choose("Year", str(year))
    reader.follow("Apply filters")

    names = page.locator(".results").get_by_role("heading", level=3).all_inner_texts()
    assert page.get_by_role("status").inner_text().startswith(f"{number} of ")
    assert sorted(names) == sorted(reaction.attribution for reaction in expected)


def test_copy_a_bibtex_entry(reader, page):
    meeting = Meeting.objects.published().get(slug=MEETING)

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
