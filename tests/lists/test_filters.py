"""The filters of the lists: what they offer is there, and what they do not know they name."""

import re

import pytest
from django.test import Client

from meetings.models import Issue, Meeting

from .. import factories as make
from ..addresses import LISTS
from ..content import record as record

pytestmark = pytest.mark.django_db

MARKUP = "<script>alert(1)</script>\"'"
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;"


def groups(view):
    return view.filterset_class(queryset=view().get_queryset()).groups


# Whether both databases count alike is asked of some choices of each, in tests/views/test_data.py.
@pytest.mark.one_database
@pytest.mark.parametrize(("name", "view"), LISTS.items(), ids=LISTS)
def test_every_choice_gives_as_many_rows_as_it_says(name, view):
    client = Client()
    choices = [(group["name"], option) for group in groups(view) for option in group["options"]]

    said = {(group, option.value): option.count for group, option in choices}
    given = {pair: client.get(f"/{name}/", dict([pair])).context["total"] for pair in said}

    assert len(said) > 5
    assert given == said


@pytest.mark.parametrize(
    ("what", "name", "model"),
    [
        ("meetings", "issue", Issue),
        ("issues", "meeting", Meeting),
        ("reactions", "meeting", Meeting),
        ("reactions", "issue", Issue),
    ],
)
def test_choices_of_entries_are_entries_of_that_kind(what, name, model):
    group = next(group for group in groups(LISTS[what]) if group["name"] == name)

    titles = dict(model.objects.published().values_list("slug", "title"))
    assert len(group["options"]) > 5
    assert all(titles[option.value] == option.label for option in group["options"])


def test_entries_of_one_title_are_told_apart(client):
    meetings = [make.make_meeting(slug=slug, title="Call") for slug in ("call-one", "call-two")]
    for meeting in meetings:
        make.make_reaction(meeting=meeting)

    page = client.get("/reactions/?meeting=call-one").content.decode()

    assert "<title>Reactions: Call (call-one) " in page
    assert re.search(r'<option value="call-two">Call \(call-two\) ', page)


def test_values_of_two_filters_that_are_one_word_make_two_titles(client):
    make.make_reaction(capacity="party", affiliation="Party")

    titles = [
        re.search("<title>(.*)</title>", client.get(f"/reactions/?{query}").content.decode())[1]
        for query in ("capacity=party", "affiliation=Party")
    ]

    assert len(set(titles)) == 2


@pytest.mark.parametrize(("name", "view"), LISTS.items(), ids=LISTS)
def test_ignored_values_are_named_and_escaped(client, name, view):
    first = next(iter(view.filterset_class.base_filters))

    page = client.get(f"/{name}/", {first: MARKUP, "sort": "upwards"})

    text = page.content.decode()
    assert page.status_code == 200
    assert f"We ignored “{first}={ESCAPED}”" in text
    assert "We ignored “sort=upwards”" in text
    assert "<script" not in text


def test_ignored_years_of_the_table_are_named_and_escaped(client):
    page = client.get("/issues/by-meeting/", {"from": MARKUP, "to": "1000"})

    text = page.content.decode()
    assert f"We ignored “from={ESCAPED}”" in text
    assert "We ignored “to=1000”" in text
    assert "<script" not in text
