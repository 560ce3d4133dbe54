"""Pictures of numbers: true to the record, the same as their tables and files, and never large."""

import csv
import io
from datetime import date, timedelta
from types import SimpleNamespace
from xml.etree import ElementTree

import html5lib
import pytest
from django.conf import settings
from django.utils import timezone

from meetings.models import Reaction
from meetings.views.pictures import charts
from meetings.views.pictures.contacts import MOST_MARKS, Contact, contacts_picture
from meetings.views.pictures.relations import relations_by_issue
from meetings.views.pictures.stances import stance_picture
from tests import factories as make

SVG = "{http://www.w3.org/2000/svg}"


def table_of(html, anchor):
    """Return the rows of the numbers under a picture, the head first."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    figure = next(e for e in tree.iter("div") if e.get("id") == anchor)
    rows = figure.iter("tr")
    return [["".join(cell.itertext()).strip() for cell in row] for row in rows]


def csv_rows(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def svg_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("image/svg+xml")
    return ElementTree.fromstring(answer.getvalue())


def texts(svg):
    return [element.text for element in svg.iter(f"{SVG}text")]


def react(meeting, **stances):
    for stance, number in stances.items():
        for _ in range(number):
            make.make_reaction(meeting=meeting, stance=stance)


@pytest.fixture
def reactions(db):
    geneva = make.make_meeting(slug="geneva", title="Geneva", starts_on="2021-06-16")
    vienna = make.make_meeting(slug="vienna", title="Vienna", starts_on="2018-03-01")
    react(geneva, critical=2, mixed=1)
    react(vienna, supportive=4, critical=1, neutral=1)
    make.make_reaction(meeting=vienna, country="FI", stance="mixed")
    make.make_reaction(meeting=geneva, status="draft", stance="neutral")
    hidden = make.make_meeting(title="Hidden", status="draft")
    make.make_reaction(meeting=hidden, stance="neutral")


def test_stances_are_the_same_in_the_table_and_the_file(client, reactions):
    html = client.get("/reactions/").content.decode()

    assert table_of(html, "by-stance") == [
        ["Meeting", "Critical", "Supportive", "Mixed", "Neutral"],
        ["Vienna", "1", "4", "1", "1"],
        ["Geneva", "2", "0", "1", "0"],
    ]
    assert csv_rows(client, "/reactions/stance.csv") == [
        ["Meeting", "Day", "Critical", "Supportive", "Mixed", "Neutral"],
        ["Vienna", "2018-03-01", "1", "4", "1", "1"],
        ["Geneva", "2021-06-16", "2", "0", "1", "0"],
    ]
    assert "10 reactions to 2 meetings: 3 critical, 4 supportive, 2 mixed, 1 neutral." in html
    assert "Hidden" not in html


def test_stances_follow_the_filters(client, reactions):
    html = client.get("/reactions/?country=FI").content.decode()

    assert table_of(html, "by-stance")[1:] == [["Vienna", "0", "0", "1", "0"]]
    assert '<a href="/reactions/stance.csv?country=FI">' in html
    assert '<a href="/reactions/stance.svg?country=FI">' in html
    rows = csv_rows(client, "/reactions/stance.csv?country=FI")
    assert rows[1:] == [["Vienna", "2018-03-01", "0", "0", "1", "0"]]
    svg = svg_of(client, "/reactions/stance.svg?country=FI")
    assert "Geneva, 2021" not in texts(svg)
    assert f"{settings.SITE_URL}/reactions/?country=FI" in texts(svg)


def test_bars_are_as_long_as_the_numbers_and_stand_on_their_side(reactions):
    """Room for 140 units, four reactions the most: 35 for one, unless the narrow ones need less.

    Of mixed there is one at most, for which there are 62 units.
    """
    picture = stance_picture(Reaction.objects.published().stances_by_meeting())

    bars = [(bar.fill, bar.x, bar.width) for bar in picture.bars]
    assert bars == [
        ("empty", 155, 35),
        ("solid", 190, 140),
        ("hatch", 392, 35),
        ("dotted", 512, 35),
        ("empty", 120, 70),
        ("hatch", 392, 35),
    ]


def test_stances_stand_on_the_first_page_alone_and_fold_under_filters(client, reactions):
    react(make.make_meeting(), critical=30)

    first, second, filtered = (
        client.get(f"/reactions/{query}").content.decode()
        for query in ("", "?page=2", "?stance=critical")
    )

    assert '<details class="picture-fold" open>' in first
    assert "picture-fold" not in second
    assert '<details class="picture-fold">' in filtered


def test_list_without_results_has_no_picture(client, reactions):
    assert "<figure" not in client.get("/reactions/?country=SE").content.decode()


@pytest.mark.django_db
def test_of_many_meetings_those_with_the_most_reactions_are_drawn(client):
    first = date(2000, 1, 1)
    for number in range(charts.MOST_ROWS + 1):
        meeting = make.make_meeting(title=f"Talks {number}", starts_on=first + timedelta(number))
        react(meeting, critical=1 if number == 5 else 2)

    html = client.get("/reactions/").content.decode()

    rows = table_of(html, "by-stance")
    assert len(rows) == charts.MOST_ROWS + 1
    assert "Talks 5" not in [row[0] for row in rows]
    assert "60 reactions to 30 meetings with the most of them: 60 critical" in html
    assert len(csv_rows(client, "/reactions/stance.csv")) == charts.MOST_ROWS + 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("/reactions/stance.svg?sort=date", "sort"),
        ("/reactions/stance.csv?page=2", "page"),
        ("/reactions/stance.csv?stance=angry", "stance=angry"),
        ("/timeline/contacts.svg?order=newest", "order"),
        ("/timeline/contacts.csv?x=1", "x"),
    ],
)
def test_unknown_parameters_are_refused(client, address, names):
    answer = client.get(address)

    assert answer.status_code == 400
    assert f"Unknown: {names}" in answer.content.decode()


@pytest.fixture
def contacts(db):
    make.make_meeting(starts_on="2017-01-01")
    make.make_meeting(starts_on="2019-12-31", event_status="cancelled", format="call")
    make.make_meeting(starts_on="2017-05-02", format="call")
    make.make_meeting(starts_on="2017-05-02", format="call")
    make.make_meeting(starts_on="2019-06-01", event_status="planned")
    make.make_meeting(starts_on="2016-06-01", status="draft")
    make.make_milestone(occurred_on="2017-07-02")
    make.make_milestone(occurred_on="2021-07-02", status="withdrawn")


NUMBERS = [
    ["Year", "Meetings held", "Calls held", "Called off", "Possible", "Milestones"],
    ["2017", "1", "2", "0", "0", "1"],
    ["2018", "0", "0", "0", "0", "0"],
    ["2019", "0", "0", "1", "1", "0"],
]


def test_contacts_are_the_same_in_the_table_and_the_file(client, contacts):
    html = client.get("/timeline/").content.decode()

    assert table_of(html, "contacts") == NUMBERS
    assert csv_rows(client, "/timeline/contacts.csv") == NUMBERS
    words = "From 2017 to 2019: 1 meeting and 2 calls held, 1 called off, 1 possible, 1 milestone."
    assert words in html
    assert words in client.get("/").content.decode()
    assert "Meetings held: 1" in texts(svg_of(client, "/timeline/contacts.svg"))


def test_home_leads_from_the_picture_to_its_numbers(client, contacts):
    home = client.get("/").content.decode()

    assert '<svg class="picture contacts"' in home
    assert 'href="/timeline/#contacts"' in home


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/timeline/", "/reactions/"])
def test_empty_record_has_no_picture(client, address):
    assert "<svg" not in client.get(address).content.decode()


@pytest.mark.django_db
def test_empty_record_has_files_without_rows(client):
    assert len(csv_rows(client, "/timeline/contacts.csv")) == 1
    assert len(csv_rows(client, "/reactions/stance.csv")) == 1
    assert "Contacts over time" in texts(svg_of(client, "/timeline/contacts.svg"))
    svg_of(client, "/reactions/stance.svg")


def held(*days, call=False):
    return [Contact(day, "held", "call" if call else "summit") for day in days]


def test_time_axis_is_true():
    """From 1 January 2017 to 31 December 2018 are 729 days, over 640 units less twice 12.

    Day 365 stands at 12 + 616 * 365 / 729 = 320.4.
    """
    days = date(2017, 1, 1), date(2018, 1, 1), date(2018, 12, 31)

    picture = contacts_picture(held(*days))

    assert [mark.x for mark in picture.marks] == [12, 320.4, 628]
    years = [words.text for words in picture.words if words.is_number]
    assert (years, [line.x1 for line in picture.lines]) == (["2017", "2018"], [12, 320.4])


def test_two_meetings_close_together_are_both_seen():
    picture = contacts_picture(held(date(2017, 7, 7), date(2017, 7, 7), date(2017, 12, 1)))

    first, second, third = ((mark.x, mark.y) for mark in picture.marks)
    assert first[0] == second[0]
    assert first[1] == third[1] != second[1]


@pytest.mark.parametrize("call", [True, False])
def test_picture_of_ten_thousand_contacts_is_bounded_and_still_true(call):
    start = date(1874, 1, 1)
    days = [start + timedelta(days=5 * n) for n in range(10_000)]

    picture = contacts_picture(held(*days, call=call))

    assert MOST_MARKS / 4 < len(picture.marks) <= MOST_MARKS
    assert sum(sum(row.numbers) for row in picture.rows) == 10_000
    assert len(picture.words) < 12


class Issue(SimpleNamespace):
    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"/issues/{self.title.lower()}/"


def test_relations_are_drawn_in_parts_of_one_bar():
    """The longest bar has 580 units for 4 + 1 discussions, so each has 116."""
    rows = [
        (Issue(title="Arms"), {"Russia only": 1, "Agree": 4}),
        (Issue(title="Trade"), {"Differ": 2}),
        (Issue(title="Space"), {}),
    ]

    picture = relations_by_issue(rows, ["Agree", "In part", "Differ"])

    assert picture.header == ["Issue", "Agree", "Differ", "Russia only"]
    assert [(row.label, row.numbers, row.address) for row in picture.rows] == [
        ("Arms", [4, 0, 1], "/issues/arms/"),
        ("Trade", [0, 2, 0], "/issues/trade/"),
        ("Space", [0, 0, 0], "/issues/space/"),
    ]
    drawn = [(bar.fill, bar.x, bar.width) for bar in picture.bars[3:]]
    assert drawn == [("solid", 1, 464), ("empty", 465, 116), ("hatch", 1, 232)]
    assert [bar.fill for bar in picture.bars[:3]] == ["solid", "hatch", "empty"]
    shown = [words.text for words in picture.words]
    assert shown == ["Agree", "Differ", "Russia only", "Arms", "5", "Trade", "2"]
    assert picture.caption == "7 discussions of 2 issues. Agree: 4; Differ: 2; Russia only: 1."


def test_of_many_relations_the_last_stand_together():
    words = [f"Land {number} only" for number in range(20)]

    picture = relations_by_issue([(Issue(title="Arms"), dict.fromkeys(words, 1))])

    assert len({bar.fill for bar in picture.bars}) == len(charts.FILLS)
    assert len(picture.bars) == 2 * len(charts.FILLS)
    assert "Other" in [shown.text for shown in picture.words]
    assert picture.header == ["Issue", *words]


def test_of_many_issues_those_discussed_most_are_drawn_and_it_says_so():
    rows = [(Issue(title=f"I{n}"), {"Agree": 1 if n == 3 else 2}) for n in range(31)]

    picture = relations_by_issue(rows)

    labels = [words.text for words in picture.words]
    assert "I3" not in labels
    assert "I30" in labels
    assert len(picture.rows) == 31
    assert picture.caption.endswith("Drawn are the 30 issues with the most.")


def test_no_relations_make_no_picture():
    assert relations_by_issue([]).rows == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [("Helsinki", "Helsinki"), ("The talks of Geneva", "The talks…"), ("A" * 30, f"{'A' * 11}…")],
)
def test_long_labels_are_cut_at_a_word(text, shown):
    assert charts.shortened(text, 12 * charts.LETTER_UNITS) == shown


def test_picture_says_what_it_is_to_those_who_do_not_see_it(client, reactions):
    tree = html5lib.parse(client.get("/reactions/").content.decode(), namespaceHTMLElements=False)

    (svg,) = (e for e in tree.iter("{http://www.w3.org/2000/svg}svg") if e.get("role") == "img")
    named = {e.get("id"): e.text for e in svg.iter() if e.tag.endswith(("title", "desc"))}
    assert named[svg.get("aria-labelledby")] == "Reactions by stance for each meeting"
    assert named[svg.get("aria-describedby")].startswith("10 reactions to 2 meetings")


def test_bars_differ_by_more_than_colour(client, reactions):
    svg = svg_of(client, "/reactions/stance.svg")

    patterns = {element.get("id") for element in svg.iter(f"{SVG}pattern")}
    assert {"− Critical", "+ Supportive", "± Mixed", "· Neutral"} <= set(texts(svg))
    assert "by-stance-hatch" in patterns
    assert all(f"by-stance-{fill}" in patterns for fill in charts.FILLS if is_pattern(fill))


def is_pattern(fill):
    return fill not in {"solid", "empty", "dotted"}


@pytest.mark.django_db
def test_words_in_other_scripts_do_not_break_the_drawing(client):
    """Elsewhere on a page they get a ``span``, which ends a drawing in HTML."""
    react(make.make_meeting(title="Встреча в Хельсинки"), critical=1)

    html = client.get("/reactions/").content.decode()

    drawing = html[html.index('<svg class="picture') : html.index("</svg>")]
    assert "Встреча в Хельсинки, 2018</text>" in drawing
    assert "<span" not in drawing


@pytest.mark.django_db
def test_file_names_the_site_the_day_and_the_address(client):
    react(make.make_meeting(title="A < B & “C”"), critical=1)

    answer = client.get("/reactions/stance.svg")

    shown = texts(ElementTree.fromstring(answer.content))
    today = timezone.now().date()
    day = f"{today.day} {today:%B} {today.year}"
    assert answer["Content-Disposition"] == 'attachment; filename="by-stance.svg"'
    assert f"{settings.SITE_NAME}, {day}. {settings.CONTENT_LICENCE}." in shown
    assert f"{settings.SITE_URL}/reactions/" in shown
    assert "Reactions by stance for each meeting" in shown
    assert "A < B & “C”, 2018" in shown
