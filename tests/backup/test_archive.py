"""The file of a backup: whole and its owner's alone, or refused in words."""

import io
import json
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from meetings.backup import archive
from meetings.backup.archive import Reader, Writer, new_file
from meetings.backup.errors import BackupError

LINES = [b'[1, "Vienna"]\n', b'[2, "Geneva"]\n']


def written() -> bytes:
    stream = io.BytesIO()
    writer = Writer(stream)
    writer.add("meetings.place", ["id", "city"], LINES, 7)
    writer.finish("2026-06-15T12:00:00+00:00", "sqlite", [["meetings", "0001_initial"]])
    return stream.getvalue()


def changed(**files: bytes | None) -> io.BytesIO:
    """Return a backup in which files were written otherwise; None leaves one out."""
    given = {name.replace("_", "."): text for name, text in files.items()}
    stream = io.BytesIO()
    with ZipFile(io.BytesIO(written())) as old, ZipFile(stream, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = given.get(name, old.read(name))
            if text is not None:
                new.writestr(name, text)
    return stream


def manifest(**values) -> bytes:
    with ZipFile(io.BytesIO(written())) as old:
        return json.dumps(json.loads(old.read(archive.MANIFEST)) | values).encode()


def test_what_was_written_is_read():
    with Reader(io.BytesIO(written())) as reader:
        reader.check()
        (table,) = reader.manifest.tables

        assert list(reader.lines(table)) == LINES
        assert (table.rows, table.last_id, table.columns) == (2, 7, ["id", "city"])
        assert reader.manifest.rows == 2


DAMAGED = {
    "no zip": io.BytesIO(b"slug,title\n"),
    "empty": io.BytesIO(),
    "cut off": io.BytesIO(written()[:-100]),
    "a row changed": changed(meetings_place_jsonl=b"".join(LINES).replace(b"Vienna", b"Vienne")),
    "a row less": changed(meetings_place_jsonl=LINES[0]),
    "a table less": changed(meetings_place_jsonl=None),
    "another manifest": changed(manifest_json=b'{"name": "a Data Package"}'),
    "another format": changed(manifest_json=manifest(format="another")),
}


@pytest.mark.parametrize("stream", DAMAGED.values(), ids=DAMAGED)
def test_damage_is_found_before_anything_is_restored(stream):
    with pytest.raises(BackupError, match="is not a backup, or is damaged"), Reader(stream) as read:
        read.check()


@pytest.mark.parametrize("place", range(50, len(written()) - 100, 40))
def test_any_damaged_byte_of_the_rows_or_the_manifest_is_found(place):
    content = bytearray(written())
    content[place] ^= 0xFF
    try:
        with Reader(io.BytesIO(bytes(content))) as reader:
            reader.check()
            whole = [list(reader.lines(table)) for table in reader.manifest.tables]
    except BackupError:
        return
    # The byte was of a time or a length that nobody reads.
    assert whole == [LINES]


def test_later_format_says_which_release_reads_it():
    with pytest.raises(BackupError, match="in version 2 of the format, and this release reads 1"):
        Reader(changed(manifest_json=manifest(version=2)))


def test_missing_file_is_named(tmp_path):
    with pytest.raises(BackupError, match=r"There is no file .*gone\.backup"):
        Reader(tmp_path / "gone.backup")


def test_file_is_its_owners_alone_and_takes_the_place_of_the_one_before(tmp_path):
    path = tmp_path / "record.backup"
    path.write_bytes(b"before")

    with new_file(path) as stream:
        stream.write(b"after")
        assert path.read_bytes() == b"before"

    assert path.read_bytes() == b"after"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [*tmp_path.iterdir()] == [path]


def test_file_that_is_not_completed_leaves_the_one_before(tmp_path):
    path = tmp_path / "record.backup"
    path.write_bytes(b"before")

    with pytest.raises(KeyboardInterrupt), new_file(path):
        raise KeyboardInterrupt

    assert path.read_bytes() == b"before"
    assert [*tmp_path.iterdir()] == [path]
