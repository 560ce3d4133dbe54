"""Undoing imports of many entries: one that stays keeps what it needs."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meetings.editing import acts
from meetings.editing.revisions import record_loaded
from meetings.importing import undo
from meetings.models import Meeting, Place, Reaction, Redirect, Revision, Source
from tests import factories as make
from tests.writers import changing

from .helpers import import_file, reaction, write
from .test_undo import reasons

pytestmark = pytest.mark.django_db
A, B = "https://example.org/a", "https://example.org/b"


@pytest.fixture(autouse=True)
def record():
    make.make_source(slug="press")
    make.make_meeting(slug="geneva", title="Geneva", body="Held [@press].")
    record_loaded()


def change(row, **values):
    acts.save(entry=row, after=changing(row, **values), note="Changed.")


def undo_outcome(outcome, **details):
    return undo.undo_import(imported=outcome.imported, **{"note": "Wrong file."} | details)


def meeting(slug, **cells):
    cells = {"starts_on": "2018-07-16", "format": "summit", "event_status": "held"} | cells
    return {"slug": slug, "title": slug.capitalize()} | cells


def source(slug, **cells):
    return {"slug": slug, "title": slug.capitalize(), "kind": "news"} | cells


def test_added_place_stays_for_an_added_meeting_that_stays(tmp_path):
    write(tmp_path, "places", {"slug": "oslo", "city": "Oslo"}, {"slug": "riga", "city": "Riga"})
    write(tmp_path, "meetings", meeting("one", place="oslo"), meeting("two", place="riga"))
    outcome = import_file(tmp_path)
    change(Meeting.objects.get(slug="one"), forum="A castle")

    undone = undo_outcome(outcome)

    assert reasons(undone) == {
        "one": "It was changed since the import.",
        "oslo": "It is used by 1 meeting. Change those first.",
    }
    assert not Place.objects.filter(slug="riga").exists()
    assert Meeting.objects.get(slug="one").place.slug == "oslo"


def test_added_sources_that_cite_each_other_go_together(tmp_path):
    path = write(tmp_path, "sources", source("a", note="See [@b]."), source("b", note="See [@a]."))
    outcome = import_file(path)

    undone = undo_outcome(outcome)
    assert reasons(undone) == {}
    assert [*Source.objects.filter(slug__in="ab")] == []

    undo.undo_import(imported=undone, note="It was right.")
    assert {*Source.objects.filter(slug__in="ab").values_list("note", flat=True)} == {
        *("See [@a].", "See [@b]."),
    }


def test_source_cited_by_one_that_stays_stays(tmp_path):
    path = write(tmp_path, "sources", source("a", note="See [@b]."), source("b"), source("c"))
    outcome = import_file(path)
    change(Source.objects.get(slug="a"), title="Changed")

    undone = undo_outcome(outcome)

    assert set(reasons(undone)) == {"a", "b"}
    assert not Source.objects.filter(slug="c").exists()


def test_sources_that_exchanged_their_addresses_go_back_together(tmp_path):
    import_file(write(tmp_path, "sources", source("a", url=A), source("b", url=B)))
    outcome = import_file(write(tmp_path, "sources", source("a", url=B), source("b", url=A)))

    undone = undo_outcome(outcome)

    assert reasons(undone) == {}
    assert Source.objects.get(url=A).slug == "a"


def test_source_does_not_go_back_to_an_address_that_one_that_stays_has(tmp_path):
    import_file(write(tmp_path, "sources", source("a", url=A), source("b", url=B), source("c")))
    outcome = import_file(
        write(tmp_path, "sources", source("a", url=""), source("b", url=A), source("c", url=B))
    )
    change(Source.objects.get(slug="c"), title="Changed")

    undone = undo_outcome(outcome)

    assert reasons(undone) == {
        "a": "This address is already source “b”. Use that one.",
        "b": "This address is already source “c”. Use that one.",
        "c": "It was changed since the import.",
    }


def test_deleted_entry_does_not_come_back_to_an_address_that_is_taken(tmp_path):
    rows = [reaction(status="draft"), reaction(slug="two", status="draft")]
    undone = undo_outcome(import_file(write(tmp_path, "reactions", *rows)))
    make.make_reaction(slug="kallas-geneva", attribution="Somebody else")
    Redirect.objects.create(old_path="/reactions/two/", new_path="/meetings/geneva/")

    again = undo.undo_import(imported=undone, note="It was right.")

    assert reasons(again) == {
        "kallas-geneva": "There is another reaction “kallas-geneva”. Choose another address.",
        "two": "The address /reactions/two/ is kept: it leads to /meetings/geneva/."
        " Choose another slug.",
    }
    assert Reaction.objects.get().attribution == "Somebody else"


def test_what_was_public_since_is_not_deleted(tmp_path):
    outcome = import_file(write(tmp_path, "reactions", reaction(status="draft")))
    entry = Reaction.objects.get()
    acts.publish(entry=entry, note="Ready.")
    acts.back_to_draft(entry=entry)

    undone = undo_outcome(outcome)

    assert list(reasons(undone).values()) == [
        "It was public. Withdraw it: its address then gives the reason."
    ]
    assert Reaction.objects.exists()


def test_undo_asks_for_the_rights_that_the_acts_need(tmp_path):
    rows = [reaction(status="draft"), reaction(slug="two")]
    outcome = import_file(write(tmp_path, "reactions", *rows))
    user = make.make_editor()
    user.groups.clear()
    user.user_permissions.set(
        Permission.objects.filter(codename__in=["undo_import", "change_reaction"])
    )

    undone = undo_outcome(outcome, user=type(user).objects.get(pk=user.pk))

    assert reasons(undone) == {
        "kallas-geneva": "You may not delete reactions.",
        "two": "You may not publish reactions.",
    }
    assert Reaction.objects.filter(status="published").count() == 1


def test_entry_that_the_gate_keeps_stays_while_others_go_back(tmp_path):
    uncited = {"summary": "Nobody says so.", "meeting": Meeting.objects.get()}
    make.make_reaction(slug="one", status="draft", **uncited)
    make.make_reaction(slug="two", **uncited)
    record_loaded()
    fixed = {"summary": "Said so [@press]."}
    outcome = import_file(
        write(tmp_path, "reactions", {"slug": "one"} | fixed, {"slug": "two"} | fixed)
    )

    undone = undo_outcome(outcome)

    assert "the paragraph “Nobody says so.” has no source" in reasons(undone).pop("two")
    assert undone.changed == 1
    assert Reaction.objects.get(slug="one").summary == "Nobody says so."
    assert Reaction.objects.get(slug="two").summary == "Said so [@press]."


@pytest.mark.parametrize("status", ["draft", "published"])
def test_undo_asks_the_same_few_questions_of_many_entries(tmp_path, status):
    counts = []
    for number in (2, 40):
        slugs = [f"kallas-{number}-{place}" for place in range(number)]
        rows = [reaction(slug=slug, status=status) for slug in slugs]
        added = import_file(write(tmp_path, "reactions", *rows))
        rows = [row | {"role": "Minister"} for row in rows]
        changed = import_file(write(tmp_path, "reactions", *rows))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert undo_outcome(changed).changed == undo_outcome(added).changed == number
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert Revision.objects.filter(act__in=["undo", "delete"]).count() == 84
