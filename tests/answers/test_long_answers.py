"""Long files are sent while they are made, by a few threads: the others are there for pages."""

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import Client

from meetings.answers import making
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
LONG = "/meetings.json"


@pytest.fixture(autouse=True)
def _every_list_is_long(pages_are_kept, monkeypatch):
    monkeypatch.setattr(making, "MOST_GATHERED_BYTES", 10)
    make.make_meeting(slug="helsinki", title="Helsinki")
    # Answers that are closed here end no request.
    request_finished.disconnect(close_old_connections)
    yield
    request_finished.connect(close_old_connections)


def ask(path=LONG):
    """Return an answer of which nothing was read yet, or a little."""
    return Client().get(path)


def test_pages_and_short_files_are_answered_while_all_places_are_taken():
    open_ones = [ask() for _ in range(making.MOST_LONG_ANSWERS)]

    refused = ask()
    others = [ask(path).status_code for path in ("/meetings/", "/meetings/helsinki.json")]
    known = Client().get(LONG, headers={"if-none-match": open_ones[0]["ETag"]})

    assert (refused.status_code, refused["Retry-After"]) == (503, "30")
    assert refused.json()["error"].startswith("Other long files are being sent")
    assert refused["Cache-Control"] == "no-store"
    assert others == [200, 200]
    assert (known.status_code, Client().head(LONG).status_code) == (304, 200)
    for answer in open_ones:
        answer.close()


def test_refusal_of_a_table_is_text():
    open_ones = [ask() for _ in range(making.MOST_LONG_ANSWERS)]

    refused = ask("/meetings.csv")

    assert (refused.status_code, refused["Content-Type"]) == (503, "text/plain")
    for answer in open_ones:
        answer.close()


@pytest.mark.parametrize("is_read", [False, True], ids=["cut off", "read to its end"])
def test_place_is_free_again_however_an_answer_ends(is_read):
    for _ in range(3 * making.MOST_LONG_ANSWERS):
        answer = ask()
        assert answer.status_code == 200
        if is_read:
            assert b"Helsinki" in answer.getvalue()
        else:
            answer.close()


def test_place_is_free_again_after_a_fault():
    for _ in range(3 * making.MOST_LONG_ANSWERS):
        content = making.InItsPlace(1 / 0 for _ in range(1))
        assert making.places_for_long_answers.acquire(blocking=False)
        with pytest.raises(ZeroDivisionError):
            list(content)
        content.close()
        content.close()
