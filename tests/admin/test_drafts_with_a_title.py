"""A draft with a title alone: saved at the desk, read nowhere else, completed to be published."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from meetings.editing import proposals
from meetings.editing.changes import with_cells
from meetings.editing.errors import Refused
from meetings.editing.snapshots import snapshot
from meetings.models import Issue, Meeting, Milestone, Page, Reaction, Revision, Theme
from meetings.tables.registry import TABLES_BY_MODEL
from tests import factories

from .helpers import address, form_data, open_form, recorded, revisions_of, send

pytestmark = pytest.mark.django_db
TITLES = {
    Meeting: "title",
    Issue: "title",
    Reaction: "attribution",
    Theme: "title",
    Milestone: "title",
    Page: "title",
}
INCOMPLETE = [Meeting, Reaction, Milestone]


def name_of(model):
    return model._meta.model_name


def draft_of(model):
    """Return a draft with a title alone, as the desk saves it."""
    entry = model(slug="talks", status="draft", **{TITLES[model]: "Talks"})
    entry.save()
    return recorded(entry)


@pytest.mark.parametrize("model", TITLES, ids=name_of)
def test_draft_is_saved_with_a_title_alone(desk, model):
    add = reverse(f"admin:meetings_{name_of(model)}_add")
    data = form_data(desk.get(add), f"{name_of(model)}_form")

    answer = desk.post(add, data | {TITLES[model]: "Talks in Anchorage", "_save": "Save"})

    assert answer.status_code == 302
    entry = model.objects.get()
    assert (entry.slug, entry.status) == ("talks-in-anchorage", "draft")
    assert revisions_of(entry) == ["save"]


def test_second_draft_of_a_name_gets_an_address_of_its_own(desk):
    draft_of(Theme)
    add = reverse("admin:meetings_theme_add")

    desk.post(add, form_data(desk.get(add), "theme_form") | {"title": "Talks", "_save": "Save"})

    assert set(Theme.objects.values_list("slug", flat=True)) == {"talks", "talks-2"}


def test_title_of_which_no_address_can_be_made_asks_for_one(desk):
    add = reverse("admin:meetings_theme_add")

    answer = desk.post(add, form_data(desk.get(add), "theme_form") | {"title": "Встреча"})

    assert answer.context["adminform"].form.errors["slug"] == ["Enter a slug."]
    assert not Theme.objects.exists()


@pytest.mark.parametrize("model", INCOMPLETE, ids=name_of)
def test_each_page_of_the_desk_shows_it(desk, model):
    entry = draft_of(model)
    pages = [address(entry, name) for name in ("changelist", "change", "history", "delete")]
    searched = address(entry, "changelist") + "?q=talks"

    for page in (*pages, searched, address(entry, "publish"), "/admin/"):
        assert desk.get(page).status_code == 200, page
    assert "Talks" in desk.get(searched).content.decode()
    shown = desk.get(reverse("admin:meetings_revision_changelist"))
    assert shown.status_code == 200


@pytest.mark.parametrize("model", INCOMPLETE, ids=name_of)
def test_it_has_no_page_until_it_has_what_a_page_shows(desk, client, model):
    entry = draft_of(model)

    preview = desk.post(address(entry, "preview"), open_form(desk, entry))
    name = f"admin:meetings_{name_of(model)}_revision"
    revision = desk.get(reverse(name, args=[entry.pk, 1]), follow=True)

    assert desk.get(entry.get_absolute_url()).status_code == 404
    assert "View on site" not in desk.get(address(entry)).content.decode()
    assert "There is no page to preview yet" in preview.content.decode()
    assert "Revision 1 has no page" in revision.content.decode()
    client.logout()
    for page in ("/", "/meetings/", "/reactions/", "/timeline/", "/search/?q=talks"):
        assert client.get(page).status_code == 200


@pytest.mark.parametrize("model", INCOMPLETE, ids=name_of)
def test_publication_asks_for_each_column_at_its_field(desk, model):
    entry = draft_of(model)
    data = open_form(desk, entry) | {"change_note": "Ready."}

    answer = send(desk, entry, data, button="_publish")

    asked = answer.context["adminform"].form.errors
    assert set(model.PUBLIC_COLUMNS) <= set(asked)
    entry.refresh_from_db()
    assert (entry.status, entry.revision) == ("draft", 1)


@pytest.mark.parametrize("model", INCOMPLETE, ids=name_of)
def test_publishing_it_as_stored_is_refused(desk, model):
    entry = draft_of(model)

    answer = desk.post(address(entry, "publish"), {"note": "Ready.", "seen": "1"}, follow=True)

    assert "Cannot be published yet" in answer.content.decode()
    entry.refresh_from_db()
    assert entry.status == "draft"


def test_file_that_publishes_it_is_refused(tmp_path):
    draft_of(Meeting)
    (tmp_path / "meetings.csv").write_text("slug,status\ntalks,published\n")

    with pytest.raises(Exception, match="first day is missing"):
        call_command("import_record", tmp_path / "meetings.csv", yes=True)

    assert Meeting.objects.get().status == "draft"


def test_new_row_of_a_file_needs_what_it_needed(tmp_path):
    (tmp_path / "meetings.csv").write_text("slug,title,status\ntalks,Talks,draft\n")

    with pytest.raises(Exception, match="A new row needs a starts_on"):
        call_command("import_record", tmp_path / "meetings.csv", yes=True)


def test_proposal_that_empties_what_a_page_shows_is_not_published():
    meeting = recorded(factories.make_meeting())
    own = TABLES_BY_MODEL[Meeting]
    emptied = with_cells(own, snapshot(meeting), starts_on="")
    proposal = proposals.save_proposal(
        entry=meeting, after=emptied, user=None, seen=0, seen_revision=1, note="Emptied."
    )

    with pytest.raises(Refused, match="first day is missing"):
        proposals.publish_proposal(
            entry=meeting, seen=proposal.number, seen_revision=1, user=None, note="Emptied."
        )

    meeting.refresh_from_db()
    assert meeting.starts_on


@pytest.mark.parametrize("model", INCOMPLETE, ids=name_of)
def test_scheduling_it_is_refused(desk, model):
    entry = draft_of(model)
    data = open_form(desk, entry) | {"publish_at": "2096-12-24 09:00", "change_note": "Ready."}

    answer = send(desk, entry, data, button="_publish")

    assert "is missing" in answer.content.decode()
    entry.refresh_from_db()
    assert entry.status == "draft"


@pytest.mark.parametrize("model", INCOMPLETE, ids=name_of)
@pytest.mark.parametrize("status", ["published", "withdrawn"])
def test_database_keeps_what_is_public_complete(model, status):
    entry = draft_of(model)

    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=entry.pk).update(status=status)


def test_it_is_completed_emptied_again_and_restored(desk):
    entry = draft_of(Milestone)
    send(desk, entry, open_form(desk, entry) | {"occurred_on": "2018-07-16", "kind": "talks"})
    send(desk, entry, open_form(desk, entry) | {"occurred_on": ""})
    entry.refresh_from_db()
    emptied = (entry.occurred_on, entry.kind, entry.revision)

    compared = desk.post(address(entry, "restore"), {"number": "1"}, follow=True)

    assert emptied == (None, "talks", 3)
    assert compared.status_code == 200


def test_what_is_exported_comes_back_to_the_byte(tmp_path):
    for model in INCOMPLETE:
        draft_of(model)
    call_command("export_record", tmp_path / "before")
    for model in INCOMPLETE:
        model.objects.all().delete()
    Revision.objects.all().delete()

    call_command("import_record", tmp_path / "before", yes=True)
    call_command("export_record", tmp_path / "after")

    for name in ("meetings", "reactions", "milestones"):
        before, after = (tmp_path / each / f"{name}.csv" for each in ("before", "after"))
        assert before.read_bytes() == after.read_bytes()
        assert b"talks" in after.read_bytes()
