"""The cards of pages: what they say, what they look like, and that no title breaks one."""

import io
import string

import pytest
from django.conf import settings as site
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from meetings.exporting import cards
from meetings.exporting.cards import (
    ACCENT,
    HEIGHT,
    INK,
    PAPER,
    SCRIPTS,
    TEXT_WIDTH,
    WIDTH,
    Card,
    Font,
    card_of,
)
from tests import factories as make

LINE = "Held · 16 July 2018 · Helsinki, Finland"
LONG = " ".join(f"word{number}" for number in range(60))


def picture(title="Talks", kicker="Meeting · Summit", line=LINE):
    found = Image.open(io.BytesIO(cards.render_png(Card(kicker, title, line))))
    found.load()
    return found


def drawn(*, box, **said):
    """Return where something was drawn within a box of the picture."""
    part = picture(**said).crop(box)
    return ImageChops.difference(part, Image.new("RGB", part.size, PAPER)).getbbox()


TITLE = (0, 196, WIDTH, 540)


def test_card_is_a_picture_in_the_colours_of_the_record():
    found = picture()

    assert (found.format, found.size) == ("PNG", (WIDTH, HEIGHT))
    colours = {f"#{r:02x}{g:02x}{b:02x}" for _, (r, g, b) in found.getcolors(100_000)}
    assert {PAPER, INK, ACCENT} <= colours


def test_colours_are_those_of_the_style_sheets():
    tokens = (site.BASE_DIR / "static" / "css" / "tokens.css").read_text()

    for colour in (PAPER, INK, cards.INK_SECOND, cards.INK_QUIET, cards.RULE, ACCENT):
        assert f"light-dark({colour}, " in tokens


@pytest.mark.parametrize("title", ["Talks", LONG, "W" * 200, "Переговоры " * 20, f"x {'у' * 300}"])
def test_title_stays_within_its_room(title):
    left, top, right, bottom = drawn(title=title, box=TITLE)

    assert left >= cards.MARGIN - 4
    assert right <= WIDTH - cards.MARGIN + 4
    assert bottom <= 345
    assert top >= 0


def test_long_title_is_set_smaller_and_cut_with_an_ellipsis():
    small = Font(400, cards.TITLE_SIZES[-1])

    lines = small.wrap(LONG, TEXT_WIDTH)
    cut = small.truncate(LONG, TEXT_WIDTH)

    assert " ".join(lines) == LONG
    assert all(small.width(line) <= TEXT_WIDTH for line in lines)
    assert cut.endswith("…")
    assert small.width(cut) <= TEXT_WIDTH < small.width(cut + "word")
    assert small.truncate("Talks", TEXT_WIDTH) == "Talks"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Путин и Трамп, № 1", "Путин и Трамп, № 1"),
        ("Erdoğan, Łódź, Niinistö", "Erdoğan, Łódź, Niinistö"),
        ("“Talks” – they’re on…", "“Talks” – they’re on…"),
        ("Xi 習近平 🤝 met", "Xi met"),
        ("ﬁnal ①", "final 1"),
        ("\ud800\x00 \u202e", ""),
        ("two\nlines", "two lines"),
    ],
)
def test_text_is_shown_as_far_as_the_fonts_have_its_letters(text, shown):
    assert cards.drawable_text(text) == shown


def test_every_letter_is_taken_from_the_file_that_has_it():
    pieces = [text for _, text in Font(400, 30).faces("Putin Путин Łódź")]

    assert pieces[0].strip() == "Putin"
    assert "".join(pieces) == "Putin Путин Łódź"
    assert [cards.drawable_script(letter, 600) for letter in "aЖł習"] == [
        *(SCRIPTS[0], SCRIPTS[2], SCRIPTS[1]),
        None,
    ]


texts = st.text(st.characters() | st.sampled_from(string.printable), max_size=300)


@settings(max_examples=40, derandomize=True, deadline=None, database=None)
@given(kicker=texts, title=texts, line=texts)
def test_any_text_makes_a_card(kicker, title, line):
    assert picture(title, kicker, line).size == (WIDTH, HEIGHT)


@pytest.mark.django_db
def test_card_says_what_the_page_is_and_its_day_or_subject():
    place = make.make_place(venue="Palace", city="Helsinki", country="FI")
    meeting = make.make_meeting(title="Talks", ends_on="2018-07-17", place=place)
    meeting.refresh_from_db()
    source = make.make_source(title="Remarks", publisher="Press", kind="transcript")

    assert card_of(meeting) == Card(
        "Meeting · Summit", "Talks", "Held · 16 July 2018 – 17 July 2018 · Helsinki, Finland"
    )
    assert card_of(source) == Card("Source · Transcript", "Remarks", "Press · 16 July 2018")
    assert card_of(place) == Card("Place", "Palace, Helsinki", "Finland")
    assert card_of(make.make_issue(title="Trade", summary="Goods.")) == Card(
        "Issue", "Trade", "Goods."
    )
    assert cards.home_card(None) == Card("", site.SITE_NAME, "")
