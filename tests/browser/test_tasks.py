"""What a new reader comes for, each from the home page, by keyboard alone, without scripts.

On a telephone and at a desk, each in at most three steps from page to page.
"""

import csv
import io
import re
from collections import Counter

import pytest
from pybtex.database import parse_string

from meetings.models import Claim, Discussion, Issue, Meeting, Reaction
from meetings.models.evidence import evidence_of_rows
from meetings.templatetags.record import delegation_name

from .kinds import MEETING, MOST_PEOPLE
from .reader import Reader

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture(params=[360, 1280])
def browser_context_args(browser_context_args, request):
    viewport = {"width": request.param, "height": 900}
    return {**browser_context_args, "java_script_enabled": False, "viewport": viewport}


@pytest.fixture
def reader(page):
    """A reader who has opened the home page, and opens at most three more."""
    reader = Reader(page)
    yield reader
    assert reader.opened <= 1 + 3


def unfold(reader, name):
    """Open what is folded on a telephone, and open by itself where there is room."""
    if reader.page.viewport_size["width"] < 992:
        reader.reach(re.compile(name))
        reader.page.keyboard.press("Enter")


def test_find_who_took_part_in_a_meeting(reader):
    meeting = Meeting.objects.published().get(slug=MOST_PEOPLE)

    reader.follow(meeting.title)
    unfold(reader, "On this page")
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
        alone = [re.search(r"\b[A-Z]{2} only|$", cell)[0] for cell in cells[:-1]]
        found[row.get_by_role("rowheader").inner_text()] = {
            address: words for address, words in zip(addresses, alone, strict=True) if words
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
    unfold(reader, "Filters")
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
    unfold(reader, "On this page")
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
        assert entry.fields["url"].endswith(f"{meeting.get_absolute_url()}r{meeting.revision}/")


def test_download_all_reactions_as_csv(reader):
    reader.follow("Reactions")
    text = reader.download(re.compile(r"Download \d+ \(CSV\)"))

    slugs = {row["slug"] for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))}
    assert slugs == set(Reaction.objects.published().values_list("slug", flat=True))


def denied_by(code):
    """Return issue and meeting of each discussion that this government alone denied."""
    rows = Discussion.objects.published().with_meetings()
    found = [row for row in rows if [country.code for country in row.denied_by] == [code]]
    return sorted(f"{row.issue}, {row.meeting}" for row in found)


def test_see_what_one_government_denied_having_discussed(reader, page):
    expected = denied_by("RU")

    reader.follow("Accounts")
    unfold(reader, "Filters")
    reader.tick("Denied by Russia")
    reader.follow("Apply filters")

    results = page.locator(".comparison")
    assert results.locator("h3").count() == len(expected) > 0
    assert sorted(results.locator("h3").all_inner_texts()) == expected
    assert reader.opened == 3


def test_see_which_of_two_accounts_rests_on_a_document(reader, page):
    meeting = Meeting.objects.published().get(slug=MEETING)
    evidence = evidence_of_rows(meeting.accounts.all())
    expected = {}
    for account in meeting.accounts.select_related("issue"):
        found = expected.setdefault(account.issue.title, [])
        if evidence.get(account.pk) == "document":
            found.append(account.government.name)

    reader.follow(meeting.title)

    found = {}
    heads = ["Russia", "United States"]
    for row in page.locator(".at-a-glance tbody tr").all():
        issue, _, *cells = [cell.inner_text() for cell in row.locator("th, td").all()]
        found[issue] = [h for h, cell in zip(heads, cells, strict=True) if "Document" in cell]
    assert found == expected
    assert any(len(governments) == 1 for governments in found.values())
    assert reader.opened == 2


def test_see_what_a_source_got_wrong(reader, page):
    wrong = Claim.objects.filter(assessment=Claim.Assessment.INCORRECT)

    reader.follow(re.compile(r"What the article .*, claim by claim"))

    rows = page.locator("table.claims tbody tr").filter(has=page.locator(".assessment-incorrect"))
    texts = [row.locator("th").inner_text() for row in rows.all()]
    assert len(texts) == wrong.count() > 0
    assert all(any(claim.text in text for text in texts) for claim in wrong)
    assert all(row.locator("a[href^='/']").count() for row in rows.all())
    assert reader.opened == 2
