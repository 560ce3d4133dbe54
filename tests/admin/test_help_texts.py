"""What the desk's forms say beside the fields that are easily filled wrongly."""

import pytest

from meetings.admin.forms import RevisedForm
from meetings.models import Account, Meeting, Reaction, Source


@pytest.mark.parametrize(
    ("model", "column", "words"),
    [
        (Meeting, "summary", "One or two sentences: what it was, where, in what form. No"),
        (Account, "text", "Leave what others say about it to reactions."),
        (Reaction, "stance", "If unsure, choose neutral."),
        (Reaction, "role", "As on the day of the statement, not today."),
        (Source, "archived_url", "A saved copy, in case the page changes. Paste the full address."),
    ],
)
def test_field_says_what_belongs_in_it(model, column, words):
    assert words in model._meta.get_field(column).help_text


def test_change_note_says_that_it_is_public_and_gives_an_example():
    help_text = RevisedForm.base_fields["change_note"].help_text

    assert help_text.startswith("One line, public. Say what changed and why: “Length corrected")
