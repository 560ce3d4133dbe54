"""The sentences that a source supports: those that its markers end or hold."""

import pytest

from meetings.text.sentences import (
    CitedSentence,
    cited_sentences,
    count_uncited_sentences,
    shorten,
)


def words(text, slug="a"):
    return [statement.words for statement in cited_sentences(text, slug)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He said so [@a]. She denied it [@b].", ["He said so."]),
        ("He said so. [@a] She denied it. [@b]", ["He said so."]),
        ("First he spoke. Then he left [@a].", ["Then he left."]),
        ("He said so [@a], and she did not [@b].", ["He said so, and she did not."]),
        ("[@a] He said so. She did not.", ["He said so."]),
        ("He said so [@b; @a].", ["He said so."]),
        ("“So be it.” He left [@a].", ["He left."]),
        ("The U.S. President met Sen. Lee at 5 p.m. on Monday [@a].", None),
        ("A length of 1.5 hours was given… by one side [@a].", None),
        ("Said\nin *two* lines of `words` [@a].", ["Said in two lines of words."]),
        ("- One [@a].\n- Two [@b].\n- Three [@a].", ["One.", "Three."]),
        ("No stop at the end [@a]", ["No stop at the end"]),
        ("One [@a]. Two [@a].\n\nThree [@a].", ["One.", "Two.", "Three."]),
        ("Only another [@ab]. And an address: x@a.example.", []),
        ("[@a]", []),
    ],
)
def test_sentence_of_the_marker_is_found(text, expected):
    whole = [text.replace(" [@a]", "")]

    assert words(text) == (whole if expected is None else expected)


def test_sentence_with_two_markers_of_a_source_is_one_statement_with_both_places():
    found = list(cited_sentences("He said so [@a, p. 4], and so did she [@a, p. 9; @b].", "a"))

    assert found == [CitedSentence("He said so, and so did she.", ("p. 4", "p. 9"))]


def test_long_sentence_is_cut_around_its_marker():
    text = f"{'before ' * 100}here [@a] {'after ' * 100}"

    (found,) = words(text)

    assert found.startswith("… before")
    assert found.endswith("after …")
    assert " here after" in found
    assert len(found.split()) == 60 + 2


def test_short_sentence_is_left_whole():
    assert shorten("Just a few  words.", 4) == "Just a few words."


def test_a_text_of_a_million_characters_is_read_in_a_moment():
    text = "A sentence that says something [@a]. " * 27_000

    assert len(words(text)) == 27_000


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("He said so [@a].", 0),
        ("He said so. She did not. Both left [@a].", 2),
        ("He said so [@a]. She did not.", 1),
        ("He said *so* [@a]. She did not.", 1),
        ("He said so. [@a] She did not. [@b]", 0),
        # A paragraph without any source is what publication asks about.
        ("He said so. She did not.\n\nBoth left [@a].", 0),
        ("- One. Two [@a].\n- Three [@a]. Four.", 2),
    ],
)
def test_sentences_without_a_source_of_their_own_are_counted(text, number):
    assert count_uncited_sentences(text) == number
