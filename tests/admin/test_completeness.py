"""The column and the filter of completeness in the list of meetings."""

import pytest

from meetings.models import Meeting
from tests import factories as make

from .helpers import address, recorded

pytestmark = pytest.mark.django_db


def rows(client, query=""):
    page = client.get(address(Meeting(), "changelist") + query)
    return page.context["cl"].result_list


def test_list_says_how_many_checks_each_meeting_meets(desk):
    make.make_meeting(slug="public")
    recorded(make.make_meeting(slug="ready", status="draft"))
    recorded(make.make_meeting(slug="bare", status="draft", body="It was held.", summary=""))

    page = desk.get(address(Meeting(), "changelist")).content.decode()

    for words in ("11/11", "11/11, ready", "9/11, not ready"):
        assert f'<td class="field-completeness">{words}</td>' in page


GAPS = {
    "page": "is missing.",
    "citation": "has no source. Cite one as [@slug].",
    "lede": "Lede is missing",
    "account": "is empty. Write it",
    "copy": "no archive copy",
    "reason": "Cancelled, but no reason given",
}


def test_filter_finds_the_meetings_whose_checklist_names_the_gap(desk):
    press = make.make_source(slug="press", url="https://a.example/")
    kept = make.make_source(
        slug="kept", url="https://b.example/", archived_url="https://kept.example/b"
    )
    texts = {"body": "Held [@kept].", "sources": [kept]}
    lacking = {
        "page": make.make_meeting(status="draft", format="", **texts),
        "citation": make.make_meeting(status="draft", body="Held.", sources=[kept]),
        "lede": make.make_meeting(summary="", **texts),
        "account": make.make_meeting(**texts),
        "copy": make.make_meeting(body="Held [@press].", sources=[press]),
        "reason": make.make_meeting(event_status="cancelled", sources=[kept]),
    }
    make.make_readout(meeting=lacking["account"], government="US")
    make.make_discussion(meeting=lacking["account"])
    make.make_meeting(**texts)
    unsourced_part = make.make_meeting(status="draft", **texts)
    make.make_outcome(meeting=unsourced_part, text="They agreed.")

    found = {gap: {row.pk for row in rows(desk, f"?lacks={gap}")} for gap in GAPS}

    listed = {gap: {row.pk for row in rows(desk) if names(row, GAPS[gap])} for gap in GAPS}
    assert found == listed
    assert found == {gap: {row.pk} for gap, row in lacking.items()} | {
        "citation": {lacking["citation"].pk, unsourced_part.pk}
    }


def names(row, words):
    gaps = row.completeness.must + row.completeness.should
    return any(words in gap.words for gap in gaps)
