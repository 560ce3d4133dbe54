"""The options of a filter: those at zero stay, and a long list of ticks is not shown whole."""

import re

import pytest

from .. import factories as make

pytestmark = pytest.mark.django_db


def ticks(client, query, name):
    """Return the options of a filter that stand first, and those behind "more"."""
    page = client.get(f"/reactions/?{query}")
    group = next(group for group in page.context["groups"] if group["name"] == name)
    return group["first"], group["rest"], page.content.decode()


def test_ticks_at_zero_stay_and_are_muted(client):
    issues = [make.make_issue(title=title) for title in ("Arms", "Trade")]
    make.make_reaction(issues=issues[:1], affiliation="Left", stance="critical")
    make.make_reaction(issues=issues[1:], affiliation="Right", stance="mixed")

    for name, labels in (("issue", ["Arms", "Trade"]), ("affiliation", ["Left", "Right"])):
        first, _, text = ticks(client, "stance=mixed", name)
        assert [(option.label, option.count) for option in first] == [
            (labels[0], 0),
            (labels[1], 1),
        ]
        assert re.search(rf'choice is-muted">\s*<input[^>]+>\s*<span>{labels[0]}</span>', text)


@pytest.mark.parametrize(("number", "behind"), [(7, 0), (8, 2)])
def test_long_list_of_ticks_shows_six_and_discloses_the_rest(client, number, behind):
    issues = [make.make_issue(title=f"Issue {letter}") for letter in "ABCDEFGH"[:number]]
    make.make_reaction(issues=issues)

    first, rest, text = ticks(client, "", "issue")

    assert (len(first), len(rest)) == (number - behind, behind)
    assert (f"{behind} more<span" in text) == bool(behind)
    assert '<details class="more" open>' not in text


def test_rest_of_the_ticks_is_open_where_one_is_chosen(client):
    issues = [make.make_issue(title=f"Issue {letter}") for letter in "ABCDEFGH"]
    make.make_reaction(issues=issues)

    assert '<details class="more" open>' in ticks(client, f"issue={issues[-1].slug}", "issue")[2]


def test_statement_of_a_group_is_found_by_each_members_country(client):
    meeting = make.make_meeting()
    leaders = [make.make_actor(country=code) for code in ("SE", "EE")]
    group = make.make_actor(country="", kind="organisation")
    for attribution, country, actors in (
        ("Eight states", "", [group, *leaders]),
        ("A union", "", [group]),
        ("Estonia alone", "EE", leaders),
    ):
        make.make_reaction(meeting=meeting, attribution=attribution, country=country, actors=actors)

    def found(query):
        rows = client.get(f"/reactions.json?country={query}").json()["results"]
        page = client.get(f"/reactions/?country={query}")
        file = client.get(f"/reactions.csv?country={query}").getvalue().decode()
        assert page.context["total"] == len(rows) == file.count("\n") - 1
        return sorted(row["attribution"] for row in rows)

    assert found("SE") == ["Eight states"]
    assert found("EE") == ["Eight states", "Estonia alone"]
    assert found("none") == ["A union"]
    assert found("SE&country=none") == ["A union", "Eight states"]
    (offered,) = (
        group for group in client.get("/reactions/").context["groups"] if group["name"] == "country"
    )
    assert {option.value: option.count for option in offered["options"]} == {
        "EE": 2,
        "SE": 1,
        "none": 1,
    }
