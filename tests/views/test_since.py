"""Lists asked for what changed since a moment: what is new or other, and what is there no more."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db.models import F
from django.utils import timezone

from meetings.editing import acts, merges
from meetings.editing.revisions import record_loaded
from meetings.models import Actor, Place, Publication, Reference, Revision
from tests import factories as make
from tests.writers import changing

pytestmark = pytest.mark.django_db
BEFORE = timedelta(days=10)


def grow_old():
    """Let all acts and periods be ten days older."""
    record_loaded()
    Revision.objects.update(made_at=F("made_at") - BEFORE)
    Publication.objects.update(since=F("since") - BEFORE, until=F("until") - BEFORE)
    for model in Reference.__subclasses__():
        model.objects.update(first_public_at=F("first_public_at") - BEFORE)


def since_yesterday(client, name):
    """Return what changed since yesterday: the slugs that are there, what left and whereto."""
    day = (timezone.now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    data = client.get(f"/{name}.json?since={day}").json()
    lines = client.get(f"/{name}.csv?since={day}").getvalue().decode().splitlines()[1:]
    slugs = [row["slug"] for row in data["results"]]
    assert [line.split(",")[0] for line in lines] == slugs
    assert data["count"] == len(slugs)
    return slugs, {each["slug"]: each for each in data["left"]}


@pytest.fixture
def old():
    """A record of ten days ago, of whose issues one was never public."""
    issue = make.make_issue(slug="arms", title="Arms")
    make.make_issue(slug="draft", status="draft")
    meeting = make.make_meeting(slug="geneva", place=make.make_place(slug="geneva"))
    make.make_reaction(slug="said", meeting=meeting, actors=[make.make_actor(slug="abel")])
    grow_old()
    return {"issue": issue, "meeting": meeting}


def test_nothing_changed_since_all_grew_old(client, old):
    for name in ("meetings", "issues", "reactions", "people", "places", "sources", "themes"):
        assert since_yesterday(client, name) == ([], {})


def test_row_says_when_it_changed_and_is_listed_from_then_on(client, old):
    acts.save(entry=old["issue"], after=changing(old["issue"], title="Arms control"), note="So.")

    slugs, _ = since_yesterday(client, "issues")
    (row,) = client.get("/issues.json").json()["results"]
    at, after = row["changed"], datetime.fromisoformat(row["changed"]) + timedelta(microseconds=1)
    assert slugs == ["arms"]
    assert (row["address"], row["revision"]) == (f"{settings.SITE_URL}/issues/arms/", 2)
    assert client.get("/issues.json", {"since": at}).json()["count"] == 1
    assert client.get("/issues.json", {"since": after.isoformat()}).json()["count"] == 0


def test_what_became_public_by_its_time_or_by_its_meeting_is_new(client, old):
    due = timezone.now() - timedelta(hours=1)
    later = make.make_issue(slug="later", publish_at=timezone.now() + timedelta(days=1))
    hidden = make.make_meeting(slug="hidden", status="draft")
    make.make_reaction(slug="waiting", meeting=hidden, actors=[make.make_actor(slug="cain")])
    grow_old()
    type(later).objects.filter(pk=later.pk).update(publish_at=due)
    Publication.objects.filter(table="issue", object_id=later.pk).update(since=due)

    acts.publish(entry=hidden, note="It is read.")

    assert since_yesterday(client, "issues")[0] == ["later"]
    assert since_yesterday(client, "reactions")[0] == ["waiting"]
    assert since_yesterday(client, "people")[0] == ["cain"]
    (row,) = [r for r in client.get("/reactions.json").json()["results"] if r["slug"] == "waiting"]
    assert datetime.fromisoformat(row["changed"]) > timezone.now() - timedelta(hours=1)


def test_withdrawn_is_told_with_title_and_reason_and_what_went_with_it(client, old):
    acts.withdraw(entry=old["meeting"], reason="It was another meeting.")

    slugs, left = since_yesterday(client, "meetings")
    assert slugs == []
    assert left["geneva"] == {
        "slug": "geneva",
        "address": f"{settings.SITE_URL}/meetings/geneva/",
        "what": "withdrawn",
        "changed": left["geneva"]["changed"],
        "title": str(old["meeting"]),
        "reason": "It was another meeting.",
        "to": None,
    }
    assert since_yesterday(client, "reactions")[1]["said"]["what"] == "withdrawn"
    assert since_yesterday(client, "people")[1]["abel"]["what"] == "unused"
    assert since_yesterday(client, "places")[1]["geneva"]["what"] == "unused"


def test_what_was_withdrawn_before_or_never_public_is_not_told(client, old):
    acts.withdraw(entry=old["meeting"], reason="It was another meeting.")
    grow_old()
    draft = make.make_issue(slug="new", status="draft")
    acts.save(entry=draft, after=changing(draft, title="Newer"))

    assert since_yesterday(client, "meetings") == ([], {})
    assert since_yesterday(client, "issues") == ([], {})


def test_renamed_is_told_with_its_new_address(client, old):
    acts.save(entry=old["issue"], after=changing(old["issue"], slug="weapons"), note="The word.")

    slugs, left = since_yesterday(client, "issues")

    assert slugs == ["weapons"]
    assert (left["arms"]["what"], left["arms"]["to"]) == (
        "renamed",
        f"{settings.SITE_URL}/issues/weapons/",
    )


def test_merged_is_told_with_the_address_of_what_it_was_merged_into(client, old):
    kept, gone = Actor.objects.get(slug="abel"), make.make_actor(slug="able", name="Abel")
    make.make_participation(meeting=old["meeting"], actor=gone)
    grow_old()
    plan = merges.plan_merge(kept=kept, gone=gone)

    merges.apply_merge(kept=kept, gone=gone, note="One person.", seen=plan.digest)

    slugs, left = since_yesterday(client, "people")
    assert slugs == ["abel"]
    assert (left["able"]["what"], left["able"]["to"]) == (
        "merged",
        f"{settings.SITE_URL}/people/abel/",
    )


def test_reference_whose_first_day_is_not_marked_is_listed(client, old):
    Place.objects.update(first_public_at=None)

    assert since_yesterday(client, "places")[0] == ["geneva"]


def test_accounts_change_with_their_meeting_and_their_issue(client, old):
    make.make_discussion(meeting=old["meeting"], issue=old["issue"])
    make.make_account(meeting=old["meeting"], issue=old["issue"])
    grow_old()
    asked = {"since": (timezone.now() - timedelta(days=1)).date().isoformat()}
    before = client.get("/accounts.json", asked).json()["count"]

    acts.save(entry=old["issue"], after=changing(old["issue"], title="Arms control"), note="So.")

    (row,) = client.get("/accounts.json", asked).json()["results"]
    assert before == 0
    assert datetime.fromisoformat(row["changed"]) > datetime.now(UTC) - timedelta(hours=1)


@pytest.mark.parametrize("since", ["Monday", "2026-13-01", "0001-01-01T00:00+14:00"])
@pytest.mark.parametrize("name", ["meetings.json", "people.csv", "changes.json"])
def test_since_is_a_day_or_a_time(client, name, since):
    answer = client.get(f"/{name}", {"since": since})

    assert answer.status_code == 400
    assert f"since={since}" in answer.content.decode()
