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
def test_text_is_read_once_and_its_notes_are_numbered_for_each_page(monkeypatch):
    for slug in ("one", "two"):
        make.make_source(slug=slug)
    text = "Read once: a [@one].\n\nA list:\n\n- b [@two]"
    read = []
    parse = rendering.markdown.parse
    monkeypatch.setattr(rendering.markdown, "parse", lambda text: read.append(text) or parse(text))

    alone = rendering.render(text, Notes([text]))
    once = read.count(text)
    notes = Notes([text, "C [@two]."])
    below = [rendering.render(each, notes) for each in ("C [@two].", text, text)]

    assert read.count(text) == once
    assert re.findall(r">\[(\d)\]</a>", alone) == ["1", "2"]
    assert re.findall(r">\[(\d)\]</a>", below[1]) == ["2", "1"]
    anchors = re.findall(r'<(?:p|li) id="([^"]+)"', below[1] + below[2])
    assert len(anchors) == len(set(anchors)) == 4
    assert anchors[2:] == [f"{anchor}-2" for anchor in anchors[:2]]
    assert anchors[:2] == re.findall(r'<(?:p|li) id="([^"]+)"', alone)


@pytest.mark.django_db
def test_words_with_a_marker_are_no_link_so_that_no_mark_stands_in_one():
    make.make_source(slug="one")
    text = "See [the text [@one]](https://a.example/)."

    html = rendering.render(text, Notes([text]))

    assert 'See [the text<sup class="note"><a id="ref-1-a"' in html
    assert html.count("<a ") == html.count("</a>") == 1


@pytest.mark.django_db
def test_typed_element_is_no_place_of_a_mark():
    make.make_source(slug="one")
    text = 'A <sup></sup> b [@one]. <p id="p-12345678"> and id="p-12345678"'

    html = rendering.render(text, Notes([text]))

    assert "A &lt;sup&gt;&lt;/sup&gt; b<sup" in html
    assert html.count("[1]</a>") == 1
    assert html.count("p-12345678") == 2


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
