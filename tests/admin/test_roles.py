"""What the roles can do at the desk: its forms hide what would be refused, and POST is refused."""

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from meetings.editing.revisions import record_loaded
from meetings.models import Import, Meeting, Revision, Source
from tests import factories as make

from .helpers import address, errors, form_data, open_form, recorded, revisions_of, send
from .wizard import choose, page, plan, reactions, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer(client):
    client.force_login(make.make_member("writer"))
    return client


def public_source(**values):
    source = make.make_source(slug="paper", title="Paper", **values)
    make.make_milestone(sources=[source])
    return recorded(source)


@pytest.mark.parametrize(
    ("role", "is_used", "words"),
    [
        ("editor", True, "Used by 1 published entry: your change is public at once, and needs"),
        (
            "writer",
            True,
            "Used by 1 published entry: only those who may publish change it. Others prepare a",
        ),
        ("writer", False, "Nothing published uses it: what you change is public once something"),
    ],
)
def test_form_of_a_reference_says_whether_a_change_is_public(client, role, is_used, words):
    source = public_source() if is_used else recorded(make.make_source())
    client.force_login(make.make_member(role))

    text = client.get(address(source)).content.decode()

    assert words in text
    assert ('name="_save"' in text) is (role == "editor" or not is_used)


def test_editor_corrects_a_public_reference_with_a_note(desk):
    source = public_source()
    data = open_form(desk, source) | {"title": "Paper, corrected"}

    refused = send(desk, source, data)
    assert "Write a change note: one line, public, on what changed and why." in errors(refused)
    assert form_data(refused, "source_form")["title"] == "Paper, corrected"
    data |= {"change_note": "Misread.", "change_kind": "correction"}
    refused = send(desk, source, data)
    assert "Say what was wrong: a correction names it in public." in errors(refused)
    done = send(desk, source, data | {"change_wrong": "The title left half out."})

    assert done.status_code == 302
    revision = Revision.objects.latest_of(source)
    assert (revision.note, revision.kind, revision.number) == ("Misread.", "correction", 2)


def test_writer_changes_nothing_public_whatever_is_sent(writer):
    meeting, source = recorded(make.make_meeting()), public_source()
    draft = recorded(make.make_meeting(status="draft"))
    typed = open_form(writer, draft) | {"title": "Mine", "change_note": "N"}
    smuggled = {"status": "published", "revision": "9", "first_public_at": "2018-01-01 00:00"}

    for row in (meeting, source):
        for name in ("change", "delete", "restore"):
            answer = writer.post(address(row, name), typed | {"seen": 1, "number": "1"})
            assert answer.status_code == 403
    for name in ("publish", "withdraw"):
        answer = writer.post(address(draft, name), {"seen": 1, "note": "N", "kind": "wording"})
        assert answer.status_code == writer.get(address(draft, name)).status_code == 403
    assert send(writer, draft, typed, button="_publish").status_code == 403
    assert send(writer, draft, typed | smuggled).status_code == 302

    draft.refresh_from_db()
    assert (draft.title, draft.status, draft.revision) == ("Mine", "draft", 2)
    assert revisions_of(meeting) == revisions_of(source) == ["load"]
    assert not Meeting.objects.published().exclude(pk=meeting.pk).exists()


def test_writers_text_on_what_became_public_meanwhile_is_kept(writer):
    source = recorded(make.make_source(title="Paper"))
    typed = open_form(writer, source) | {"title": "Typed meanwhile"}
    make.make_milestone(sources=[source])
    record_loaded()

    answer = writer.post(address(source), typed, headers={"sec-fetch-site": "same-origin"})

    assert answer.status_code == 403
    assert "Typed meanwhile" in answer.content.decode()
    assert Source.objects.get(pk=source.pk).title == "Paper"


def test_bulk_actions_name_the_rows_that_are_beyond_a_writer(writer):
    public = public_source(read="not_opened")
    unused = recorded(make.make_source(read="not_opened"))
    ids = [public.pk, unused.pk]
    ticked = {"action": "set_reading_of_selected", "_selected_action": ids, "index": "0"}
    asked = form_data(writer.post(address(public, "changelist"), ticked))

    answer = writer.post(address(public, "changelist"), asked | {"_selected_action": ids})

    text = answer.content.decode()
    assert "Paper</a>: You may not change sources that are or were public." in text
    assert not Source.objects.exclude(read="not_opened").exists()


def test_file_that_changes_a_public_reference_needs_the_right(client):
    public_source()
    user = User.objects.create_user("importer", is_staff=True)
    names = ("import_record", "change_source", "add_source")
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)

    imported = plan(client, b"slug,title\npaper,Otherwise\n", table="sources")

    assert "You may not change sources that are or were public." in page(
        client, "preview", imported
    )


def test_writers_neither_import_nor_see_imports(writer):
    assert choose(writer, reactions(1)) is None
    assert writer.get(reverse("admin:meetings_import_changelist")).status_code == 403


@pytest.mark.usefixtures("record")
def test_administrators_stop_the_imports_of_others_and_carry_out_none(client, desk):
    imported = plan(desk, reactions(1))
    client.force_login(make.make_member("administrator"))

    assert "Only whoever made it imports it" in page(client, "preview", imported)
    for name in ("confirm", "again"):
        answer = client.post(url(name, imported), {"note": "Mine.", "kind": "addition"})
        assert answer.status_code == 403
    client.post(url("stop", imported))

    assert Import.objects.get().state == "stopped"


@pytest.mark.parametrize(
    "parameter",
    [
        "snapshot__icontains=secret",
        "snapshot__meetings__0__title=secret",
        "note__startswith=x",
        "made_by__password__startswith=x",
        "from_import__content__isnull=0",
    ],
)
def test_list_of_revisions_is_filtered_by_what_it_offers_alone(client, parameter):
    recorded(make.make_meeting(status="draft", title="secret"))
    user = User.objects.create_user("reader", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_revision"))
    client.force_login(user)
    listed = reverse("admin:meetings_revision_changelist")

    assert client.get(f"{listed}?{parameter}").status_code == 400
    offered = "table__exact=meeting&act__exact=load&made_at__year=2026"
    assert client.get(f"{listed}?{offered}").status_code == 200


def test_list_of_imports_does_not_tell_of_the_files_of_others(desk):
    listed = reverse("admin:meetings_import_changelist")

    assert desk.get(f"{listed}?content__contains=x").status_code == 400
    assert desk.get(f"{listed}?headers__icontains=x").status_code == 400
    assert desk.get(f"{listed}?state__exact=done&act__exact=import").status_code == 200
