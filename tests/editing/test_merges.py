"""Merging two rows that are one: what names the one that goes names the kept one, for ever."""

import pytest
from django.core.exceptions import PermissionDenied

from meetings.editing import acts, desk_notes, merges, proposals
from meetings.editing.errors import Refused
from meetings.editing.joins import THEIRS, YOURS, answer
from meetings.editing.recovery import deleted_revisions
from meetings.editing.revisions import record_loaded
from meetings.editing.snapshots import snapshot, with_present_slugs
from meetings.importing import restore, undo
from meetings.models import Actor, DeskNote, Import, Meeting, Redirect, Revision, Source
from tests import factories as make
from tests.importing.helpers import import_file, write
from tests.writers import changing

pytestmark = pytest.mark.django_db
NOTE = "One person under two names."


def merge(kept, gone, user=None, **details):
    """Merge one row into another as the plan says now."""
    record_loaded()
    plan = merges.plan_merge(kept=kept, gone=gone, user=user)
    words = {"note": NOTE, "seen": plan.digest} | details
    return merges.apply_merge(kept=kept, gone=gone, user=user, **words)


def plan(kept, gone, user=None):
    record_loaded()
    return merges.plan_merge(kept=kept, gone=gone, user=user)


@pytest.fixture
def people():
    """Two rows of one person, of which each took part in a meeting and one made a reaction."""
    kept = make.make_actor(slug="putin", name="Vladimir Putin", other_names="Путин", country="")
    gone = make.make_actor(
        slug="putin-2", name="V. Putin", other_names="Poutine | Путин", country="RU"
    )
    helsinki, geneva = make.make_meeting(slug="helsinki"), make.make_meeting(slug="geneva")
    make.make_participation(meeting=helsinki, actor=kept, role="President", order=1)
    make.make_participation(meeting=geneva, actor=gone, role="Prime minister", order=7)
    make.make_reaction(slug="words", actors=[gone, make.make_actor(slug="zz")], meeting=helsinki)
    return kept, gone


def test_parts_keep_role_and_order_and_lists_name_the_kept_person(people):
    kept, gone = people

    merged = merge(kept, gone)

    kept.refresh_from_db()
    (row,) = snapshot(Meeting.objects.get(slug="geneva"))["participations"]
    assert (row["actor"], row["role"], row["order"]) == ("putin", "Prime minister", "7")
    assert [actor.slug for actor in kept.reactions.get().actors.order_by("slug")] == ["putin", "zz"]
    assert kept.other_names == "Путин|V. Putin|Poutine"
    assert kept.country == "RU"
    acts_made = merged.revisions.values_list("table", "slug", "act")
    assert set(acts_made) == {
        ("actor", "putin", "merge"),
        ("actor", "putin-2", "delete"),
        ("meeting", "geneva", "merge"),
        ("reaction", "words", "merge"),
    }


def test_old_address_leads_to_the_kept_person_wherever_that_moves(client, people):
    kept, gone = people
    record_loaded()
    acts.save(entry=gone, after=changing(gone, slug="putin-3"), note="Renamed.")
    merge(kept, gone)
    kept.refresh_from_db()
    acts.save(entry=kept, after=changing(kept, slug="vladimir-putin"), note="Renamed.")

    for slug in ("putin-2", "putin-3", "putin"):
        response = client.get(f"/people/{slug}/")
        assert (response.status_code, response["Location"]) == (301, "/people/vladimir-putin/")
    with pytest.raises(Refused, match="is kept: it leads to"):
        acts.save(
            entry=Actor(slug="putin-3"),
            after={"actors": [snapshot(kept)["actors"][0] | {"slug": "putin-3", "name": "X"}]},
        )
    with pytest.raises(Refused, match="leads on for ever"):
        acts.delete_redirect(redirect=Redirect.objects.get(old_path="/people/putin-3/"))


def test_notes_for_colleagues_come_along(people):
    kept, gone = people
    desk_notes.add_note(row=gone, text="The embassy writes Poutine.")

    merge(kept, gone)

    assert DeskNote.objects.of(kept).get().text == "The embassy writes Poutine."


def test_earlier_revisions_name_the_kept_person_and_can_be_restored(people):
    kept, gone = people
    merge(kept, gone)
    geneva = Meeting.objects.get(slug="geneva")
    acts.save(entry=geneva, after={"meetings": snapshot(geneva)["meetings"]}, note="Emptied.")

    restored = restore.plan_restore(entry=geneva, number=1)
    restore.apply_restore(planned=restored, note="Restored.")

    assert geneva.participations.get().actor == kept


def test_rows_of_one_meeting_are_joined_where_they_do_not_differ(people):
    kept, gone = people
    helsinki = Meeting.objects.get(slug="helsinki")
    make.make_participation(meeting=helsinki, actor=gone, role="", presence="talks", order=9)

    merge(kept, gone)

    (row,) = helsinki.participations.all()
    assert (row.actor, row.role, row.order) == (kept, "President", 1)


@pytest.mark.parametrize(("side", "role"), [(YOURS, "President"), (THEIRS, "Guest")])
def test_cell_that_both_have_in_one_meeting_is_asked_about(people, side, role):
    kept, gone = people
    helsinki = Meeting.objects.get(slug="helsinki")
    make.make_participation(meeting=helsinki, actor=gone, role="Guest", order=9)
    (asked,) = plan(kept, gone).choice.conflicts

    with pytest.raises(Refused, match="Choose for each cell that both have"):
        merge(kept, gone)
    merged = merge(kept, gone, choices={asked.name: answer(asked, side)})

    assert (asked.key, asked.column) == (("helsinki", "putin"), "role")
    assert (asked.yours, asked.theirs) == ("President", "Guest")
    (row,) = helsinki.participations.all()
    assert (row.actor, row.role, row.order) == (kept, role, 1)
    undo.undo_import(imported=merged, note="Two people.")
    assert sorted(helsinki.participations.values_list("role", flat=True)) == ["Guest", "President"]


def test_markers_lists_quotations_and_notes_cite_the_kept_source():
    kept, gone = make.make_source(slug="memo"), make.make_source(slug="memo-b", archived_url="")
    text = "One [@memo-b, p. 4].\n\nTwo [@memo-b; @memo].\n\nThree [@memo; @other, p. 2]."
    make.make_source(slug="other")
    letter = make.make_source(slug="letter", note="After [@memo-b].")
    meeting = make.make_meeting(
        slug="geneva", body=text, sources=list(Source.objects.exclude(slug="letter"))
    )
    reaction = make.make_reaction(
        quotation="Words.", quotation_language="en", quotation_source=gone, sources=[gone]
    )

    merge(kept, gone)

    meeting.refresh_from_db()
    assert meeting.body == ("One [@memo, p. 4].\n\nTwo [@memo].\n\nThree [@memo; @other, p. 2].")
    assert {source.slug for source in meeting.sources.all()} == {"memo", "other"}
    reaction.refresh_from_db()
    assert (reaction.quotation_source, list(reaction.sources.all())) == (kept, [kept])
    letter.refresh_from_db()
    assert letter.note == "After [@memo]."
    (then,) = with_present_slugs([Revision.objects.of(meeting).get(number=1).snapshot])
    assert then["meetings"][0]["body"] == meeting.body


def test_claims_of_both_sources_are_kept_and_archive_goes_with_its_address():
    kept = make.make_source(slug="a", url="https://a.example/1", archived_url="")
    gone = make.make_source(
        slug="b", url="https://b.example/1", archived_url="https://arch.example/b"
    )
    make.make_claim(source=kept, order=10, text="First.")
    make.make_claim(source=gone, order=10, text="Second.")

    left_out = plan(kept, gone).left_out
    merge(kept, gone)

    kept.refresh_from_db()
    assert [(claim.order, claim.text) for claim in kept.claims.order_by("order")] == [
        (10, "First."),
        (20, "Second."),
    ]
    assert kept.archived_url == ""
    assert ("address", "https://b.example/1") in {(cell.column, cell.gone) for cell in left_out}


def test_empty_cells_are_filled_even_with_an_address_that_is_unique():
    kept = make.make_source(slug="a", url="")
    gone = make.make_source(slug="b", url="https://b.example/1", accessed="2020-01-02")

    merged = merge(kept, gone)

    kept.refresh_from_db()
    assert (kept.url, str(kept.accessed)) == ("https://b.example/1", "2020-01-02")
    undo.undo_import(imported=merged, note="Two works.")
    kept.refresh_from_db()
    assert (kept.url, Source.objects.get(slug="b").url) == ("", "https://b.example/1")


def test_issues_are_merged_with_discussions_accounts_and_positions(client):
    make.make_source(slug="memo")
    kept, gone = make.make_issue(slug="syria"), make.make_issue(slug="syria-2", title="Syria war")
    meeting = make.make_meeting(slug="geneva")
    make.make_discussion(meeting=meeting, issue=gone)
    make.make_account(meeting=meeting, issue=gone, government="RU", text="Stated [@memo].")
    make.make_position(issue=kept, government="US", text="Ours [@memo].")
    make.make_position(issue=gone, government="US", text="Theirs [@memo].")
    make.make_position(issue=gone, government="RU", text="Russian [@memo].")

    (asked,) = plan(kept, gone).choice.conflicts
    merge(kept, gone, choices={asked.name: answer(asked, YOURS)})

    assert (asked.key, asked.theirs) == (("syria", "US"), "Theirs [@memo].")
    assert meeting.discussions.get().issue == kept
    assert meeting.accounts.get().issue == kept
    assert {(p.government.code, p.text) for p in kept.positions.all()} == {
        ("US", "Ours [@memo]."),
        ("RU", "Russian [@memo]."),
    }
    for page in ("/", "/issues/", "/changes/", "/changes.atom", "/corrections/", "/sitemap.xml"):
        assert client.get(page).status_code == 200, page
    for ending in ("", "history/", "r1/", "r1/changes/"):
        response = client.get(f"/issues/syria-2/{ending}")
        assert (response.status_code, response["Location"]) == (301, "/issues/syria/")


def test_undo_brings_both_back_as_they_were(client, people):
    kept, gone = people
    record_loaded()
    rows = [kept, gone, *Meeting.objects.order_by("pk")]
    before = {row.slug: snapshot(row) for row in rows}
    seen = Actor.objects.get(pk=gone.pk).first_public_at
    merged = merge(kept, gone)

    undone = undo.undo_import(imported=merged, note="Two men.")

    assert not undo.kept_rows(undone).exists()
    back = Actor.objects.get(slug="putin-2")
    assert (back.pk, back.first_public_at) == (gone.pk, seen)
    assert {slug: snapshot(row) for slug, row in zip(before, rows, strict=True)} == before
    assert not Redirect.objects.exists()
    assert client.get("/people/putin-2/").status_code == 200


def test_undo_leads_addresses_of_what_was_merged_before_to_the_row_that_comes_back(client):
    first, second, third = (make.make_actor(slug=slug) for slug in ("a", "b", "c"))
    make.make_reaction(actors=[first, second, third])
    merge(second, first)
    second.refresh_from_db()
    merged = merge(third, second)
    assert client.get("/people/a/")["Location"] == "/people/c/"

    undo.undo_import(imported=merged, note="Two men.")

    assert client.get("/people/a/")["Location"] == "/people/b/"
    assert client.get("/people/b/").status_code == 200


def test_undo_brings_back_markers_in_notes_and_claims_on_issues():
    first, second = make.make_source(slug="memo"), make.make_source(slug="memo-b")
    letter = make.make_source(slug="letter", note="After [@memo-b].")
    merged = merge(first, second)
    undo.undo_import(imported=merged, note="Two works.")
    letter.refresh_from_db()
    assert letter.note == "After [@memo-b]."

    one, other = make.make_issue(slug="one"), make.make_issue(slug="other")
    make.make_claim(source=letter).issues.set([other])
    merged = merge(one, other)
    assert letter.claims.get().issues.get() == one
    undo.undo_import(imported=merged, note="Two issues.")
    assert letter.claims.get().issues.get() == other


def test_plan_that_something_changed_since_is_refused(people):
    kept, gone = people
    seen = plan(kept, gone).digest
    geneva = Meeting.objects.get(slug="geneva")
    acts.save(entry=geneva, after=changing(geneva, title="Another"), note="Changed.")

    with pytest.raises(Refused, match="changed since you looked"):
        merges.apply_merge(kept=kept, gone=gone, seen=seen, note=NOTE)

    assert Actor.objects.filter(slug="putin-2").exists()


def test_merge_asks_for_the_rights_of_its_acts_and_a_note(people):
    kept, gone = people
    with pytest.raises(PermissionDenied, match="You may not publish"):
        merge(kept, gone, user=make.make_member("writer"))
    editor = make.make_member("editor")
    with pytest.raises(Refused, match="Write a change note"):
        merge(kept, gone, user=editor, note=" ")
    merge(kept, gone, user=editor)

    assert not Actor.objects.filter(slug="putin-2").exists()


def test_open_change_of_what_goes_refuses_and_one_that_names_it_is_published_with_the_kept(people):
    kept, gone = people
    record_loaded()
    geneva = Meeting.objects.get(slug="geneva")
    for row in (geneva, gone):
        row.refresh_from_db()
        name = "title" if row == geneva else "description"
        after = changing(row, **{name: "Changed"})
        proposals.save_proposal(entry=row, after=after, seen=0, seen_revision=row.revision)

    with pytest.raises(Refused, match=r"has a proposal\. Publish or discard it first"):
        merge(kept, gone)
    proposals.discard_proposal(entry=gone, seen=1)
    merge(kept, gone)
    geneva.refresh_from_db()
    proposals.publish_proposal(entry=geneva, seen=1, seen_revision=geneva.revision, note="Ready.")

    geneva.refresh_from_db()
    assert (geneva.title, geneva.participations.get().actor) == ("Changed", kept)


def test_public_issue_is_not_merged_into_a_draft():
    public, draft = make.make_issue(), make.make_issue(status="draft")

    with pytest.raises(Refused, match="readers would be led to nothing"):
        merge(draft, public)


def test_what_was_public_leads_to_what_answers(client):
    kept, gone = make.make_place(slug="oslo"), make.make_place(slug="christiania")
    meeting = make.make_meeting(place=gone)
    record_loaded()
    acts.save(entry=meeting, after=changing(meeting, place=None), note="Elsewhere.")

    merge(kept, gone)

    assert client.get("/places/christiania/")["Location"] == "/places/oslo/"
    assert client.get("/places/oslo/").status_code == 410


def test_files_that_name_what_was_merged_name_the_kept(people, tmp_path):
    kept, gone = people
    memo, old = make.make_source(slug="memo"), make.make_source(slug="memo-b")
    merge(kept, gone)
    merge(memo, old)
    meeting = Meeting.objects.get(slug="geneva")
    rows = [{"meeting": "geneva", "actor": "putin-2", "role": "President"}]
    write(tmp_path, "participations", *rows)
    write(tmp_path, "meetings", {"slug": "geneva", "body": "So [@memo-b]."})

    assert import_file(tmp_path).problems == []

    assert meeting.participations.get().role == "President"
    assert snapshot(meeting)["meetings"][0]["body"] == "So [@memo]."
    twice = write(tmp_path, "participations", *rows, rows[0] | {"actor": "putin"})
    (problem,) = import_file(twice).problems
    assert "which has a row of its own" in problem.problem
    (problem,) = import_file(write(tmp_path, "actors", {"slug": "putin-2", "name": "X"})).problems
    assert "needs a kind" in problem.problem


def test_merged_rows_are_not_offered_for_recovery(people):
    merge(*people)

    assert not deleted_revisions(Actor).exists()


def test_row_is_not_merged_with_itself_another_kind_or_what_is_gone(people):
    kept, _ = people
    for other in (kept, make.make_place()):
        with pytest.raises(Refused, match="another one of the same kind"):
            merges.plan_merge(kept=kept, gone=other)
    with pytest.raises(Refused, match="is gone"):
        merges.plan_merge(kept=kept, gone=Actor(pk=99999))
    assert not Import.objects.exists()
