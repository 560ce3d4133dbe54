import json
from unittest import mock

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from meetings.editing.acts import Status
from meetings.models import Meeting, Place, Revision, Source

from .factories import make_editor, make_meeting, make_outcome, make_page, make_source


@pytest.fixture
def content(settings, tmp_path):
    """A record of one source and one meeting that cites it, as ``loaddata record`` finds it."""
    rows = [
        ("source", {"slug": "minutes", "title": "Minutes", "kind": "transcript"}),
        (
            "meeting",
            {
                "slug": "geneva-1955",
                "title": "Geneva",
                "starts_on": "1955-07-18",
                "format": "summit",
                "event_status": "held",
                "body": "They met [@minutes].",
                "status": "published",
            },
        ),
    ]
    fixture = [{"model": f"meetings.{model}", "fields": fields} for model, fields in rows]
    (tmp_path / "record.json").write_text(json.dumps(fixture))
    settings.FIXTURE_DIRS = [tmp_path]
    settings.STATIC_ROOT = tmp_path / "static"
    return tmp_path


@pytest.fixture
def run(capsys):
    """Call a command and return what it prints."""

    def run(*words):
        call_command(*words)
        return capsys.readouterr().out

    return run


def test_prepare_loads_the_content_into_an_empty_record(db, content, run):
    said = run("prepare")

    meeting = Meeting.objects.published().get()
    assert [source.slug for source in meeting.sources.all()] == ["minutes"]
    assert meeting.revision == 1
    assert Revision.objects.count() == 2
    assert "the content is loaded" in said


def test_prepare_makes_the_first_account_and_prints_its_password(db, content, run):
    said = run("prepare")

    user = User.objects.get()
    password = said.split("the password ")[1].split()[0]
    assert user.username == "admin"
    assert user.is_superuser
    assert user.check_password(password)


def test_prepare_collects_static_files_in_production_only(db, content, run, settings):
    settings.DEBUG = True
    run("prepare")
    assert not settings.STATIC_ROOT.exists()

    settings.DEBUG = False
    run("prepare")
    assert (settings.STATIC_ROOT / "css").is_dir()


def test_second_prepare_touches_no_data(db, content, run):
    run("prepare")
    before = list(User.objects.values()), list(Revision.objects.values())

    said = run("prepare")

    assert (list(User.objects.values()), list(Revision.objects.values())) == before
    assert Meeting.objects.count() == Source.objects.count() == 1
    assert "password" not in said
    assert "loaded" not in said
    assert len(said.splitlines()) == 1


def test_prepare_leaves_a_record_alone_that_has_entries(db, content, run):
    make_page(slug="about")

    run("prepare")

    assert not Meeting.objects.exists()


def test_prepare_leaves_a_record_alone_whose_entries_are_deleted(db, content, run):
    run("prepare")
    Meeting.objects.all().delete()

    run("prepare")

    assert not Meeting.objects.exists()


@pytest.fixture
def another_record(tmp_path):
    """A folder of files such as import_record reads, with nothing of our content in it."""
    folder = tmp_path / "another"
    folder.mkdir()
    (folder / "places.csv").write_text("slug,city\ngeneva,Geneva\n")
    (folder / "meetings.csv").write_text(
        "slug,title,starts_on,format,event_status,place\n"
        "geneva-1985,Geneva summit,1985-11-19,summit,held,geneva\n"
    )
    return folder


def test_prepare_begins_with_another_record_and_never_adds_ours(db, content, another_record, run):
    said = run("prepare", "--content", str(another_record))

    assert Meeting.objects.get().slug == "geneva-1985"
    assert "the content is loaded" in said
    assert "loaded" not in run("prepare")
    assert not Source.objects.exists()


def test_prepare_that_begins_without_content_stays_without(db, content, run, client):
    said = run("prepare", "--content", "none")

    assert "the password" in said
    assert "loaded" not in said + run("prepare")
    assert not Meeting.objects.exists()
    assert client.get("/").status_code == 200


def test_prepare_says_that_it_leaves_a_record_alone_for_which_content_is_named(
    db, content, another_record, run
):
    run("prepare")

    said = run("prepare", "--content", str(another_record))

    assert f"the record has rows already, so {another_record} is not read" in said
    assert Meeting.objects.get().slug == "geneva-1955"


def test_prepare_never_adds_ours_to_what_was_imported_before_it(db, content, another_record, run):
    (another_record / "meetings.csv").unlink()
    run("import_record", str(another_record))

    said = run("prepare")

    assert not Meeting.objects.exists()
    assert "loaded" not in said
    assert "the password" in said


def test_prepare_begins_again_with_another_record_whose_file_was_mended(
    db, content, another_record, run
):
    meetings = another_record / "meetings.csv"
    right = meetings.read_text()
    meetings.write_text(right.replace("summit,held,geneva", "summit,held,geneve"))
    with pytest.raises(CommandError, match="There is no place “geneve”"):
        run("prepare", "--content", str(another_record))
    assert not Place.objects.exists()
    assert not User.objects.exists()
    meetings.write_text(right)

    run("prepare", "--content", str(another_record))

    assert Meeting.objects.get().slug == "geneva-1985"
    assert User.objects.exists()


def test_prepare_begins_again_after_a_first_load_that_was_cut_off(db, content, run):
    step = "meetings.management.commands.record_loaded.record_loaded"
    with mock.patch(step, side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        run("prepare")
    assert not Source.objects.exists()

    run("prepare")

    assert Meeting.objects.get().revision == 1


def test_prepare_makes_the_first_account_where_it_was_cut_off_before_that(db, content, run):
    run("prepare")
    User.objects.all().delete()

    said = run("prepare")

    assert "the password" in said
    assert "loaded" not in said


def test_prepare_makes_no_account_beside_another(db, content, run):
    make_editor("ana")

    said = run("prepare")

    assert [user.username for user in User.objects.all()] == ["ana"]
    assert "password" not in said


def test_prepare_that_fails_on_the_content_leaves_the_record_empty(db, content, run):
    fixture = content / "record.json"
    fixture.write_text(fixture.read_text().replace("@minutes", "@nowhere"))

    with pytest.raises(CommandError, match="there is no source “nowhere”"):
        run("prepare")

    assert not Meeting.objects.exists()
    assert not User.objects.exists()


def test_record_loaded_completes_the_sources_and_writes_revisions(db, run):
    source = make_source(slug="minutes")
    meeting = make_meeting(sources=[], body="They met [@minutes].")

    said = run("record_loaded")

    assert list(meeting.sources.all()) == [source]
    assert said == "Revisions written: 3.\n"
    assert run("record_loaded") == "Revisions written: 0.\n"


def test_record_loaded_names_every_unknown_marker_with_its_place(db, run):
    meeting = make_meeting(slug="geneva-1955", body="They met [@nowhere].")
    make_outcome(meeting=meeting, order=10, text="A treaty [@no one].")
    make_page(slug="method", body="As in [@nothing].", status=Status.DRAFT)

    with pytest.raises(CommandError) as refused:
        run("record_loaded")

    assert str(refused.value).splitlines() == [
        "Nothing was written. Mend these first:",
        "Meeting “geneva-1955”: Summary in full: there is no source “nowhere”.",
        "Meeting “geneva-1955”: Outcome (10), text: “[@no one].” is not a citation."
        " Write it as [@slug] or [@slug, p. 4].",
        "Page “method”: Body: there is no source “nothing”.",
    ]
    assert not Revision.objects.exists()
