"""Frozen releases: what they hold, what is told of them later, and that they never lie."""

import io
import json
import zipfile

import pytest
import yaml
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from meetings.editing import acts, purging, releases
from meetings.editing.errors import Refused
from meetings.editing.revisions import record_loaded
from meetings.exporting.package.writing import write_zip
from meetings.exporting.releases import make_release
from meetings.importing import imports, undo
from meetings.models import Meeting, Reaction, RecordState, Release, Source
from meetings.tables.registry import TABLES
from tests import factories as make
from tests.factories import make_editor, make_member
from tests.importing.helpers import import_file, reaction, write
from tests.nu import check
from tests.writers import written

pytestmark = pytest.mark.django_db
TEXTS = {"README.md", "LICENSE.md", "CHANGES.md", "CITATION.cff", "datacite.json"}


@pytest.fixture
def record():
    sources = [make.make_source(slug="press", title="Report")]
    cells = {"title": "Geneva", "body": "Held [@press].", "sources": sources}
    meeting = make.make_meeting(slug="geneva", **cells)
    cells = {"attribution": "Kaja Kallas", "meeting": meeting, "sources": sources}
    make.make_reaction(slug="kallas", **cells)
    record_loaded()


def archive_of(release):
    with release.file.open("rb") as stream:
        return zipfile.ZipFile(io.BytesIO(stream.read()))


def retitle(title):
    entry = Meeting.objects.get(slug="geneva")

    def write_title():
        entry.title = title
        entry.save()

    acts.save(entry=entry, after=written(entry, write_title), note="Title.")


def test_release_holds_the_tables_and_what_libraries_ask_for(record, settings):
    release = make_release(note="First.")

    archive = archive_of(release)
    assert {*archive.namelist()} == {
        *(f"{table.name}.csv" for table in TABLES),
        "datapackage.json",
        *TEXTS,
    }
    assert archive.testzip() is None
    package = json.loads(archive.read("datapackage.json"))
    assert package["version"].endswith(f"+{release.digest[:12]}")
    assert release.version.endswith(f"-{release.digest[:12]}")
    address = f"{settings.SITE_URL}/data/releases/{release.version}/"
    citation = yaml.safe_load(archive.read("CITATION.cff"))
    assert (citation["cff-version"], citation["type"]) == ("1.2.0", "dataset")
    assert (citation["version"], citation["url"]) == (release.version, address)
    assert citation["authors"] == [{"name": settings.SITE_NAME}]
    about = json.loads(archive.read("datacite.json"))
    assert about["schemaVersion"] == "http://datacite.org/schema/kernel-4"
    assert about["types"]["resourceTypeGeneral"] == "Dataset"
    assert (about["version"], about["url"]) == (release.version, address)
    assert about["publisher"] == {"name": settings.SITE_NAME}
    for name in ("README.md", "LICENSE.md"):
        assert settings.CONTENT_LICENCE in archive.read(name).decode()


def test_release_taken_into_an_empty_record_gives_the_same_digest(record, tmp_path):
    release = make_release(note="First.")
    path = tmp_path / "release.zip"
    with release.file.open("rb") as stream:
        path.write_bytes(stream.read())
    Release.objects.all().delete()
    for model in (Reaction, Meeting, Source):
        model.objects.all().delete()

    outcome = imports.import_path(path=path, note="Taken over.")

    assert outcome.problems == []
    again = make_release(note="Taken over.")
    assert again.digest == release.digest


def test_drafts_are_in_no_release(record):
    make.make_meeting(slug="secret", title="Secret talks", status="draft")
    make.make_reaction(slug="hidden", summary="Secret words [@press].", status="review")
    record_loaded()

    release = make_release(note="First.")

    archive = archive_of(release)
    assert not [name for name in archive.namelist() if b"ecret" in archive.read(name)]
    assert "secret" not in release.slugs["meetings"]


def test_release_says_what_changed_since_the_one_before(record):
    first = make_release(note="First.")
    make.make_milestone(slug="treaty")
    record_loaded()
    retitle("Geneva summit")
    acts.withdraw(entry=Reaction.objects.get(), reason="A forgery.")

    second = make_release(note="Second.")

    assert second.former == first
    assert second.changes["milestones"] == {"added": 1, "changed": 0, "removed": 0}
    assert second.changes["meetings"] == {"added": 0, "changed": 1, "removed": 0}
    assert second.changes["reactions"] == {"added": 0, "changed": 0, "removed": 1}
    told = archive_of(second).read("CHANGES.md").decode()
    assert f"# Changes since release {first.version}" in told
    assert "Changed (1):\n\n- geneva\n" in told
    about = json.loads(archive_of(second).read("datacite.json"))
    assert [each["relationType"] for each in about["relatedIdentifiers"]] == [
        "IsVersionOf",
        "IsNewVersionOf",
    ]


def test_release_without_a_change_or_a_note_is_refused(record):
    with pytest.raises(Refused, match="Write a note"):
        make_release(note=" ")
    first = make_release(note="First.")

    with pytest.raises(Refused, match=f"Nothing changed since release {first.version}"):
        make_release(note="Again.")

    with pytest.raises(CommandError, match="No release was made"):
        call_command("make_release", note="Again.")


def test_only_who_has_the_right_makes_and_withdraws_releases(record):
    editor = make_editor()
    release = make_release(note="First.")
    retitle("Geneva summit")

    with pytest.raises(PermissionDenied):
        make_release(note="Second.", user=editor)
    with pytest.raises(PermissionDenied):
        releases.withdraw(release=release, reason="No.", user=editor)

    assert Release.objects.standing().count() == 1


def test_page_tells_digest_file_and_citation(record, client, settings):
    release = make_release(note="For the libraries.")

    answer = client.get(release.get_absolute_url())
    text = answer.content.decode()

    day = f"{release.made_at:%-d %B %Y}"
    assert f'<meta name="description" content="The public record as it was on {day}, as' in text
    address = f"{settings.SITE_URL}{release.get_absolute_url()}"
    for link in (f'<{address}>; rel="cite-as"', f'{release.zip_url}>; rel="item"'):
        assert link in answer["Link"]
    assert f'<{address}>; rel="cite-as"' in client.get("/data/")["Link"]
    for words in ("For the libraries.", release.digest, release.sha256, release.zip_url):
        assert words in text
    assert "all of that is public still" in text
    assert f"data, release {release.version}" in text
    assert client.get(f"{release.get_absolute_url()}cite.bib").status_code == 200
    assert client.get(release.zip_url).getvalue() == release.file.open("rb").read()
    etag = client.get(release.zip_url).headers["ETag"]
    assert client.get(release.zip_url, headers={"if-none-match": etag}).status_code == 304


def test_part_of_its_file_can_be_asked_for(record, client):
    release = make_release(note="First.")
    content = release.file.open("rb").read()

    part = client.get(release.zip_url, headers={"range": "bytes=10-19"})
    rest = client.get(release.zip_url, headers={"range": f"bytes={len(content) - 5}-"})
    beyond = client.get(release.zip_url, headers={"range": f"bytes={len(content)}-"})

    assert (part.status_code, part.getvalue()) == (206, content[10:20])
    assert part["Content-Range"] == f"bytes 10-19/{len(content)}"
    assert rest.getvalue() == content[-5:]
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(content)}")


def test_page_lists_what_was_withdrawn_since(record, client):
    release = make_release(note="First.")
    acts.withdraw(entry=Reaction.objects.get(), reason="Rested on a forgery.")

    text = client.get(release.get_absolute_url()).content.decode()

    assert "Kaja Kallas" in text
    assert "Reason: Rested on a forgery." in text
    data = client.get(f"/data/releases/{release.version}.json").json()
    [ended] = data["ended_since"]
    assert (ended["slug"], ended["reason"]) == ("kallas", "Rested on a forgery.")


def test_what_a_release_holds_is_purged_once_that_is_withdrawn_and_its_file_with_it(
    record, tmp_path, django_capture_on_commit_callbacks
):
    other = make_release(note="Without the mistake.")
    outcome = import_file(write(tmp_path, "reactions", reaction()))
    release = make_release(note="With a mistake.")
    undo.undo_import(imported=outcome.imported, note="By mistake.")

    kept = purging.purge(imported=outcome.imported)
    assert (kept.purged, len(kept.kept_lines)) == ({}, 1)
    assert f"Release {release.version} holds it." in kept.kept_lines[0]
    for each in (release, other):
        releases.withdraw(release=each, reason="A mistake.")
    with django_capture_on_commit_callbacks(execute=True):
        assert len(purging.purge(imported=outcome.imported).purged) == 1

    storage = release.file.storage
    assert not storage.exists(release.file.name)
    assert storage.exists(other.file.name)


def test_what_was_renamed_since_is_not_said_to_be_withdrawn(record, client):
    release = make_release(note="First.")
    entry = Meeting.objects.get()

    def rename():
        entry.slug = "geneva-1985"
        entry.save()

    acts.save(entry=entry, after=written(entry, rename), note="Year.")

    assert "all of that is public still" in client.get(release.get_absolute_url()).content.decode()


@pytest.mark.parametrize("ending", ["/", "/cite.ris", ".zip", ".json"])
def test_withdrawn_release_answers_410_with_the_reason_everywhere(ending, record, client):
    release = make_release(note="First.")
    call_command("withdraw_release", release.version, note="Held a private address.")

    answer = client.get(f"/data/releases/{release.version}{ending}")

    assert answer.status_code == 410
    assert "Held a private address." in answer.content.decode()
    listed = client.get("/data/releases/").content.decode()
    assert "Held a private address." in listed
    assert release.version not in client.get("/sitemap-releases.xml").content.decode()
    with pytest.raises(Refused, match="withdrawn already"):
        releases.withdraw(release=release, reason="Again.")


def test_pages_of_releases_are_sound_html(record, client, tmp_path):
    release = make_release(note="First.")
    acts.withdraw(entry=Reaction.objects.get(), reason="A forgery.")
    addresses = {"page": release.get_absolute_url(), "list": "/data/releases/", "data": "/data/"}
    for name, address in addresses.items():
        (tmp_path / f"{name}.html").write_text(client.get(address).content.decode())
    releases.withdraw(release=release, reason="Wrong.")
    gone = client.get(release.get_absolute_url())
    (tmp_path / "gone.html").write_text(gone.content.decode())

    assert check(tmp_path) == []


def test_data_page_and_its_citation_name_the_newest_release(record, client):
    assert "No version was frozen yet" in client.get("/data/").content.decode()
    first = make_release(note="First.")
    retitle("Geneva summit")
    second = make_release(note="Second.")

    assert second.get_absolute_url() in client.get("/data/").content.decode()
    assert second.version in client.get("/data/cite.bib").content.decode()
    releases.withdraw(release=second, reason="Wrong.")
    assert first.version in client.get("/data/cite.bib").content.decode()


def test_making_and_withdrawing_raise_the_state_of_the_record(record):
    def state():
        return sorted(RecordState.objects.values_list("mark", flat=True))

    before = state()
    release = make_release(note="First.")
    made = state()
    releases.withdraw(release=release, reason="Wrong.")

    assert len({str(each) for each in (before, made, state())}) == 3


def test_what_is_published_while_a_release_is_packed_is_in_the_next_one(record, monkeypatch):
    def write_and_publish(*args, **options):
        files = write_zip(*args, **options)
        make.make_meeting(slug="late")
        record_loaded()
        return files

    monkeypatch.setattr("meetings.exporting.releases.write_zip", write_and_publish)
    first = make_release(note="First.")
    monkeypatch.undo()
    second = make_release(note="Second.")

    assert "late" not in first.slugs["meetings"]
    assert b"late" not in archive_of(first).read("meetings.csv")
    assert second.changes["meetings"] == {"added": 1, "changed": 0, "removed": 0}


def test_release_is_made_and_withdrawn_at_the_desk(record, client):
    client.force_login(make_member("administrator"))
    made = client.post("/admin/meetings/release/add/", {"note": "For libraries."}, follow=True)
    release = Release.objects.get()
    assert f"{release} was made." in made.content.decode()
    assert release.made_by.username in made.content.decode()
    again = client.post("/admin/meetings/release/add/", {"note": "Again."})
    assert f"Nothing changed since release {release.version}" in again.content.decode()

    address = f"/admin/meetings/release/{release.pk}/change/"
    assert "Withdraw it" in client.get(address).content.decode()
    client.post(address, {"note": "Held a private address."})

    assert client.get(release.get_absolute_url()).status_code == 410
    assert "Withdraw it" not in client.get(address).content.decode()


def test_editors_read_releases_at_the_desk_and_make_and_withdraw_none(record, client):
    release = make_release(note="First.")
    client.force_login(make_editor())
    address = f"/admin/meetings/release/{release.pk}/change/"

    assert release.version in client.get("/admin/meetings/release/").content.decode()
    assert "Withdraw it" not in client.get(address).content.decode()
    assert client.get("/admin/meetings/release/add/").status_code == 403
    assert client.post(address, {"note": "Wrong."}).status_code == 403
    assert Release.objects.standing().exists()


def test_lost_file_is_said_and_refuses_the_next_release(record, client):
    release = make_release(note="First.")
    release.file.storage.delete(release.file.name)
    retitle("Geneva summit")

    answer = client.get(release.zip_url)

    assert answer.status_code == 503
    assert "not in the storage" in answer.content.decode()
    with pytest.raises(Refused, match="is not in the storage"):
        make_release(note="Second.")


def test_failed_release_leaves_no_file_behind(record, monkeypatch):
    storage = Release().file.storage
    monkeypatch.setattr(RecordState.objects, "mark_changed", lambda **_: 1 / 0)
    before = storage.listdir("")

    with pytest.raises(ZeroDivisionError):
        make_release(note="First.")

    assert storage.listdir("") == before
    assert not Release.objects.exists()


@pytest.mark.parametrize("version", ["2026-12-01-000000000000", "first", "2026-12-01"])
def test_release_that_was_never_made_is_not_found(version, client):
    for ending in ("/", ".zip", ".json"):
        assert client.get(f"/data/releases/{version}{ending}").status_code == 404
