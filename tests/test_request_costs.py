"""Whatever 50,000 characters a reader sends, they are answered clearly, in less than a tenth of a
second more than a few."""

import time
from itertools import count
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.soak import repeats

from .test_bad_input import DATA, NAMES, PATHS, is_clear
from .test_bad_input import known as known

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_are_kept")]
LENGTH = 50_000
# Twice the tenth of a second that it may take on a core of its own.
MOST_SECONDS = 0.2
SEARCHES = ("/search/", "/search.json")
ODD = ["a", "a ", '"', "-", "-a ", "(a OR ", "*", "%", "_", "\\", "İ", "ﷺ", "e\u0301", "中"]
ODD += ["\x00", "&", "1,"]
FRAGMENTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=6) | st.sampled_from(ODD)


serial = count(1)


def seconds(path, query):
    """Return the processor time of an answer; of several tries the least, since machines differ."""
    found = []
    for number in range(5):
        client = Client(raise_request_exception=False)
        # Nothing that was made for the last try is found again.
        began = time.process_time()
        answer = client.get(path, QUERY_STRING=f"{query}{'.' * number}")
        found.append(time.process_time() - began)
        assert is_clear(answer), (path, query[:40], answer.status_code)
        if found[-1] < MOST_SECONDS:
            break
    return min(found)


@pytest.mark.parametrize("number", repeats(25, 600))
def test_any_parameter_is_read_in_a_moment(number):
    @settings(
        max_examples=number,
        derandomize=number < 100,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        # To make a slow text smaller would take minutes.
        phases=(Phase.explicit, Phase.generate),
    )
    @given(
        st.sampled_from([*PATHS, *DATA, *SEARCHES * 8]),
        st.sampled_from(NAMES),
        FRAGMENTS,
        st.integers(1, 50),
    )
    def try_text(path, name, fragment, values):
        name = "q" if path in SEARCHES else name
        usual = seconds(path, urlencode({name: f"known{next(serial)}"}))
        text = (fragment * LENGTH)[: LENGTH // values]
        query = "&".join([f"{name}={quote(text)}"] * values)
        assert seconds(path, query) < usual + MOST_SECONDS, (path, name, fragment, values)

    try_text()
