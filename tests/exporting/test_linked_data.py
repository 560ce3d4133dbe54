"""What pages say of themselves to machines (schema.org): true of the row, and of nothing hidden."""

import json

import pytest
from django.conf import settings

from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def described(client, row):
    html = client.get(row.get_absolute_url()).content.decode()
    return json.loads(html.split('<script type="application/ld+json">')[1].split("</script>")[0])


@pytest.mark.parametrize(
    ("event_status", "said"),
    [("held", "EventScheduled"), ("cancelled", "EventCancelled"), ("planned", "EventScheduled")],
)
def test_meeting_is_an_event_with_its_days_place_and_guests(client, event_status, said):
    place = make.make_place(city="Helsinki", country="FI", latitude="60.1699", longitude="24.9384")
    meeting = make.make_meeting(ends_on="2018-07-17", event_status=event_status, place=place)
    guest = make.make_participation(meeting=meeting).actor

    found = described(client, meeting)

    assert found["@type"] == "Event"
    assert found["eventStatus"] == f"https://schema.org/{said}"
    assert (found["startDate"], found["endDate"]) == ("2018-07-16", "2018-07-17")
    assert found["location"]["address"]["addressCountry"] == "FI"
    assert found["location"]["geo"]["latitude"] == 60.1699
    assert found["attendee"][0]["name"] == guest.name
    assert found["@id"] == settings.SITE_URL + meeting.get_absolute_url()


def test_statement_is_a_quotation_only_where_words_are_quoted(client):
    source = make.make_source()
    words = {"quotation": "Да.", "quotation_language": "ru", "quotation_source": source}

    quoted = described(client, make.make_reaction(sources=[source], **words))
    unquoted = described(client, make.make_reaction())

    assert (quoted["@type"], quoted["text"], quoted["inLanguage"]) == ("Quotation", "Да.", "ru")
    assert quoted["isBasedOn"]["name"] == source.title
    assert unquoted["@type"] == "Article"
    assert "text" not in unquoted


def test_nothing_is_said_that_is_not_known(client):
    place = make.make_place(country="")
    make.make_meeting(place=place)

    found = described(client, place)

    assert "geo" not in found
    assert "addressCountry" not in found["address"]


def test_text_cannot_end_the_block_it_stands_in(client):
    meeting = make.make_meeting(summary="</script><script>alert(1)</script> & <!--")

    assert described(client, meeting)["description"] == meeting.summary


def test_each_claim_that_is_assessed_is_reviewed_by_the_record(client):
    source = make.make_source(title="An essay", url="https://press.example/essay", authors="A. Nil")
    make.make_claim(
        source=source,
        order=10,
        text="They met once.",
        assessment="incorrect",
        note="They met [@x].",
    )
    make.make_claim(source=source, order=20, text="They met.", assessment="accurate")
    make.make_claim(source=source, order=30, text="They smiled.", assessment="")
    make.make_meeting(sources=[source])

    work, *reviews = described(client, source)["@graph"]

    page = settings.SITE_URL + source.get_absolute_url()
    assert (work["name"], work["mainEntityOfPage"]) == ("An essay", page)
    assert [review["url"] for review in reviews] == [f"{page}#claim-10", f"{page}#claim-20"]
    assert {review["@type"] for review in reviews} == {"ClaimReview"}
    assert {review["author"]["name"] for review in reviews} == {settings.SITE_NAME}
    assert reviews[0]["claimReviewed"] == "They met once."
    assert reviews[0]["reviewRating"] == {
        "@type": "Rating",
        "alternateName": "Incorrect",
        "ratingExplanation": "They met.",
    }
    assert reviews[1]["reviewRating"] == {"@type": "Rating", "alternateName": "Accurate"}
    assert reviews[0]["itemReviewed"] == {"@type": "Claim", "appearance": work}


def test_nothing_empty_is_said_in_a_list(client):
    meeting = make.make_participation(actor=make.make_actor(wikidata="")).meeting

    (guest,) = described(client, meeting)["attendee"]

    assert "sameAs" not in guest
