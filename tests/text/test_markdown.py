"""Citation markers: Pandoc's syntax, read in Markdown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.text import markdown, rendering
from meetings.text.markdown import Citation


@pytest.mark.parametrize(
    ("text", "citations"),
    [
        ("Said so [@one].", [Citation("one")]),
        ("Said so [@one-2, p. 4].", [Citation("one-2", "p. 4")]),
        ("Said so [@one; @two, ch. 2].", [Citation("one"), Citation("two", "ch. 2")]),
        ("**Bold [@one]** and *more [@two]*.", [Citation("one"), Citation("two")]),
        ("- item [@one]", [Citation("one")]),
        ("> quoted [@one]", [Citation("one")]),
        ("`[@code]` is shown, not cited", []),
        ("a [link](/x/) and an @ sign", []),
    ],
)
def test_markers_are_read(text, citations):
    found = [c for paragraph in markdown.paragraphs(text) for c in paragraph.citations]

    assert found == citations


@pytest.mark.parametrize(
    "text",
    ["[@One]", "[@]", "[@one", "[@one, ]", "[@one two]", "[@one;]", "[@one; two]", "[@a--b]"],
)
def test_markers_that_cannot_be_read_are_found(text):
    assert markdown.broken_markers(f"Said so {text}.")
    assert markdown.cited_slugs(f"Said so {text}.") == ()


def test_sources_are_named_once_in_order_of_first_use():
    text = "First [@b]. Then [@a; @b].\n\n## Heading [@c]\n\nLast [@a]."

    assert markdown.cited_slugs(text) == ("b", "a", "c")


def test_every_paragraph_and_item_owes_a_citation_and_headings_do_not():
    """Two of five: the item without a marker, and the last paragraph; the heading is none."""
    text = "## Heading\n\nOne [@a].\n\n- two [@a]\n- three\n\nFour [@a]\nstill four.\n\nFive five."

    uncited = markdown.uncited_paragraphs(text)

    assert len(list(markdown.paragraphs(text))) == 5
    assert [paragraph.opening for paragraph in uncited] == ["three", "Five five."]


SIGNS = ["word", "Said so", " ", "  ", "    ", "\n", "\n\n", " \n", ".", ",", ";", ":", "[@one]"]
SIGNS += ["[@one, p. 4; @two]", "[@One]", "[@", "[", "]", "@x", "- ", "1. ", "1.", "---", "+", "é"]
SIGNS += ["*", "_", "#", "`", "<", ">", "\\", "&amp;", "!", "|", "(", ")", "https://a.b", "\t", '"']


@given(st.lists(st.sampled_from(SIGNS), max_size=12).map("".join))
def test_plain_text_is_read_as_the_parser_reads_it(text):
    slow = [markdown.paragraph_of(t) for t in markdown.parse(text) if t.type == "inline"]

    if markdown.is_plain(text):
        assert list(markdown.paragraphs(text)) == slow
        assert rendering.plain_text(text) == rendering.parsed_plain_text(text)
