"""What is typed, as the words and phrases to look for."""

import pytest

from meetings.search.expressions import fts5, tsquery
from meetings.search.terms import MAX_TERMS, Query


def forms(text):
    return [term.forms for term in Query(text).terms]


def test_words_are_looked_for_one_by_one_and_each_once():
    assert forms("Arms control, arms CONTROL") == [(("arms",),), (("control",),)]


@pytest.mark.parametrize("text", ['"arms control"', "“arms control”", "«arms control»"])
def test_words_in_quotation_marks_are_one_term(text):
    (term,) = Query(text).terms

    assert term.forms == (("arms", "control"),)
    assert term.is_exact


def test_quotation_mark_without_its_other_leaves_words():
    assert forms('start "arms control') == [(("start",),), (("arms",),), (("control",),)]


def test_short_words_are_looked_for_whole():
    short, long = Query("US sanctions").terms

    assert (short.is_exact, long.is_exact) == (True, False)


def test_cyrillic_words_are_looked_for_in_each_way_to_write_them():
    written = {form[0] for form in forms("Юрий")[0]}

    assert {"yuri", "yury", "yuriy", "iurii"} <= written


def test_accent_typed_as_a_sign_of_its_own_makes_no_difference():
    assert forms("Erdog\u0306an") == forms("Erdoğan") == [(("erdogan",),)]


@pytest.mark.parametrize("text", ["", "  ", "—", '""', "😀", "*()&|!:<>"])
def test_signs_alone_ask_for_nothing(text):
    assert not Query(text)


def test_more_words_than_anybody_types_are_cut_and_that_is_known():
    query = Query(" ".join(f"word{n}" for n in range(100_000)))

    assert len(query.terms) == MAX_TERMS
    assert query.is_cut
    assert not Query("two words").is_cut


def test_each_database_is_asked_in_its_own_syntax():
    terms = Query('sanct "arms control" US').terms

    assert fts5(terms) == '("sanct" *) AND ("arms control") AND ("us")'
    assert fts5(terms, in_title=True, any_of=True).startswith('{title} : (("sanct" *) OR ')
    assert tsquery(terms) == "((sanct:*)) & ((arms <-> control)) & ((us))"
    assert tsquery(terms[:2], in_title=True) == "((sanct:*A)) & ((arms:A <-> control:A))"
