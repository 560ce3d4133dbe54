"""Claims of sources: they name entries that list the source, so that each names the other."""

import pytest

from meetings.editing import acts
from meetings.editing.errors import Refused
from meetings.editing.revisions import record_loaded
from meetings.editing.snapshots import snapshot
from meetings.importing import undo
from meetings.models import Claim, Import, Meeting, Revision, Source
from tests import factories as make
from tests.writers import changing, written

from .helpers import import_file, problem_texts, write

pytestmark = pytest.mark.django_db
SOURCE = {"slug": "essay", "title": "An essay", "kind": "article", "read": "whole"}
CLAIM = {"source": "essay", "order": "10", "text": "They met.", "meetings": "talks"}
MEETING = {
    "slug": "talks",
    "title": "Talks",
    "starts_on": "2018-07-16",
    "format": "call",
    "event_status": "held",
    "sources": "essay",
    "status": "draft",
}


@pytest.fixture
def folder(tmp_path):
    write(tmp_path, "sources", SOURCE)
    write(tmp_path, "claims", CLAIM, CLAIM | {"order": "20", "note": "See [@essay]."})
    write(tmp_path, "meetings", MEETING)
    return tmp_path


def carriers():
    return [
        (claim.order, [meeting.slug for meeting in claim.meetings.all()])
        for claim in Claim.objects.order_by("order")
    ]


def test_source_and_entry_that_name_each_other_come_together(folder):
    outcome = import_file(folder)

    assert problem_texts(outcome) == []
    assert carriers() == [(10, ["talks"]), (20, ["talks"])]
    source = Source.objects.get()
    assert Revision.objects.of(source).get().snapshot == snapshot(source)
    assert import_file(folder).imported.unchanged == 4


def test_import_of_both_is_undone_and_brought_back(folder):
    import_file(folder)

    undone = undo.undo_import(imported=Import.objects.get(), note="Back.")

    assert not Source.objects.exists()
    assert not Meeting.objects.exists()
    undo.undo_import(imported=undone, note="Again.")
    assert carriers() == [(10, ["talks"]), (20, ["talks"])]
    source = Source.objects.get()
    assert Revision.objects.of(source).first().snapshot == snapshot(source)


def test_source_that_is_kept_keeps_the_carriers_that_are_there(folder):
    import_file(folder)
    make.make_reaction(sources=[Source.objects.get(slug="essay")])

    undo.undo_import(imported=Import.objects.get(), note="Back.")

    assert carriers() == [(10, []), (20, [])]
    source = Source.objects.get(slug="essay")
    assert Revision.objects.of(source).first().snapshot == snapshot(source)


def test_claim_that_names_nothing_there_is_refused(folder):
    write(folder, "claims", CLAIM | {"meetings": "walks"})

    (problem,) = problem_texts(import_file(folder))

    assert "There is no meeting “walks”" in problem


@pytest.mark.parametrize(("column", "new"), [("checked", "read"), ("state_media", "ownership")])
def test_column_of_before_is_refused_with_the_name_of_the_new_one(tmp_path, column, new):
    write(tmp_path, "sources", SOURCE | {column: "true"})

    (problem,) = problem_texts(import_file(tmp_path))

    assert f"The column “{column}” is no more. Use “{new}”" in problem
    assert f"Did you mean “{new}”?" in problem


def quoted(source, **cells):
    """Return a meeting, and its snapshot in which the one account quotes from a source."""
    account = make.make_account()
    record_loaded()
    words = {"quotation": "No.", "quotation_language": "en", "quotation_source": source.slug}
    after = snapshot(account.meeting)
    after["accounts"][0] |= words | cells
    return account.meeting, after


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"quotation": "so " * 51}, "Shorten the quotation to at most 50 words."),
        ({"quotation": "", "translation": "No."}, "A translation needs the quotation"),
    ],
)
def test_quotation_of_an_account_is_checked(values, problem):
    meeting, after = quoted(make.make_source(read="excerpt"), **values)

    with pytest.raises(Refused) as refusal:
        acts.save(entry=meeting, after=after, note="Quoted.")

    assert problem in str(refusal.value.problems)


def test_source_that_was_not_opened_is_not_quoted():
    meeting, after = quoted(make.make_source(slug="closed", read="not_opened"))

    with pytest.raises(Refused) as refusal:
        acts.save(entry=meeting, after=after, note="Quoted.")

    assert "This source was not opened" in str(refusal.value.problems)


def test_source_that_is_quoted_was_opened():
    source = make.make_source(read="excerpt")
    meeting, after = quoted(source)
    acts.save(entry=meeting, after=after, note="Quoted.")

    with pytest.raises(Refused) as refusal:
        acts.save(entry=source, after=changing(source, read="not_opened"))

    assert "The record quotes from this source" in str(refusal.value.problems)
    assert source in meeting.sources.all()


def test_agreement_needs_two_accounts_that_state_something():
    account = make.make_account()
    record_loaded()
    discussion = account.meeting.discussions.get()

    with pytest.raises(Refused) as refusal:
        acts.save(
            entry=account.meeting, after=changing(discussion, agreement="agree"), note="Compared."
        )

    assert "Fewer than two accounts" in str(refusal.value.problems)
    make.make_account(meeting=account.meeting, issue=account.issue, government="US")
    acts.save(
        entry=account.meeting, after=changing(discussion, agreement="agree"), note="Compared."
    )


def test_claims_are_edited_with_their_source():
    source = make.make_source()
    record_loaded()

    acts.save(entry=source, after=written(source, lambda: make.make_claim(source=source, order=10)))

    assert Revision.objects.of(source).first().snapshot["claims"][0]["order"] == "10"
