"""Markdown on a page: notes in order of first use, headings that fit, nothing dangerous."""

import re
from hashlib import sha256

import pytest

from meetings.exporting.bibliography.notes import Notes, use_letter
from meetings.text import rendering
from tests import factories as make


@pytest.mark.django_db
def test_notes_are_numbered_in_order_of_first_use_and_linked_both_ways():
    for slug in ("one", "two"):
        make.make_source(slug=slug)
    texts = ["A [@two]. B [@one, p. 4].", "C [@two]."]
    notes = Notes(texts)

    html = "".join(rendering.render(text, notes) for text in texts)

    assert [(note.number, note.source.slug) for note in notes.listed] == [(1, "two"), (2, "one")]
    assert [use.anchor for use in notes.listed[0].uses] == ["ref-1-a", "ref-1-b"]
    assert html.count('href="#note-1"') == 2
    assert '<a id="ref-2-a" href="#note-2" aria-label="Source [2, p. 4]">[2, p. 4]</a>' in html
    assert "[2, p. 4]" in html


@pytest.mark.django_db
def test_source_that_is_listed_no_longer_is_said_in_words():
    html = rendering.render("A [@gone].", Notes(["A [@gone]."]))

    assert "source no longer listed" in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    ["B [@three; @gone; @one].", "B [@three] [@gone]\n[@one].", "B\n[@gone][@three][@one]."],
)
def test_marks_of_one_place_ascend_and_stand_at_their_word(text):
    for slug in ("one", "two", "three"):
        make.make_source(slug=slug)
    notes = Notes(["A [@one; @two].", text])
    rendering.render("A [@one; @two].", notes)

    html = rendering.render(text, notes)

    shown = re.sub("<[^>]+>", "", html).strip()
    assert shown == "B[1][3][source no longer listed]."


@pytest.mark.django_db
def test_paragraph_with_a_marker_has_an_anchor_made_of_its_words():
    make.make_source(slug="one")
    text = "A *word* said [@one].\n\nNone.\n\n- Item [@one]\n- None\n\n> A word said [@one]."
    notes = Notes([text])

    html = rendering.render(text, notes) + rendering.render("Above.\n\nItem [@one].", notes)

    words = ["A word said.", "Item", "Item."]
    one, item, other = (sha256(text.encode()).hexdigest()[:8] for text in words)
    assert re.findall(r'<(\w+) id="(p-[^"]+)', html) == [
        ("p", f"p-{one}"),
        ("li", f"p-{item}"),
        ("p", f"p-{one}-2"),
        ("p", f"p-{other}"),
    ]


def test_text_without_notes_has_no_anchors():
    assert "id=" not in rendering.render("Said [@one].")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        '<a href="/" onclick="x()">y</a>',
        "![x](https://elsewhere.example/x.png)",
        "<style>p{}</style>",
    ],
)
def test_markup_of_the_text_is_shown_or_dropped_never_obeyed(text):
    html = rendering.render(text)

    for danger in ("<script", 'href="javascript', "<img", "<style", '<a href="/" on'):
        assert danger not in html


def test_headings_skip_no_level():
    html = rendering.render("# A\n\n#### B\n\n## C\n\n###### D", level=3)

    assert [html[html.index(f">{name}<") - 2 :][:2] for name in "ABCD"] == ["h3", "h4", "h4", "h5"]


def test_letters_go_on_after_z():
    assert [use_letter(n) for n in (0, 25, 26, 27, 52)] == ["a", "z", "aa", "ab", "ba"]


def test_plain_text_has_no_markers_and_no_stray_spaces():
    assert (
        rendering.plain_text("He **said** so [@one; @two].\n\n- And [more](/x/)")
        == "He said so. And more"
    )
