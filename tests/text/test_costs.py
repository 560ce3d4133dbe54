"""Whatever 50,000 characters somebody types, they cost less than a tenth of a second."""

import time

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from meetings.models.fields import MOST_FORMATTING_SIGNS, validate_formatting
from meetings.text import markdown, rendering
from meetings.text.judging_words import judging_words
from meetings.text.sentences import count_uncited_sentences
from tests import factories as make
from tests.admin.helpers import open_form, send
from tests.importing.helpers import import_file, write
from tests.soak import repeats

LENGTH = 50_000
# Twice the tenth of a second that it may take on a core of its own.
MOST_SECONDS = 0.2
SIGNS = "[]()*_`<>&\\~|#!@-+1.: \n\taЯ“‘’"
READERS = (
    rendering.render,
    rendering.plain_text,
    markdown.cited_slugs,
    markdown.is_plain,
    count_uncited_sentences,
    judging_words,
)


def seconds(act, *given):
    """Return the processor time of an act; of several tries the least, since machines differ."""
    found = []
    for _ in range(3):
        began = time.process_time()
        act(*given)
        found.append(time.process_time() - began)
        if found[-1] < MOST_SECONDS:
            break
    return min(found)


def read(text):
    """Read a text as a page, a search and a check do, unless it is refused."""
    try:
        validate_formatting(text)
    except ValidationError:
        return
    for reader in READERS:
        assert seconds(reader, text) < MOST_SECONDS, (reader.__name__, text[:20])


@pytest.mark.parametrize("number", repeats(40, 1_000))
def test_any_markdown_is_read_in_a_moment_or_refused(number):
    @settings(
        max_examples=number,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        # To make a slow text smaller would take minutes.
        phases=(Phase.explicit, Phase.generate),
    )
    @given(st.text(SIGNS, min_size=1, max_size=6), st.integers(1, MOST_FORMATTING_SIGNS))
    @example("[", MOST_FORMATTING_SIGNS)
    @example("*_", MOST_FORMATTING_SIGNS // 2)
    @example("[a](", MOST_FORMATTING_SIGNS)
    @example("a\n", MOST_FORMATTING_SIGNS)
    @example("awful ‘ ", MOST_FORMATTING_SIGNS)
    def try_text(fragment, times):
        read((fragment * times)[:LENGTH] + "a" * (LENGTH - len(fragment) * times))
        read((fragment * LENGTH)[:LENGTH])

    try_text()


def test_text_with_too_many_signs_is_refused_with_their_number():
    with pytest.raises(ValidationError) as refused:
        validate_formatting("[" * 3_000)

    assert refused.value.messages == [
        "This text has 3,000 signs of formatting and line ends, such as [ and *; at most 2,500 are"
        " read. Take some out, or split the text."
    ]


REFUSED = "This text has 3,000 signs of formatting"


@pytest.mark.django_db
def test_such_a_text_is_refused_in_a_file(tmp_path):
    path = write(tmp_path, "issues", {"slug": "trade", "title": "Trade", "body": "[" * 3_000})

    (problem,) = import_file(path).problems

    assert (problem.line, problem.column) == (2, "body")
    assert problem.problem.startswith(REFUSED)


@pytest.mark.django_db
def test_such_a_text_is_refused_in_a_form_and_stays_typed(client):
    issue = make.make_issue(body="")
    client.force_login(make.make_editor())
    data = open_form(client, issue) | {"body": "[" * 3_000}

    answer = send(client, issue, data)

    html = answer.content.decode()
    assert answer.status_code == 200
    assert REFUSED in html
    assert "[" * 3_000 in html
