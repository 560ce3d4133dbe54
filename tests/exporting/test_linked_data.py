"""What pages say of themselves to machines (schema.org): true of the row, and of nothing hidden."""

import json
from datetime import date

import pytest
from django.conf import settings

from meetings.editing import acts
from meetings.editing.revisions import record_loaded
from meetings.exporting.releases import make_release
from tests import factories as make
from tests.writers import written

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def described(client, row):
    html = client.get(row.get_absolute_url()).content.decode()
    text = html.split('<script type="application/ld+json">')[1].split("</script>")[0]
    return json.loads(text)["@graph"]


def page_of(client, row):
    """Return what is said of the page itself."""
    return described(client, row)[0]


def subject_of(client, row):
    """Return what is said of what the page is about."""
    page, subject, *_ = described(client, row)
    assert page["about"] == page["mainEntity"] == {"@id": subject["@id"]}
    return subject


@pytest.mark.parametrize(
    ("event_status", "said"),
    [("held", "EventScheduled"), ("cancelled", "EventCancelled"), ("planned", "EventScheduled")],
)
def test_meeting_is_an_event_with_its_days_place_and_guests(client, event_status, said):
    place = make.make_place(city="Helsinki", country="FI", latitude="60.1699", longitude="24.9384")
    meeting = make.make_meeting(ends_on="2018-07-17", event_status=event_status, place=place)
    guest = make.make_participation(meeting=meeting).actor

    found = subject_of(client, meeting)

    assert found["@type"] == "Event"
    assert found["eventStatus"] == f"https://schema.org/{said}"
    assert (found["startDate"], found["endDate"]) == ("2018-07-16", "2018-07-17")
    assert found["location"]["address"]["addressCountry"] == "FI"
    assert found["location"]["geo"]["latitude"] == 60.1699
    assert found["attendee"][0]["name"] == guest.name
    assert found["url"] == settings.SITE_URL + meeting.get_absolute_url()


def test_statement_is_a_quotation_only_where_words_are_quoted(client):
    source = make.make_source()
    words = {"quotation": "Да.", "quotation_language": "ru", "quotation_source": source}

    quoted = subject_of(client, make.make_reaction(sources=[source], **words))
    unquoted = page_of(client, make.make_reaction())

    assert (quoted["@type"], quoted["text"], quoted["inLanguage"]) == ("Quotation", "Да.", "ru")
    assert quoted["isBasedOn"]["headline"] == source.title
    assert unquoted["@type"] == "Article"
    assert "mainEntity" not in unquoted


def test_nothing_is_said_that_is_not_known(client):
    place = make.make_place(country="")
    make.make_meeting(place=place)

    found = subject_of(client, place)

    assert "geo" not in found
    assert "addressCountry" not in found["address"]


def test_text_cannot_end_the_block_it_stands_in(client):
    meeting = make.make_meeting(summary="</script><script>alert(1)</script> & <!--")

    assert page_of(client, meeting)["description"] == meeting.summary


def test_each_claim_that_is_assessed_is_reviewed_by_the_record(client):
    source = make.make_source(
        title="An essay", kind="news", url="https://press.example/essay", authors="A. Nil"
    )
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

    _, work, *reviews, _ = described(client, source)

    page = settings.SITE_URL + source.get_absolute_url()
    assert (work["headline"], work["mainEntityOfPage"]) == ("An essay", page)
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
    assert reviews[0]["itemReviewed"] == {
        "@type": "Claim",
        "appearance": {"@id": work["@id"]},
    }


def test_nothing_empty_is_said_in_a_list(client):
    meeting = make.make_participation(actor=make.make_actor(wikidata="")).meeting

    (guest,) = subject_of(client, meeting)["attendee"]

    assert "sameAs" not in guest


def test_page_says_who_publishes_it_under_what_licence_and_where_it_stands(client, settings):
    settings.CONTENT_LICENCE = "CC-BY-4.0"
    issue = make.make_issue(title="Arms control", summary="Treaties [@x] on arms.")
    acts.save(entry=issue, after=written(issue, issue.save))

    page, crumbs = described(client, issue)

    day = date.today().isoformat()
    assert (page["@type"], page["headline"]) == ("Article", "Arms control")
    assert page["description"] == "Treaties on arms."
    assert (page["datePublished"], page["dateModified"]) == (day, day)
    assert page["author"] == page["publisher"]
    assert page["publisher"]["name"] == settings.SITE_NAME
    assert page["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert (page["isPartOf"]["@type"], page["inLanguage"]) == ("WebSite", "en")
    assert page["sameAs"].endswith("/r1/")
    assert [(each["position"], each["name"]) for each in crumbs["itemListElement"]] == [
        (1, "Home"),
        (2, "Issues"),
        (3, "Arms control"),
    ]


def test_person_is_the_one_of_wikidata(client):
    actor = make.make_actor(name="Ann Roe", wikidata="Q42", description="Minister.")
    make.make_participation(actor=actor)

    person = subject_of(client, actor)

    assert (person["@type"], person["description"]) == ("Person", "Minister.")
    assert person["sameAs"] == "https://www.wikidata.org/entity/Q42"


def test_words_are_those_of_whoever_has_a_page(client):
    actor = make.make_actor(name="Ann Roe")
    source = make.make_source()
    words = {"quotation": "Yes.", "quotation_language": "en", "quotation_source": source}
    reaction = make.make_reaction(actors=[actor], attribution="Roe", sources=[source], **words)

    quoted = subject_of(client, reaction)

    assert [creator["name"] for creator in quoted["creator"]] == ["Ann Roe"]


# What Google asks for of a dataset, and what it recommends.
# https://developers.google.com/search/docs/appearance/structured-data/dataset
OF_A_DATASET = {
    *("name", "description", "creator", "distribution", "includedInDataCatalog", "identifier"),
    *("isAccessibleForFree", "keywords", "license", "measurementTechnique", "spatialCoverage"),
    *("temporalCoverage", "variableMeasured", "url"),
}


def test_dataset_is_described_by_all_of_the_list_of_google(client):
    place = make.make_place(city="Helsinki", country="FI")
    make.make_meeting(starts_on="2018-07-16", place=place)

    html = client.get("/data/").content.decode()
    text = html.split('<script type="application/ld+json">')[1].split("</script>")[0]
    _, dataset, _ = json.loads(text)["@graph"]

    assert OF_A_DATASET - dataset.keys() == set()
    assert 50 <= len(dataset["description"]) <= 5000
    assert (dataset["temporalCoverage"], dataset["spatialCoverage"]) == (
        "2018-07-16/2018-07-16",
        ["Finland"],
    )
    first = dataset["distribution"][0]
    assert first["encodingFormat"] == "application/zip"
    assert first["contentUrl"] == f"{settings.SITE_URL}/data/record.zip"


def test_release_is_a_dataset_of_its_own_and_a_part_of_the_whole(client):
    make.make_meeting()
    record_loaded()
    release = make_release(note="For libraries.")

    frozen = subject_of(client, release)
    html = client.get("/data/").content.decode()
    text = html.split('<script type="application/ld+json">')[1].split("</script>")[0]
    _, whole, _ = json.loads(text)["@graph"]

    assert (whole["version"], whole["hasPart"]) == (release.version, [frozen])
    assert frozen["isPartOf"] == {"@id": whole["@id"]}
    assert {"name", "description", "creator", "license", "identifier"} <= frozen.keys()
    assert len(frozen["description"]) >= 50
    (file,) = frozen["distribution"]
    assert file["contentUrl"] == f"{settings.SITE_URL}{release.zip_url}"


def test_home_is_the_website(client):
    html = client.get("/").content.decode()
    text = html.split('<script type="application/ld+json">')[1].split("</script>")[0]

    site = json.loads(text)

    assert (site["@type"], site["name"]) == ("WebSite", settings.SITE_NAME)
