"""Words that judge are found in the record's own words, and in nothing that it quotes."""

import pytest

from meetings.text.judging_words import WORDS, judging_words


def test_list_of_words_is_in_order_and_in_small_letters():
    assert sorted({word.lower() for word in WORDS}) == WORDS


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A stunning, disastrous and Stunning talk [@a].", ("stunning", "disastrous")),
        ('He called it “stunning” and "disastrous", she «awful».', ()),
        ("He called it ‘a stunning, if Putin’s own, talk’.", ()),
        ("Putin’s stunning talk.", ("stunning",)),
        ("> A stunning talk.\n\nThey met.", ()),
        ("A [talk](/themes/stunning/) of the notoriously-stunning kind [@stunning].", ()),
        ("*Shameful*, he wrote.", ("shameful",)),
    ],
)
def test_words_that_judge_are_found_outside_quotations(text, found):
    assert judging_words(text) == found
