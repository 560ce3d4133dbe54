"""Search in the desk's lists and choosers: what public search finds, and drafts."""

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from meetings.editing.revisions import record_loaded
from meetings.models import Actor, Discussion, Meeting, Outcome, Reaction, Source
from meetings.search import Query, RankedMatches, SearchMatches
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def record():
    """Meetings, public and not, that name a person, an issue and a word in their parts alone."""
    names = {"name": "Vladimir Putin", "other_names": "Владимир Путин"}
    putin = make.make_actor(slug="vladimir-putin", **names)
    syria = make.make_issue(title="Syria")
    for slug, status in (("geneva", "published"), ("secret", "draft")):
        meeting = make.make_meeting(slug=slug, title=f"Talks in {slug}", status=status)
        make.make_participation(meeting=meeting, actor=putin)
        make.make_discussion(meeting=meeting, issue=syria)
        make.make_account(meeting=meeting, issue=syria, government="RU", text="On corridors.")
        make.make_outcome(meeting=meeting, text="A ceasefire.")
    make.make_reaction(slug="said", attribution="Ana", summary="On corridors.", status="draft")
    make.make_source(
        slug="list", title="Dan", publisher="Večernji list", url="https://vecernji.example/dan"
    )
    record_loaded()


def found(client, model, text):
    """Return the slugs of what a list of the desk shows for a search, or of their meetings."""
    address = reverse(f"admin:meetings_{model._meta.model_name}_changelist")
    rows = client.get(address, {"q": text}).context["cl"].result_list
    return sorted(getattr(row, "slug", "") or row.meeting.slug for row in rows)


@pytest.mark.parametrize(
    ("model", "text", "slugs"),
    [
        (Actor, "Путин", ["vladimir-putin"]),
        (Actor, "putin vlad", ["vladimir-putin"]),
        (Source, "večernji", ["list"]),
        (Source, "VEČERNJI", ["list"]),
        (Source, "vecernji.example", ["list"]),
        (Meeting, "Putin", ["geneva", "secret"]),
        (Meeting, "syria", ["geneva", "secret"]),
        (Meeting, "Corridors", ["geneva", "secret"]),
        (Meeting, "ceasefire", ["geneva", "secret"]),
        (Meeting, "alks in gen", ["geneva"]),
        (Meeting, "nowhere", []),
        (Discussion, "corridors", ["geneva", "secret"]),
        (Outcome, "CEASEFIRE", ["geneva", "secret"]),
        (Reaction, "corridors", ["said"]),
    ],
)
def test_lists_find_by_the_index_and_by_django(desk, record, model, text, slugs):
    assert found(desk, model, text) == slugs


@pytest.mark.parametrize("text", ["Putin", "syria", "путин", "corridors", '"talks in geneva"'])
def test_desk_finds_what_public_search_finds(desk, record, text):
    matches = SearchMatches(Query(text))
    public = {document.entry_id for document in RankedMatches(matches, "meetings")[:50]}

    at_desk = Meeting.objects.filter(slug__in=found(desk, Meeting, text))

    assert public
    assert public <= {meeting.pk for meeting in at_desk}


def test_documents_tell_nothing_of_what_a_user_may_not_read(client, record):
    """A reaction's document names its meeting: who may not read meetings learns nothing of one."""
    draft = Meeting.objects.get(slug="secret")
    make.make_reaction(slug="open", attribution="Eve", meeting=draft)
    record_loaded()
    viewer = User.objects.create_user("vera", is_staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename="view_reaction"))
    client.force_login(viewer)

    assert found(client, Reaction, "secret") == []
    assert found(client, Reaction, "eve") == ["open"]


def test_chooser_finds_by_the_index(desk, record):
    query = {"app_label": "meetings", "model_name": "reaction", "field_name": "actors"}

    answer = desk.get(reverse("admin:autocomplete"), query | {"term": "Путин"})

    assert [row["text"] for row in answer.json()["results"]] == ["Vladimir Putin"]
